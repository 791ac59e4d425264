"""DVPG-2: promiscuous mode is rejected on the networks of Windows nodes."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.policies import judge_policy
from tkg_conformance.fixtures.models.portgroup_security import Policy
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-2")
def test_promiscuous_mode_is_rejected(check: Check, site: Site, cluster: Cluster) -> None:
    judge_policy(check, site, cluster, Policy.PROMISCUOUS)
