"""DVPG-1: every adapter of a Windows node is traced to a network whose policy can be read."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.policies import note_unknown
from tkg_conformance.conformance.portgroup.segments import NETWORKS, Adapter, Planned, Segments, segments_of
from tkg_conformance.conformance.portgroup.systems import require_windows
from tkg_conformance.conformance.refusals import refusal_told
from tkg_conformance.conformance.subjects import conclude_hidden, conclude_joins, conclude_sight, may_hide
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-1")
def test_networks_are_identified(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    segments = segments_of(check, site, cluster)
    hidden: list[str] = []
    for adapter in check.each(segments.windows):
        _judge(check, segments, adapter, hidden)
    for vm in segments.without_adapter:
        check.examine(vm)
        check.fail(
            vm,
            expected="a network adapter on a known network",
            observed="no network adapter",
            message=f"{vm.ref} of a Windows node has no network adapter",
        )
    for planned in segments.planned:
        _judge_planned(check, cluster, segments, planned, hidden)
    conclude_hidden(check, hidden)
    conclude_joins(check, segments.unresolved)
    if not check.examined.count:
        check.inconclusive(f"no adapter of a Windows node of {cluster.name} was seen, and no template names a network")
    conclude_sight(check, [segments.vcenter], "VirtualMachine", *NETWORKS)


def _judge(check: Check, segments: Segments, adapter: Adapter, hidden: list[str]) -> None:
    network = adapter.network
    if network is not None:
        if network.unreadable:
            note_unknown(check, network, network.unreadable, hidden)
        return
    backing = adapter.nic.get("portgroupKey") or adapter.nic.get("networkName") or "no network"
    if may_hide(check, segments.vcenter, f"the network {backing} of {adapter.ref}", *NETWORKS):
        hidden.append(f"the network {backing} of {adapter.ref}")
        return
    check.fail(
        adapter.vm,
        expected="each adapter on a network that vCenter shows",
        observed=f"adapter {adapter.nic.get('key', '?')} is connected to {backing}",
        message=f"{adapter.ref} of a Windows node cannot be traced to a network: {backing}",
    )


def _judge_planned(check: Check, cluster: Cluster, segments: Segments, planned: Planned, hidden: list[str]) -> None:
    """Judge what the next Windows machine would be connected to."""
    check.examine(f"{planned.template.ref} network {planned.name}")
    if planned.networks:
        return
    what = f"the network {planned.name} of {planned.template.ref}"
    if planned.is_known:
        check.note(f"{what} is no distributed port group")
    elif may_hide(check, segments.vcenter, what, *NETWORKS):
        hidden.append(what)
    else:
        told = refusal_told([cluster], lambda _, message: planned.name in message)
        check.fail(
            planned.template,
            expected=f"a network {planned.name} in {segments.vcenter.ref}",
            observed=f"no network of this name{told}",
            message=f"{planned.template.ref} connects Windows machines to {planned.name}, which does not exist",
            involves=[planned.deployment],
        )
