"""DVPG-5: no port of a Windows node overrides the port group's policy."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.networks import require_portgroups, segments_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-5")
def test_ports_do_not_override(check: Check, site: Site, cluster: Cluster) -> None:
    segments = segments_of(check, site, cluster)
    portgroups = require_portgroups(check, segments)
    flags = {each.ref: each.props.get("config.policy") or {} for each in portgroups}
    unknown = [ref for ref, allowed in flags.items() if not allowed]
    if unknown:
        check.inconclusive(f"{unknown[0]} does not tell whether its ports may override the security policy")
    if not any(any(allowed.values()) for allowed in flags.values()):
        for portgroup in portgroups:
            check.examine(portgroup)
        check.not_applicable("no port group of a Windows node allows its ports to override the security policy")
    allowing = next(ref for ref, allowed in flags.items() if any(allowed.values()))
    check.inconclusive(
        f"{allowing} lets each port override the security policy, and single ports are not read; forbid it (Edit "
        "Settings > Advanced), or look at its Ports"
    )
