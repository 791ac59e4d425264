"""DVPG-1: the networks of all Windows nodes are identified."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.networks import Adapter, segments_of, windows_members
from tkg_conformance.conformance.subjects import conclude_hidden, conclude_joins, may_hide
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-1")
def test_networks_are_identified(check: Check, site: Site, cluster: Cluster) -> None:
    segments = segments_of(check, site, cluster)
    hidden: list[str] = []
    for adapter in check.each(segments.windows):
        if adapter.portgroup is not None:
            continue
        if not adapter.device.get("portgroupKey"):
            check.inconclusive(f"{adapter.ref} is on {adapter.network}, {_where(adapter)}")
        if may_hide(check, segments.vcenter, adapter.network, "DistributedVirtualPortgroup"):
            hidden.append(adapter.network)
            continue
        check.fail(
            adapter.vm,
            expected="an adapter on a distributed port group that exists",
            observed=f"{adapter.network}, which does not exist",
            message=f"{adapter.ref} is on a port group that does not exist",
        )
    with_adapters = {adapter.vm.ref for adapter in segments.windows}
    found = windows_members(cluster)
    for member in found:
        if member.vm is not None and member.vm.ref not in with_adapters:
            check.examine(member.vm)
            check.fail(
                member.vm,
                expected="a network adapter",
                observed="none",
                message=f"{member.vm.ref} of a Windows node has no network adapter",
            )
    for portgroup in segments.declared:
        check.examine(portgroup)
    conclude_hidden(check, hidden)
    conclude_joins(check, (each for each in found if each.vm is None and each.machine_transition is None))


def _where(adapter: Adapter) -> str:
    if adapter.device.get("opaqueNetworkId"):
        return "whose policy lies in NSX; look there for the segment's security profiles"
    return "whose policy lies on each host; look at the standard switch of the VM's host"
