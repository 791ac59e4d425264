"""OVA-5: a VSPHERE_TEMPLATE with a path is a full inventory path in the cluster's datacenter and finds one template."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.ova.imagery import VM, Imagery
from tkg_conformance.conformance.ova.naming import hint
from tkg_conformance.conformance.subjects import conclude_hidden, may_hide
from tkg_conformance.fixtures.models import templates
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("OVA-5")
def test_image_path_is_well_formed(check: Check, site: Site, cluster: Cluster) -> None:
    if not cluster.intent.is_known:
        check.inconclusive(f"the site file names no configuration of {cluster.name}, so VSPHERE_TEMPLATE is not known")
    imagery = Imagery(check, site, cluster)
    wanted = imagery.configured()
    if not wanted or "/" not in wanted:
        check.not_applicable(f"VSPHERE_TEMPLATE of {cluster.name} is {'a name: ' + wanted if wanted else 'not set'}")
    check.examine(imagery.setting())
    for slip in templates.slips(wanted, imagery.datacenter):
        _fail(check, imagery, wanted, slip)
    if check.findings:
        return
    if wanted.endswith("/"):
        check.note(f"VSPHERE_TEMPLATE {wanted} ends in a slash, which govmomi leaves out")
    lookup = imagery.find(wanted)
    if not lookup.machines and not lookup.refused and may_hide(check, imagery.vcenter, f"{VM} {wanted}", VM):
        conclude_hidden(check, [f"{VM} {wanted}"])
    elif lookup.error:
        _fail(check, imagery, wanted, lookup.error)
    for found in lookup.machines if len(lookup.machines) == 1 else ():
        vm = imagery.vms[found.moid]
        check.examine(vm)
        if vm.props.get("config.template") is not True:
            _fail(check, imagery, wanted, f"{found.path} is a plain VM and no template", vm.ref)


def _fail(check: Check, imagery: Imagery, wanted: str, observed: str, *involved: str) -> None:
    check.fail(
        imagery.setting(),
        expected=f"{imagery.datacenter}/{templates.VM_FOLDER}/FOLDER/IMAGE, resolving to one template",
        observed=f"{wanted}: {observed}",
        message=f"VSPHERE_TEMPLATE {wanted}: {observed}{hint(wanted, imagery)}",
        involves=[*involved, *(imagery.ref(each.moid) for each in imagery.find(wanted).machines)],
    )
