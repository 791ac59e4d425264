"""DVPG-8: the port group rules hold for Windows and multi-OS clusters only."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.networks import windows_deployments
from tkg_conformance.conformance.subjects import require_resource
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-8")
def test_rules_are_scoped(check: Check, cluster: Cluster) -> None:
    require_resource(check, cluster)
    deployments = windows_deployments(cluster)
    if not deployments:
        check.not_applicable(f"{cluster.name} has no Windows machine deployment")
    for deployment in check.each(deployments):
        if cluster.intent.type == "linux":
            check.fail(
                deployment,
                expected="no Windows workers in a cluster that is declared linux",
                observed=f"{deployment.ref} of Windows workers",
                message=f"{cluster.name} is declared linux and has Windows workers; the rules are applied all the same",
            )
