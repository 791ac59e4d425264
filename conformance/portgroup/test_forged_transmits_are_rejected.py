"""DVPG-4: forged transmits are rejected on the networks of Windows nodes."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.policies import judge_policy
from tkg_conformance.fixtures.models.portgroup_security import Policy
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-4")
def test_forged_transmits_are_rejected(check: Check, site: Site, cluster: Cluster) -> None:
    judge_policy(check, site, cluster, Policy.FORGED_TRANSMITS)
