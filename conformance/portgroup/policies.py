"""How DVPG-2 to DVPG-4 judge one policy of every network of a cluster's Windows nodes."""

from __future__ import annotations

from tkg_conformance.conformance.portgroup.segments import Network, segments_of
from tkg_conformance.conformance.portgroup.systems import require_windows
from tkg_conformance.conformance.subjects import conclude_hidden, conclude_joins
from tkg_conformance.fixtures.models.portgroup_security import Policy, effective, quoted
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


def judge_policy(check: Check, site: Site, cluster: Cluster, policy: Policy) -> None:
    """Demand that every network of the Windows nodes rejects the policy."""
    require_windows(check, cluster)
    segments = segments_of(check, site, cluster)
    unknown: list[str] = []
    for network in segments.networks:
        if reason := undecided(network, policy):
            note_unknown(check, network, reason, unknown)
        else:
            _judge(check, network, policy)
    conclude_hidden(check, unknown)
    conclude_joins(check, segments.unresolved)
    if not segments.networks and not check.findings:
        check.inconclusive(f"no network of a Windows node of {cluster.name} was seen; see DVPG-1")


def undecided(network: Network, policy: Policy) -> str | None:
    """Return why the policy of a network is not known, None if it is."""
    if network.unreadable:
        return network.unreadable
    if effective(network.levels, policy).value is None:
        return f"{policy.label} is unset on {' and '.join(level.name for level in network.levels)}; that is not Reject"
    return None


def note_unknown(check: Check, network: Network, reason: str, unknown: list[str]) -> None:
    """Note why a network cannot be judged; `conclude_hidden` makes it INCONCLUSIVE unless something else fails."""
    unknown.append(f"the policy of {network.ref} was not judged: {reason}")
    check.note(unknown[-1])


def _judge(check: Check, network: Network, policy: Policy) -> None:
    check.examine(network.ref)
    found = effective(network.levels, policy)
    if not found.value:
        return
    check.fail(
        network.ref,
        expected=f"{policy.label}: Reject",
        observed=f"{policy.label}: Accept on {found.source} ({quoted(network.levels, policy)})",
        message=f"{network.ref} accepts {policy.label[0].lower()}{policy.label[1:]} on the network of Windows nodes",
        involves=[found.source or network.ref],
    )
