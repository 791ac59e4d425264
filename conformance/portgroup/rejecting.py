"""Judges one of the three policies on every port group of a cluster's Windows nodes."""

from __future__ import annotations

from tkg_conformance.conformance.portgroup.networks import in_words, require_portgroups, segments_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


def judge_policy(check: Check, site: Site, cluster: Cluster, policy: str, words: str) -> None:
    """Fail for each port group on which the policy is in force as Accept; unknown is INCONCLUSIVE, never PASS."""
    segments = segments_of(check, site, cluster)
    unknown: list[str] = []
    for portgroup in check.each(require_portgroups(check, segments)):
        found = segments.effective(portgroup, policy)
        switch = segments.switch_of(portgroup)
        if found.accepts is None:
            unknown.append(f"{portgroup.ref}: {words} is not known: {found.why}")
            check.note(unknown[-1])
        elif found.accepts:
            origin = f", inherited from {switch.ref if switch else 'its switch'}" if found.from_switch else ""
            check.fail(
                portgroup,
                expected="Reject",
                observed=f"{in_words(True)}{origin}",
                message=f"{portgroup.ref} accepts {words}{origin}",
                involves=[switch] if switch and found.from_switch else [],
            )
    if unknown and not check.findings:
        check.inconclusive(unknown[0])
