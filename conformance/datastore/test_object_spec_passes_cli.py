"""DSC-12: a policy-only object spec passes the Tanzu CLI."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.datastore.storage import naming, place_of
from tkg_conformance.conformance.subjects import require_class_based
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.intent import topology_variables
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DSC-12")
def test_object_spec_passes_cli(check: Check, site: Site, cluster: Cluster) -> None:
    if naming(cluster) is None:
        check.not_applicable(f"neither the configuration of {cluster.name} nor any hop names a storage policy")
    if not cluster.intent.is_known:
        check.inconclusive(f"the configuration of {cluster.name} is not in the site file; name it there")
    if cluster.intent.is_flat:
        check.not_applicable(f"{cluster.name} was created from a flat configuration file, not from an object spec")
    require_class_based(check, cluster, "is applied with kubectl and not created from an object spec by the CLI")
    setting = cluster.intent.ref(variables.STORAGE_POLICY)
    places = [place_of(topology_variables(each.get("spec") or {})) for each in cluster.intent.documents("Cluster")]
    named = [each for each in places if each.get("storagePolicyID")]
    if not named:
        check.not_applicable(f"the object spec of {cluster.name} names no storage policy")
    for place in named:
        check.examine(setting)
        if not place.get("datastore"):
            check.fail(
                setting,
                expected="a route on which the policy is not lost",
                observed="an object spec with vcenter.storagePolicyID and no vcenter.datastore",
                message=f"tanzu cluster create -f may refuse the object spec of {cluster.name}: it names no datastore",
            )
