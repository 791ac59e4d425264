"""DVPG-8: the port group rules are applied exactly where Windows workers are declared."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.systems import declared_deployments, require_windows, windows_deployments
from tkg_conformance.conformance.subjects import require_resource
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-8")
def test_rules_apply_to_windows(check: Check, cluster: Cluster) -> None:
    require_resource(check, cluster)
    require_windows(check, cluster)
    deployments = [*(each.ref for each in windows_deployments(cluster)), *declared_deployments(cluster)]
    if not deployments:
        check.not_applicable(f"{cluster.name} has no Windows MachineDeployment")
    check.examine(cluster)
    if cluster.intent.type == "linux":
        check.fail(
            cluster.intent.ref("type"),
            expected="windows or multi-os",
            observed=f"linux, while there is {deployments[0]}",
            message=f"the site file calls {cluster.name} a Linux cluster, but it has Windows workers",
            involves=[cluster.ref],
        )
