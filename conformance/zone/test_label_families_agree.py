"""ZONE-16: region and zone labels are uniform and free of contradiction."""

from __future__ import annotations

from collections import Counter

import pytest

from tkg_conformance.conformance.subjects import settled_nodes
from tkg_conformance.conformance.zone.csi_topology import (
    csi_node,
    csi_node_topology,
    registered_keys,
    topology_labels,
)
from tkg_conformance.conformance.zone.placement import dependencies, labels_by_family, node_keys
from tkg_conformance.conformance.zone.zoning import ROLES, Zoning, zoning_of
from tkg_conformance.fixtures.models.topology import family_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.reports.check import Check

Families = dict[str, dict[str, str]]


@pytest.mark.requirement("ZONE-16")
def test_label_families_agree(check: Check, site: Site, cluster: Cluster) -> None:
    zoning = zoning_of(check, site, cluster)
    members = settled_nodes(check, cluster)
    labels = {member.ref: labels_by_family(zoning, member.node.labels.items()) for member in members if member.node}
    counts = Counter(family for found in labels.values() for family in found)
    expected = {family for family, count in counts.items() if 2 * count > len(labels)}
    expected = expected or {family for key in node_keys(zoning).both() if (family := family_of(key))}
    for member in members:
        if member.node is None:
            continue
        check.examine(member.node)
        found = labels[member.ref]
        problem = _not_uniform(found, expected - _absent_by_design(zoning, member)) or _contradiction(
            _with_csi(zoning, member, found)
        )
        if problem:
            csi_ref = cluster.workload.ref("CSINodeTopology", member.node.name)
            check.fail(
                member.node,
                expected="the label families of the other Nodes, all with one region and one zone",
                observed=_shown(_with_csi(zoning, member, found)),
                message=f"{member.node.ref}: {problem}",
                involves=[csi_ref, *dependencies(zoning, member, "cpi"), *cluster.hops.refs("csi")],
            )


def _with_csi(zoning: Zoning, member: Member, found: Families) -> Families:
    """Add what the CSI driver resolved for the Node."""
    resolved = csi_node_topology(zoning.cluster, member.node) if member.node else None
    by_family = labels_by_family(zoning, topology_labels(resolved).items())
    return {**found, **{f"CSINodeTopology {family}": values for family, values in by_family.items()}}


def _absent_by_design(zoning: Zoning, member: Member) -> set[str]:
    """Kubelet sets the CSI driver's labels when the driver registers, which on Windows it need not (MOS-21)."""
    node = member.node
    if node is None or node.labels.get("kubernetes.io/os") != "windows":
        return set()
    return {"csi-domain"} if registered_keys(csi_node(zoning.cluster, node)) is None else set()


def _not_uniform(found: Families, expected: set[str]) -> str | None:
    for family in sorted(expected):
        absent = [role for role in ROLES if role not in found.get(family, {})]
        if absent:
            return f"has no {' and no '.join(absent)} label of the {family} family"
    strange = sorted(found.keys() - expected)
    return f"has labels of the {strange[0]} family, which most Nodes lack" if strange else None


def _contradiction(families: Families) -> str | None:
    for role in ROLES:
        values = {name: found[role] for name, found in families.items() if role in found}
        if len(set(values.values())) > 1:
            told = ", ".join(f"{name} {value}" for name, value in sorted(values.items()))
            return f"its {role} differs between families: {told}"
    return None


def _shown(families: Families) -> str:
    parts = (
        f"{name} {values.get('region', '-')}/{values.get('zone', '-')}" for name, values in sorted(families.items())
    )
    return ", ".join(parts) or "no topology label"
