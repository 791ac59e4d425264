"""DVPG-3: MAC address changes are rejected on the networks of Windows nodes."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.policies import judge_policy
from tkg_conformance.fixtures.models.portgroup_security import Policy
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-3")
def test_mac_changes_are_rejected(check: Check, site: Site, cluster: Cluster) -> None:
    judge_policy(check, site, cluster, Policy.MAC_CHANGES)
