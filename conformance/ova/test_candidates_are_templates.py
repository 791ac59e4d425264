"""OVA-2: what answers a cluster's version is marked as template, powered off and was never booted."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.ova.imagery import Imagery
from tkg_conformance.fixtures.models.ova import USER_DATA
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("OVA-2")
def test_candidates_are_templates(check: Check, site: Site, cluster: Cluster) -> None:
    imagery = Imagery(check, site, cluster)
    found = {each.moid: each for pool in imagery.pools for each in imagery.fitting(pool)}
    if not found:
        check.not_applicable(f"no VM in {imagery.datacenter} carries the properties of an image for {imagery.version}")
    for image in found.values():
        vm = imagery.vms[image.moid]
        check.examine(vm)
        wrong = []
        if not image.is_template:
            wrong.append("it is a plain VM")
        if vm.props.get("runtime.powerState") not in (None, "poweredOff"):
            wrong.append(f"it is {vm.props['runtime.powerState']}")
        if USER_DATA in (vm.props.get("config.extraConfig") or ()):
            wrong.append(f"it holds {USER_DATA}, so it was booted as a node")
        if wrong:
            check.fail(
                vm,
                expected=f"a template, poweredOff, without {USER_DATA}",
                observed=", ".join(wrong),
                message=f"{vm.ref} is an image of {image.version} but {' and '.join(wrong)}",
                involves=[pool.ref for pool in imagery.pools if image in imagery.fitting(pool)],
            )
