"""MOS-20: Windows and Linux workloads run and reach each other.

Without its probe the suite judges what runs: a Ready application Pod on a Node of each system shows that both host
workloads. Traffic between them and name resolution are shown by the probe `traffic` only, which this row says then.
"""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.multios.placement import is_component, is_running, node_of, require_pods
from tkg_conformance.conformance.systems import LINUX, WINDOWS, require_multi_os
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.members import node_system
from tkg_conformance.fixtures.probes.model import Caller, Outcome, Probe, ProbeRun
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("MOS-20")
def test_workloads_run_on_both(check: Check, site: Site, cluster: Cluster) -> None:
    require_multi_os(check, cluster)
    run = site.probe(Probe.TRAFFIC, cluster.name)
    if run is not None:
        _judge_calls(check, cluster, run)
        return
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
            f"no Ready application Pod runs on a {missing[0]} Node of {cluster.name}; try it with --probe traffic, or"
            " run one workload on each system and look again"
        )
    check.note(
        f"passive evidence: {seen[LINUX]} and {seen[WINDOWS]} are Ready; traffic between them and DNS were not probed"
    )


def _judge_calls(check: Check, cluster: Cluster, run: ProbeRun) -> None:
    """Judge both calls; one that failed in the whole time is a finding only if the Pod that it called served then."""
    callers = {each.system: each for each in run.callers}
    for event in run.events:
        check.note(f"{event.object}: {event.reason}: {event.message}")
    for system, other in ((LINUX, WINDOWS), (WINDOWS, LINUX)):
        caller, called = callers.get(system), callers.get(other)
        if caller is None or called is None or caller.exit_code is None:
            continue
        check.examine(_name(cluster, caller))
        is_late = called.serves and called.serving < caller.called
        if caller.exit_code != 0 and is_late and run.outcome is Outcome.OUT_OF_TIME:
            check.fail(
                _name(cluster, caller),
                expected=f"a connection to the Service {other} by its name",
                observed=f"the client ended with {caller.exit_code}: {caller.told or 'it said nothing'}",
                message=f"the {system} Pod on {caller.node} does not reach the {other} Pod on {called.node}",
                involves=[cluster.workload.ref("Node", each.node) for each in (caller, called)],
                evidence=run.evidence,
            )
    if not check.findings and run.outcome is not Outcome.COMPLETED:
        check.inconclusive(f"the probe traffic proves nothing: {run.reason}")


def _name(cluster: Cluster, caller: Caller) -> str:
    namespace, _, name = caller.pod.partition("/")
    return cluster.workload.ref("Pod", name, namespace)
