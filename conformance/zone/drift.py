"""Why a Node's labels no longer say where its VM runs: when it moved, and whether the rules allow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tkg_conformance.conformance.zone.failure_domains import machine_domain
from tkg_conformance.conformance.zone.zoning import ZONE, Zoning
from tkg_conformance.fixtures.observation.views.members import Member

MOVES = (
    "VmMigratedEvent",
    "DrsVmMigratedEvent",
    "VmRelocatedEvent",
    "VmFailedOverEvent",
    "VmRestartedOnAlternateHostEvent",
)
"""Events that record a VM's change of host (vSphere API, VmEvent)."""


def cause_of(zoning: Zoning, member: Member) -> str:
    """Return the last recorded move of a member's VM as the end of a sentence."""
    events = zoning.vcenter.events(member.vm, MOVES) if member.vm else []
    if not events:
        return "; it moved, or the tags or labels changed, and the observation holds no event of it"
    last = events[-1]
    return f"; {last.type} at {last.time} by {last.user or 'vCenter'}"


def is_within_rules(zoning: Zoning, member: Member, labels: Mapping[str, str], wrong: Sequence[str]) -> bool:
    """Return whether the Machine's failure domain is a host group whose rule is a preference only.

    Then DRS and HA may move the VM to another zone of the same compute cluster, and only the zone may
    differ.
    """
    domain = next((each for each in zoning.domains if each.name == machine_domain(member)), None)
    if domain is None or list(wrong) != [ZONE] or domain.level(ZONE).type != "HostGroup":
        return False
    same_cluster = zoning.vcenter.compute_of(member.vm) is domain.compute(zoning.vcenter)
    return same_cluster and domain.is_soft(zoning.vcenter) and labels[ZONE] == domain.level(ZONE).tag
