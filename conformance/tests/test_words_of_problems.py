"""Every collection that a check looks at is one whose failed read a collector can report, in the same words."""

from __future__ import annotations

import pytest

from conformance.tests.builder import SERVER, healthy
from conformance.tests.judging import judge
from tkg_conformance.fixtures.kube.kinds import MANAGEMENT, workload
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.observation import wanted
from tkg_conformance.fixtures.observation.model import CONFIGURATION, Problem
from tkg_conformance.fixtures.observation.segments import KINDS
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.reports.records import Verdict

CLUSTERS = ("dev/wl1", "dev/wl2")


def reportable() -> set[tuple[str, str]]:
    """Return (plane, collection) of every read that can fail at the constructed site."""
    vcenter = {*wanted.INVENTORY, *KINDS, "tags", "policies", "events", "accounts", "govc"}
    management = {*(kind.name for kind in MANAGEMENT), "Secret"}
    guest = {*(kind.name for kind in workload(variables.CSI_NAMESPACES)), "Secret", "ConfigMap"}
    return {
        *((f"vcenter:{SERVER}", what) for what in vcenter),
        *(("management", what) for what in management),
        *((f"workload:{name}", what) for name in CLUSTERS for what in guest),
        *((f"{CONFIGURATION}:{name}", CONFIGURATION) for name in CLUSTERS),
    }


def looked_at(monkeypatch: pytest.MonkeyPatch, *, topology_categories: bool) -> set[tuple[str, str]]:
    """Judge everything and return what the checks looked at."""
    seen: set[tuple[str, str]] = set()
    original = Site.touched_problems

    def recording(site: Site) -> list[Problem]:
        seen.update(site.touched.seen)
        return original(site)

    monkeypatch.setattr(Site, "touched_problems", recording)
    judge(healthy(topology_categories=topology_categories)).all_results()
    return seen


@pytest.mark.parametrize("topology_categories", [False, True])
def test_checks_look_only_at_what_collectors_can_report(
    monkeypatch: pytest.MonkeyPatch, topology_categories: bool
) -> None:
    seen = looked_at(monkeypatch, topology_categories=topology_categories)
    assert len(seen) > 30
    assert seen - reportable() == set()


@pytest.mark.parametrize(("plane", "what"), sorted(reportable()))
def test_a_failed_read_is_never_a_verdict_on_the_site(monkeypatch: pytest.MonkeyPatch, plane: str, what: str) -> None:
    sample = healthy()
    sample.problems.append(Problem(plane, what, "the read failed"))
    rows = [row for row in judge(sample).all_results() if row.verdict is Verdict.INCONCLUSIVE]
    unsettled = [row for row in rows if "the read failed" in row.reason]
    assert bool(unsettled) is ((plane, what) in looked_at(monkeypatch, topology_categories=False))
