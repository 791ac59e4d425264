"""DVPG-9: the policies of networks that only Linux nodes use are listed, not judged."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.segments import segments_of
from tkg_conformance.conformance.portgroup.systems import require_windows
from tkg_conformance.fixtures.models.portgroup_security import Policy, effective
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-9")
def test_linux_networks_are_listed(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    found = segments_of(check, site, cluster).linux_only
    if not found:
        check.not_applicable(f"the Linux nodes of {cluster.name} use no other network than its Windows nodes")
    for network in check.each(found):
        said = [f"{policy.label} {effective(network.levels, policy).word}" for policy in Policy]
        check.note(f"{network.ref}: {network.unreadable or ', '.join(said)}")
