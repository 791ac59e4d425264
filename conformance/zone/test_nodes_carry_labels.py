"""ZONE-8: every Node carries the documented region and zone labels."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import settled_nodes
from tkg_conformance.conformance.zone.placement import dependencies, node_keys
from tkg_conformance.conformance.zone.zoning import ROLES, zoning_of
from tkg_conformance.fixtures.models.topology import UNINITIALIZED_TAINT, family_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("ZONE-8")
def test_nodes_carry_labels(check: Check, site: Site, cluster: Cluster) -> None:
    zoning = zoning_of(check, site, cluster)
    members = settled_nodes(check, cluster)
    if not any(zoning.value(role) for role in ROLES):
        check.inconclusive(
            f"{zoning.source.ref} lists topology categories, and nothing says which of them is the region and which the"
            " zone; name them as region_category and zone_category in the profile"
        )
    keys = node_keys(zoning).both()
    for member in members:
        node = member.node
        if node is None:
            continue
        check.examine(node)
        missing = [key for key in keys if not node.labels.get(key)]
        if missing:
            check.fail(
                node,
                expected=f"non-empty labels {' and '.join(keys)}",
                observed=_observed(node),
                message=f"{node.ref} lacks {' and '.join(missing)}",
                involves=dependencies(zoning, member, "cpi"),
            )


def _observed(node: KubernetesObject) -> str:
    topology = [f"{key}={value}" for key, value in sorted(node.labels.items()) if family_of(key)]
    taints = [taint.get("key") for taint in node.spec.get("taints") or ()]
    waiting = [f"taint {UNINITIALIZED_TAINT}"] if UNINITIALIZED_TAINT in taints else []
    return ", ".join([*topology, *waiting]) or "no topology label"
