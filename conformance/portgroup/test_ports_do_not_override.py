"""DVPG-5: what holds for each port of a Windows node rejects the three policies."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.segments import Adapter, port_level, segments_of
from tkg_conformance.conformance.portgroup.systems import require_windows
from tkg_conformance.conformance.subjects import conclude_joins
from tkg_conformance.fixtures.models.portgroup_security import Level, Policy, effective, quoted
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-5")
def test_ports_do_not_override(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    segments = segments_of(check, site, cluster)
    distributed = [each for each in segments.windows if each.network and each.network.portgroup]
    unseen: list[Adapter] = []
    unset: list[str] = []
    for adapter in distributed:
        level = port_level(adapter)
        if level is not None:
            _judge(check, adapter, level, unset)
        elif _may_override(adapter):
            unseen.append(adapter)
    if unseen and not check.findings:
        check.inconclusive(f"the port of {unseen[0].ref} was not seen, and its port group allows overrides per port")
    if unset and not check.findings:
        check.inconclusive(unset[0])
    conclude_joins(check, segments.unresolved)
    if not check.examined.count:
        check.not_applicable(
            f"no Windows node of {cluster.name} is connected to a distributed port group that allows overrides per port"
        )


def _judge(check: Check, adapter: Adapter, level: Level, unset: list[str]) -> None:
    network = adapter.network
    if network is None or adapter.port is None or network.unreadable:
        return
    check.examine(adapter.port)
    levels = (level, *network.levels)
    for policy in Policy:
        found = effective(levels, policy)
        if found.value is None:
            unset.append(f"{policy.label} is unset on {adapter.port.ref} and above it; that is not Reject")
        elif found.value:
            check.fail(
                adapter.port,
                expected=f"{policy.label}: Reject",
                observed=f"{policy.label}: Accept on {found.source} ({quoted(levels, policy)})",
                message=f"the port of {adapter.ref} accepts {policy.label[0].lower()}{policy.label[1:]}",
                involves=[found.source or network.ref, adapter.vm],
            )


def _may_override(adapter: Adapter) -> bool:
    group = adapter.network.portgroup if adapter.network else None
    return group is not None and any((group.props.get("config.policy") or {}).values())
