"""DVPG-6: what a port group of Windows nodes inherits is rejected by its switch."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.policies import note_unknown, undecided
from tkg_conformance.conformance.portgroup.segments import Network, segments_of
from tkg_conformance.conformance.portgroup.systems import require_windows
from tkg_conformance.conformance.subjects import conclude_hidden, conclude_joins
from tkg_conformance.fixtures.models.portgroup_security import Policy, effective, is_inherited, quoted
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-6")
def test_switch_rejects_what_is_inherited(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    segments = segments_of(check, site, cluster)
    unknown: list[str] = []
    concerned = [
        (network, policy)
        for network in segments.networks
        if network.portgroup is not None and not network.unreadable
        for policy in Policy
        if is_inherited(network.levels[0], policy)
    ]
    for network, policy in concerned:
        if reason := undecided(network, policy):
            note_unknown(check, network, reason, unknown)
        else:
            _judge(check, network, policy)
    conclude_hidden(check, unknown)
    conclude_joins(check, segments.unresolved)
    if not concerned:
        if not segments.networks:
            check.inconclusive(f"no network of a Windows node of {cluster.name} was seen; see DVPG-1")
        check.not_applicable("every port group of the Windows nodes states the three policies itself")


def _judge(check: Check, network: Network, policy: Policy) -> None:
    above = network.switch.ref if network.switch else f"the switch above {network.ref}"
    check.examine(f"{above} {policy.label}")
    found = effective(network.levels, policy)
    if found.is_reported:
        check.note(f"{policy.label} of {network.ref}: {found.word}, as vCenter reports it; {above} states nothing")
    if found.value:
        check.fail(
            above,
            expected=f"{policy.label}: Reject on the switch, because {network.ref} inherits it",
            observed=f"{policy.label}: Accept ({quoted(network.levels, policy)})",
            message=f"{network.ref} inherits {policy.label[0].lower()}{policy.label[1:]} in Accept from {above}",
            involves=[network.ref],
        )
