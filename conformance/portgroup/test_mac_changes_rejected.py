"""DVPG-3: MAC address changes are rejected."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.rejecting import judge_policy
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-3")
def test_mac_changes_rejected(check: Check, site: Site, cluster: Cluster) -> None:
    judge_policy(check, site, cluster, "macChanges", "MAC address changes")
