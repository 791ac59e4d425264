"""OVA-8: govc lists the cluster's templates under the inventory paths that the suite derives."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.ova.imagery import Imagery
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("OVA-8")
def test_govc_lists_same_path(check: Check, site: Site, cluster: Cluster) -> None:
    imagery = Imagery(check, site, cluster)
    listed = imagery.vcenter.govc_paths
    if listed is None:
        check.not_applicable("govc was not run in this look; TKG_CONFORMANCE_GOVC names the program to run")
    used = {str(pool.template.at("spec.template.spec.template") or "") for pool in imagery.pools if pool.template}
    found = {only.moid for each in used if (only := imagery.find(each).only)}
    if not found:
        check.inconclusive(f"no template that {imagery.cluster.name} uses was found; see OVA-6")
    for moid in sorted(found):
        vm = imagery.vms[moid]
        check.examine(vm)
        if vm.path not in listed:
            name = vm.path.rpartition("/")[2]
            like = [each for each in listed if each.rpartition("/")[2] == name]
            check.fail(
                vm,
                expected=f"{vm.path} among the paths that govc find / -type m prints",
                observed=", ".join(like) or f"none of the {len(listed)} paths ends in {name}",
                message=f"govc does not list {vm.ref} under the path that the suite derives",
            )
