"""The options about what a lab stands on reach the lab, once, and the gaps name outcomes that exist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tkg_conformance.fixtures import lab
from tkg_conformance.fixtures.lab import Providers
from tkg_conformance.fixtures.vsphere import simulator_gaps
from tkg_conformance.fixtures.vsphere.simulator_gaps import Gap
from tkg_conformance.plugins import catalogue, session
from tkg_conformance.plugins.options import Options
from tkg_conformance.plugins.progress import TerminalProgress


def test_a_fresh_lab_is_started_on_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, Providers]] = []

    def up(directory: Path, *, scenario: str, providers: Providers, progress: Any) -> None:
        asked.append((scenario, providers))

    monkeypatch.setattr(lab, "up", up)
    options = Options(lab="", scenario="vcenter-only", vcenter="container", vcenter_image="vmware/vcsim:v0.52.0")
    with session.lab_for(options, TerminalProgress()):
        pass
    assert asked == [("vcenter-only", Providers(vcenter="container", vcenter_image="vmware/vcsim:v0.52.0"))]


def test_every_gap_names_outcomes_of_the_catalogue() -> None:
    known = {requirement.id for requirement in catalogue.load().requirements}
    gaps = [value for value in vars(simulator_gaps).values() if isinstance(value, Gap)]
    assert len(gaps) >= 12
    assert [item for gap in gaps for item in gap.requirements if item not in known] == []
    assert len({gap.id for gap in gaps}) == len(gaps)
