"""Collects the results of a session in the controller and writes what the run leaves behind."""

from __future__ import annotations

import json
import uuid
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tkg_conformance import __version__
from tkg_conformance.fixtures.creation.creation import place_of
from tkg_conformance.fixtures.observation.model import Observation
from tkg_conformance.fixtures.observation.views import SiteIndex
from tkg_conformance.fixtures.probes.model import Probes
from tkg_conformance.plugins import handover, probing
from tkg_conformance.plugins.catalogue import Catalogue
from tkg_conformance.plugins.engine import NO_CLUSTER_SCOPE, scopes_of_clusters, unjudged
from tkg_conformance.plugins.environment import environment
from tkg_conformance.plugins.previous import Previous
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.plugins.selection import Selector, describe
from tkg_conformance.plugins.session import OBSERVATION_FILE, ConformanceSession, now
from tkg_conformance.plugins.timeline import MAIN
from tkg_conformance.plugins.topology import topology
from tkg_conformance.reports import decoding, terminal
from tkg_conformance.reports.causes import row_name
from tkg_conformance.reports.layout import Line, wrap
from tkg_conformance.reports.proof_records import ProofRecord
from tkg_conformance.reports.records import SITE_SCOPE, Requirement, Result, Results, RunInfo, RunState, Selection
from tkg_conformance.reports.timeline_records import SpanKind
from tkg_conformance.reports.topology_records import Topology
from tkg_conformance.reports.verdict import ExitCode, run_verdict
from tkg_conformance.reports.words import Tone

PROPERTY = "tkg_result"
"""Name of the user property in which an item's result travels from a worker to the controller, as JSON."""


class Recorder:
    """Registered in the controller only; keeps one result per requirement and scope."""

    def __init__(
        self, catalogue: Catalogue, *, out: Path, command: str, progress: TerminalProgress, shows_rows: bool = False
    ) -> None:
        """`shows_rows` lets the progress show each row that was judged, in the place of pytest's letters."""
        self.catalogue = catalogue
        self.out = out
        self.command = command
        self._progress, self._shows_rows = progress, shows_rows
        self.observation: Observation | None = None
        self.probes: Probes | None = None
        self.selector = Selector()
        self.implemented: frozenset[str] = frozenset()
        self.profile: dict[str, Any] = {}
        self.abort_reason: str | None = None
        self.results: Results | None = None
        self.files: list[str] = []
        self.others_failed = False
        self.creation: dict[str, Any] | None = None
        self.proof: ProofRecord | None = None
        self._index: SiteIndex | None = None
        self._selected = 0
        self.previous = Previous()
        self._uncompared = ""
        self._rows: dict[tuple[str, str], Result] = {}
        self._run_id = str(uuid.uuid4())

    def begin(self, session: ConformanceSession) -> None:
        """Take note of what is judged; until then a run has nothing but a catalogue."""
        self.observation, self.selector, self.catalogue = session.observation, session.selector, session.catalogue
        self.probes, self._index = session.probes, session.judge.index
        self.implemented, self.profile = frozenset(session.judge.checks), session.profile.described()
        self._selected = sum(self.selector.wants(*each) for each in self._all())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the result that an item carries in its report, from this process or from a worker."""
        if report.failed and PROPERTY not in dict(report.user_properties):
            self.others_failed = True
        for name, value in report.user_properties:
            if name == PROPERTY and value:
                result = decoding.record(Result, json.loads(str(value)), "the result of a worker")
                self._rows[result.id, result.scope] = result
                self._timed(result, report)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> Generator[None, Any, Any]:
        """Leave pytest's letter out where a line shows the rows, as it would stand in the midst of it."""
        status = yield
        if self._shows_rows and status and PROPERTY in dict(report.user_properties):
            return status[0], "", ""
        return status

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Mark the run as aborted if a module could not be collected, here or in a worker: its tests are missing."""
        if report.failed:
            self.abort(f"{report.nodeid} could not be collected")

    def abort(self, reason: str) -> None:
        """Mark the run as not having come to its end; the first reason stays."""
        self.abort_reason = self.abort_reason or reason.rstrip(".")

    def finish(self) -> Results:
        """Complete the rows and decide the run's verdict."""
        state = RunState.ABORTED if self.abort_reason else RunState.COMPLETED
        rows = self._complete_rows()
        probed = probing.describe(self.probes)
        verdict, reason = run_verdict(rows, state=state, creation=self.creation, probes=probed.get("probes"))
        profile = {"profile": self.profile} if self.profile else {}
        described = environment(self.observation) | probed | profile
        results = Results(
            run=RunInfo(
                id=self._run_id,
                started=self._progress.timeline.started,
                finished=now(),
                state=state,
                suite_version=__version__,
                command=self.command,
                selection=self._selection(),
                abort_reason=self.abort_reason,
            ),
            environment=described,
            verdict=verdict,
            verdict_reason=reason,
            results=tuple(rows),
            catalogue=self.catalogue.requirements,
            areas=self.catalogue.areas,
            rests_on=self.catalogue.rests_on,
            topology=self._draw(rows, described),
            timeline=self._progress.timeline.spans(),
            creation=self.creation,
            proof=self.proof,
        )
        self.results, self._uncompared = self.previous.compared(results)
        return self.results

    def write(self) -> None:
        """Write every file of the output folder, each atomically.

        Raises:
            ReportsError: in one sentence, if one cannot be written; it says where the results are instead.
        """
        assert self.results is not None
        stored = {OBSERVATION_FILE: "what was seen of the site"} if self.observation else {}
        stored |= {probing.FILE: "what the probes saw"} if self.probes else {}
        self.files, failure = handover.write(self.results, self.out, stored)
        if failure is not None:
            raise failure

    def summary(self, code: ExitCode | None = None) -> list[Line]:
        """Return the closing lines for the terminal; `code` is the exit code if it does not follow from the verdict."""
        assert self.results is not None
        lines = terminal.summary_lines(self.results, files=self.files, code=code)
        why = f"not compared with a previous run: {self._uncompared}" if self._uncompared else ""
        return [*lines, *(Line(text, Tone.QUIET) for text in (wrap(why, 80) if why else ()))]

    def _timed(self, result: Result, report: pytest.TestReport) -> None:
        """Take note of when a row was judged, and by which process."""
        lane = str(getattr(report, "worker_id", MAIN))
        self._progress.timeline.add(lane, row_name(result), SpanKind.CHECK, report.start, report.stop)
        if self._shows_rows:
            self._progress.judged(row_name(result), len(self._rows), self._selected)

    def _draw(self, rows: Iterable[Result], environment: dict[str, Any]) -> Topology | None:
        """Draw the site; a site of an unforeseen shape costs its drawing, which is said, and never the results."""
        if self._index is None:
            return None
        findings = [finding for row in rows for finding in row.findings]
        try:
            return topology(self._index, (name for each in findings for name in (each.object, *each.involves)))
        except Exception as error:
            environment["remarks"] = [f"the site could not be drawn: {place_of(error)}"]
            return None

    def _selection(self) -> Selection:
        return describe(self.catalogue, self.selector)

    def _complete_rows(self) -> list[Result]:
        rows = []
        for requirement, scope in self._all():
            row = self._rows.get((requirement.id, scope))
            selected = self.selector.wants(requirement, scope)
            if row is None and not selected:
                reason = self.selector.why_not(requirement, scope)
            elif self.abort_reason:
                reason = f"the run was aborted before: {self.abort_reason}"
            elif self.observation and requirement.id not in self.implemented:
                reason = "this version of the suite has no check for it yet"
            else:
                reason = "the test did not run: deselected by a pytest option, or its worker was lost"
            row = row or unjudged(requirement, scope, reason)
            rows.append(replace(row, selected=selected))
        return rows

    def _all(self) -> Iterator[tuple[Requirement, str]]:
        """Yield each requirement in each of its scopes."""
        scopes = scopes_of_clusters(self.observation) if self.observation else [NO_CLUSTER_SCOPE]
        for requirement in self.catalogue.requirements:
            yield from ((requirement, scope) for scope in ([SITE_SCOPE] if requirement.scope == SITE_SCOPE else scopes))
