"""DVPG-11: the MAC learning policy of the Windows nodes' port groups is reported."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.networks import require_portgroups, segments_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-11")
def test_mac_learning_is_reported(check: Check, site: Site, cluster: Cluster) -> None:
    segments = segments_of(check, site, cluster)
    for portgroup in check.each(require_portgroups(check, segments)):
        setting = portgroup.props.get("config.defaultPortConfig") or {}
        enabled = (setting.get("macLearning") or {}).get("enabled")
        word = "not stated, which is off (vSphere's default)" if enabled is None else "on" if enabled else "off"
        check.note(f"MAC learning of {portgroup.ref} is {word}")
