"""ZONE-9: Node labels agree with where the Node's VM runs now."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import conclude_hidden, conclude_joins, is_placed, settled_nodes
from tkg_conformance.conformance.zone.drift import cause_of, is_within_rules
from tkg_conformance.conformance.zone.placement import dependencies, in_force, node_keys, unseen_tags
from tkg_conformance.conformance.zone.zoning import ROLES, Zoning, zoning_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("ZONE-9")
def test_labels_match_present_host(check: Check, site: Site, cluster: Cluster) -> None:
    zoning = zoning_of(check, site, cluster)
    members = settled_nodes(check, cluster)
    keys = dict(zip(ROLES, node_keys(zoning).both(), strict=True))
    labelled = [
        member for member in members if member.node and all(member.node.labels.get(key) for key in keys.values())
    ]
    if not labelled:
        check.inconclusive(f"no Node of {cluster.name} carries the labels; see ZONE-8")
    hidden: list[str] = []
    for member in labelled:
        if is_placed(zoning.vcenter, member):
            _judge(check, zoning, member, keys, hidden)
    conclude_hidden(check, hidden)
    conclude_joins(check, [member for member in labelled if not is_placed(zoning.vcenter, member)])


def _judge(check: Check, zoning: Zoning, member: Member, keys: dict[str, str], hidden: list[str]) -> None:
    node = member.node
    if node is None:
        return
    check.examine(node)
    actual = in_force(zoning, member, "cpi")
    labels = {role: node.labels[key] for role, key in keys.items()}
    wrong = [role for role in ROLES if labels[role] != actual.get(role)]
    if not wrong:
        return
    if unseen := unseen_tags(check, zoning, member, (role for role in wrong if role not in actual)):
        hidden += unseen
        return
    host = zoning.vcenter.host_of(member.vm)
    where = host.ref if host else "no host"
    shown = ", ".join(f"{role} {labels[role]}" for role in wrong)
    now = ", ".join(f"{role} {actual.get(role) or 'none'}" for role in wrong)
    cause = cause_of(zoning, member)
    if is_within_rules(zoning, member, labels, wrong):
        check.note(
            f"{node.ref} is labelled {shown} and runs on {where} ({now}), which its host group's rule allows{cause}"
        )
        return
    check.fail(
        node,
        expected=f"labels equal to the tags in force on {where}: {now}",
        observed=shown,
        message=f"{node.ref} is labelled {shown}, but its VM runs on {where} ({now}){cause}",
        involves=dependencies(zoning, member, "cpi"),
    )
