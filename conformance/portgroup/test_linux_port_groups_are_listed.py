"""DVPG-9: port groups that only Linux nodes use are listed."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.networks import listed, segments_of
from tkg_conformance.fixtures.models.portgroup_security import POLICIES
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-9")
def test_linux_port_groups_are_listed(check: Check, site: Site, cluster: Cluster) -> None:
    segments = segments_of(check, site, cluster)
    windows = {each.ref for each in segments.portgroups}
    found = {each.portgroup.ref: each.portgroup for each in segments.others if each.portgroup is not None}
    further = [portgroup for ref, portgroup in sorted(found.items()) if ref not in windows]
    if not further:
        check.not_applicable("no Linux node is on another port group than the Windows nodes")
    for portgroup in further:
        check.examine(portgroup)
    for sentence in listed(further, segments, POLICIES):
        check.note(f"used by Linux nodes only, not judged: {sentence}")
