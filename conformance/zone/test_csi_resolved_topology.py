"""ZONE-11: the CSI driver resolved the topology of every Node, as it is now."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import conclude_hidden, conclude_joins, is_placed, settled_nodes
from tkg_conformance.conformance.zone.csi_topology import csi_node_topology, state_of, topology_labels
from tkg_conformance.conformance.zone.drift import cause_of, is_within_rules
from tkg_conformance.conformance.zone.placement import dependencies, in_force, role_of, unseen_tags
from tkg_conformance.conformance.zone.zoning import ROLES, Zoning, zoning_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("ZONE-11")
def test_csi_resolved_topology(check: Check, site: Site, cluster: Cluster) -> None:
    zoning = zoning_of(check, site, cluster)
    unresolved = []
    hidden: list[str] = []
    for member in settled_nodes(check, cluster):
        node = member.node
        if node is None or (node.labels.get("kubernetes.io/os") == "windows" and not csi_node_topology(cluster, node)):
            continue
        if not is_placed(zoning.vcenter, member):
            unresolved.append(member)
        _judge(check, zoning, member, hidden)
    conclude_hidden(check, hidden)
    conclude_joins(check, unresolved)


def _judge(check: Check, zoning: Zoning, member: Member, hidden: list[str]) -> None:
    node = member.node
    if node is None:
        return
    found = csi_node_topology(zoning.cluster, node)
    ref = zoning.cluster.workload.ref("CSINodeTopology", node.name)
    check.examine(ref)
    involves = dependencies(zoning, member, "csi")
    if found is None or found.status.get("status") != "Success":
        check.fail(
            ref,
            expected="status Success",
            observed=state_of(found),
            message=f"the CSI driver has not resolved the topology of {node.ref}: {state_of(found)}",
            involves=involves,
        )
        return
    labels = topology_labels(found)
    problem = _missing(zoning, labels) or _against_node(node.labels, labels)
    if not problem:
        problem = _against_host(zoning, member, labels)
        actual = in_force(zoning, member, "csi")
        if problem and (unseen := unseen_tags(check, zoning, member, (role for role in ROLES if role not in actual))):
            hidden += unseen
            return
    if not problem:
        return
    values = {role: value for key, value in labels.items() if (role := role_of(zoning, key))}
    wrong = [role for role in ROLES if values.get(role) != in_force(zoning, member, "csi").get(role)]
    if wrong and set(ROLES) <= set(values) and is_within_rules(zoning, member, values, wrong):
        check.note(f"{ref}: {problem}, which its host group's rule allows{cause_of(zoning, member)}")
        return
    check.fail(
        ref,
        expected="the region and zone of the Node and of the tags now in force for its VM",
        observed=", ".join(f"{key}={value}" for key, value in sorted(labels.items())) or "no topology labels",
        message=f"{ref}: {problem}",
        involves=involves,
    )


def _missing(zoning: Zoning, labels: dict[str, str]) -> str | None:
    told = {role_of(zoning, key) for key in labels}
    absent = [role for role in ROLES if role not in told]
    return f"it names no {' and no '.join(absent)}" if absent else None


def _against_node(node_labels: dict[str, str], labels: dict[str, str]) -> str | None:
    """Compare with the Node's labels of the same keys; a label that is absent is ZONE-8's finding."""
    for key, value in sorted(labels.items()):
        if node_labels.get(key) not in (None, value):
            return f"{key} is {value}, on the Node it is {node_labels[key]}"
    return None


def _against_host(zoning: Zoning, member: Member, labels: dict[str, str]) -> str | None:
    if not is_placed(zoning.vcenter, member):
        return None
    actual = in_force(zoning, member, "csi")
    for key, value in sorted(labels.items()):
        role = role_of(zoning, key)
        if role and actual.get(role) != value:
            host = zoning.vcenter.host_of(member.vm)
            where = host.ref if host else "its host"
            return f"{key} is {value}, but {where} is in {role} {actual.get(role) or 'none'}{cause_of(zoning, member)}"
    return None
