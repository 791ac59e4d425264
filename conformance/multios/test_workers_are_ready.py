"""MOS-15: workers of both operating systems are Ready, as many as the machine deployments ask for."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import require_fresh_conditions, require_resource, settled_nodes
from tkg_conformance.conformance.systems import (
    LINUX,
    MULTI_OS,
    WINDOWS,
    cluster_type,
    require_windows,
)
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member, node_system
from tkg_conformance.fixtures.observation.views.transition import replicas_of
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("MOS-15")
def test_workers_are_ready(check: Check, cluster: Cluster) -> None:
    require_windows(check, cluster)
    require_resource(check, cluster)
    require_fresh_conditions(check, cluster)
    settled = settled_nodes(check, cluster)
    workers = [member for member in settled if member.node and not member.is_control_plane]
    for member in workers:
        _judge_node(check, member)
    ready = {node_system(each.node) for each in workers if each.node and _is_ready(each.node)}
    wanted = (LINUX, WINDOWS) if cluster_type(cluster) == MULTI_OS else (WINDOWS,)
    present = {node_system(each.node) for each in workers if each.node}
    for system in wanted:
        # A Node that is there and not Ready is a finding of its own.
        if system not in ready and system not in present:
            check.examine(cluster.ref)
            check.fail(
                cluster.ref,
                expected=f"at least one Ready {system} worker",
                observed=", ".join(sorted(present)) or "no worker Node",
                message=f"{cluster.name} has no {system} worker Node",
            )
    for deployment in cluster.live_deployments:
        _judge_count(check, cluster, deployment)


def _judge_node(check: Check, member: Member) -> None:
    node = member.node
    assert node is not None
    check.examine(node)
    if _is_ready(node):
        return
    condition = node.condition("Ready")
    check.fail(
        node,
        expected="condition Ready True",
        observed=condition.describe() if condition else "no condition Ready",
        message=f"{node.ref} ({node_system(node)}) is not Ready",
        involves=member.objects,
    )


def _judge_count(check: Check, cluster: Cluster, deployment: KubernetesObject) -> None:
    """Judge how many Nodes a machine deployment has; Machines on the move are on their way to its number."""
    own = [m for m in cluster.members if m.owner.deployment is not None and m.owner.deployment.name == deployment.name]
    if any(member.machine_transition or (member.node and member.node_transition) for member in own):
        check.note(f"{deployment.ref} has Machines in transition, so its number of Nodes is not judged")
        return
    check.examine(deployment)
    wanted, found = replicas_of(deployment).desired, sum(member.node is not None for member in own)
    if found < wanted:
        missing = [member.machine.ref for member in own if member.machine and member.node is None]
        check.fail(
            deployment,
            expected=f"{wanted} Nodes",
            observed=f"{found} Nodes" + (f"; without one: {', '.join(missing)}" if missing else ""),
            message=f"{deployment.ref} asks for {wanted} and has {found} Nodes",
            involves=[cluster.ref, *missing],
        )


def _is_ready(node: KubernetesObject) -> bool:
    condition = node.condition("Ready")
    return condition is not None and condition.is_true
