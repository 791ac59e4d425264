"""DVPG-6: policies that a port group inherits are rejected by the switch above it."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.networks import in_words, require_portgroups, segments_of
from tkg_conformance.fixtures.models.portgroup_security import POLICIES
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-6")
def test_inherited_is_rejected(check: Check, site: Site, cluster: Cluster) -> None:
    segments = segments_of(check, site, cluster)
    inheriting = [
        (portgroup, policy, found)
        for portgroup in require_portgroups(check, segments)
        for policy in POLICIES
        if (found := segments.effective(portgroup, policy)).from_switch
    ]
    if not inheriting:
        check.not_applicable("every port group of a Windows node states the three policies itself")
    unknown: list[str] = []
    for portgroup, policy, found in inheriting:
        switch = segments.switch_of(portgroup) or portgroup
        check.examine(switch)
        if found.accepts is None:
            unknown.append(f"{policy} of {portgroup.ref} is not known: {found.why}")
        elif found.accepts:
            check.fail(
                switch,
                expected=f"Reject for {policy}",
                observed=in_words(True),
                message=f"{portgroup.ref} inherits {policy} from {switch.ref}, which accepts it",
                involves=[portgroup],
            )
    if unknown and not check.findings:
        check.inconclusive(unknown[0])
