"""MOS-20: Windows and Linux workloads run and reach each other.

Without probes of its own the suite judges what runs: a Ready application Pod on a Node of each system shows that both
host workloads. Traffic between them and name resolution are shown by a probe only, which this row says.
"""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.multios.placement import is_component, is_running, node_of, require_pods
from tkg_conformance.conformance.systems import LINUX, WINDOWS, node_system, require_multi_os
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("MOS-20")
def test_workloads_run_on_both(check: Check, cluster: Cluster) -> None:
    require_multi_os(check, cluster)
    seen: dict[str, str] = {}
    for pod in require_pods(check, cluster):
        node = node_of(cluster, pod)
        if node is None or is_component(pod) or not is_running(pod):
            continue
        check.examine(pod)
        seen.setdefault(node_system(node), pod.ref)
    missing = [system for system in (LINUX, WINDOWS) if system not in seen]
    if missing:
        check.inconclusive(
            f"no Ready application Pod runs on a {missing[0]} Node of {cluster.name}; run one workload on each system"
            " and look again"
        )
    check.note(
        f"passive evidence: {seen[LINUX]} and {seen[WINDOWS]} are Ready; traffic between them and DNS were not probed"
    )
