"""OVA-4: a VSPHERE_TEMPLATE without a path is the name of exactly one VM below the datacenter's VM folder."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.ova.imagery import VM, Imagery
from tkg_conformance.conformance.ova.naming import hint
from tkg_conformance.conformance.subjects import conclude_hidden, conclude_sight, may_hide
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("OVA-4")
def test_image_name_is_unique(check: Check, site: Site, cluster: Cluster) -> None:
    if not cluster.intent.is_known:
        check.inconclusive(f"the site file names no configuration of {cluster.name}, so VSPHERE_TEMPLATE is not known")
    imagery = Imagery(check, site, cluster)
    wanted = imagery.configured()
    if not wanted or "/" in wanted:
        check.not_applicable(f"VSPHERE_TEMPLATE of {cluster.name} is {'a path: ' + wanted if wanted else 'not set'}")
    check.examine(imagery.setting())
    lookup = imagery.find(wanted)
    for found in lookup.machines:
        check.examine(imagery.ref(found.moid))
    if not lookup.machines and not lookup.refused and may_hide(check, imagery.vcenter, f"{VM} {wanted}", VM):
        conclude_hidden(check, [f"{VM} {wanted}"])
    elif lookup.error:
        check.fail(
            imagery.setting(),
            expected=f"the name of exactly one VM below {imagery.datacenter}/vm",
            observed=", ".join(each.path for each in lookup.machines) or "no VM of this name",
            message=f"VSPHERE_TEMPLATE {wanted}: {lookup.error}{hint(wanted, imagery)}",
            involves=[imagery.ref(each.moid) for each in lookup.machines],
        )
    conclude_sight(check, [imagery.vcenter], VM)
