"""DVPG-4: forged transmits are rejected."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.rejecting import judge_policy
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-4")
def test_forged_transmits_rejected(check: Check, site: Site, cluster: Cluster) -> None:
    judge_policy(check, site, cluster, "forgedTransmits", "forged transmits")
