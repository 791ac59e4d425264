"""Runs an active session in the controlling process: observe once, hand the observation to workers, write results."""

from __future__ import annotations

import contextlib
import shlex
from typing import Any

import pytest

from tkg_conformance.fixtures.creation.creation import place_of
from tkg_conformance.fixtures.errors import ConformanceError, UsageError
from tkg_conformance.plugins import catalogue, previous, proofs, styling
from tkg_conformance.plugins.creation import CreationStage
from tkg_conformance.plugins.items import Items
from tkg_conformance.plugins.options import Printed, read_options
from tkg_conformance.plugins.plugin import ITEMS
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.plugins.recorder import Recorder
from tkg_conformance.plugins.session import ConformanceSession, check_usage, lab_for, look
from tkg_conformance.reports.errors import ReportsError
from tkg_conformance.reports.layout import Line
from tkg_conformance.reports.records import Results
from tkg_conformance.reports.verdict import ExitCode, exit_code
from tkg_conformance.reports.words import Tone

USER_ENDED = "ended by the user"


class Controller:
    """Registered in the controller only when there is something to judge."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.options = read_options(config)
        self._lab = contextlib.ExitStack()
        self._progress = TerminalProgress()
        self._creation = CreationStage(self.options, self._progress)
        self._session: ConformanceSession | None = None
        self._code: ExitCode | None = None
        self._failure = ""
        try:
            self._recorder = Recorder(
                catalogue.of_session(config),
                out=self.options.out,
                command=command_line(config),
                progress=self._progress,
                shows_rows=self._progress.is_live and printed(config) is not None,
            )
            self._recorder.proof = proofs.for_results(self.options.proof)
            self._recorder.previous = previous.find(self.options)
        except ConformanceError as error:
            raise pytest.UsageError(str(error)) from error
        config.pluginmanager.register(self._recorder, "tkg-conformance-recorder")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Reach or start what is judged and look at it once, before any worker starts; listing reaches nothing."""
        if self.config.option.collectonly and self.options.observation is None:
            return
        try:
            self._begin()
        except UsageError as error:
            if self._creation.active:  # something may exist, and what becomes of it must be told
                self._leave(str(error))
                pytest.exit("the run was aborted; the reason stands above", returncode=ExitCode.ABORTED)
            self._creation.finish()
            self._lab.close()
            raise pytest.UsageError(str(error)) from error
        except ConformanceError as error:
            self._leave(str(error))
            pytest.exit("the run was aborted; the reason stands above", returncode=ExitCode.ABORTED)
        except BaseException as error:
            self._leave(USER_ENDED if isinstance(error, KeyboardInterrupt) else f"internal error: {place_of(error)}")
            raise

    def pytest_configure_node(self, node: Any) -> None:
        """Tell an xdist worker where the observation lies."""
        if self._session is not None:
            node.workerinput["tkg_observation"] = str(self._session.path.resolve())

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Mark the run as aborted, by the user or by pytest itself; its results are still written."""
        # Session.Interrupted, xdist's own class of that name and pytest.exit are kinds of it or no interrupt at all.
        if type(excinfo.value) is KeyboardInterrupt:
            self._recorder.abort(USER_ENDED)
            return
        self._recorder.abort(f"pytest ended it: {excinfo.value}")
        self._code = ExitCode.ABORTED

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Mark the run as aborted by an error of the suite or of pytest; its text may hold what must not be stored."""
        self._recorder.abort(f"internal error: {place_of(excinfo.value)}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write what the run leaves behind, after the workers have ended; its verdict is the exit code."""
        self._progress.close()
        if self._session is not None and not self.config.option.collectonly:
            session.exitstatus = self._finish(int(session.exitstatus))

    def pytest_unconfigure(self) -> None:
        """Delete a cluster and end a lab that this session brought about and that are still there."""
        self._creation.finish()
        self._lab.close()

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Close with the verdict, causes first, and what to do."""
        if self._recorder.results is not None:
            terminalreporter.write_line("")
            styling.write_to_reporter(self._recorder.summary(self._code), terminalreporter)
            if self._recorder.others_failed:
                terminalreporter.write_line(
                    "A test that judges no requirement failed, or a worker was lost; see below."
                )
        if self._failure:
            terminalreporter.write_line(self._failure, red=True)

    def _begin(self) -> None:
        check_usage(self.options, self._recorder.catalogue)
        site = self._lab.enter_context(lab_for(self.options, self._progress))
        known = self._recorder.catalogue
        observation, path, probes = look(self.options, site, self._progress, known, self._creation)
        self._progress.close()
        self._session = ConformanceSession.of(observation, path, self.options, known, probes)
        self._recorder.begin(self._session)
        self.config.pluginmanager.register(Items(self._session), ITEMS)

    def _leave(self, reason: str) -> None:
        """End before anything could be judged, with valid results that say so."""
        self._progress.close()
        self._recorder.abort(reason)
        self._creation.failed(reason)
        self._finish(ExitCode.ABORTED)
        self._lab.close()
        plain = self.config.option.color == "no"
        if self._recorder.results is not None:
            styling.echo(self._recorder.summary(self._code), err=True, plain=plain)
        if self._failure:
            styling.echo([Line(self._failure, Tone.BAD)], err=True, plain=plain)

    def _finish(self, pytest_status: int) -> int:
        """Write the results, before anything is deleted and again after; return the exit code of the session."""
        if self._creation.active and (reporter := self.config.pluginmanager.get_plugin("terminalreporter")):
            reporter.ensure_newline()  # what deleting says must not stand behind pytest's dots
        if not self._recorder.abort_reason:
            self._creation.judged()
        self._recorder.creation = self._creation.under_way()
        if self._recorder.creation is not None:
            self._write()
        self._recorder.creation = self._creation.finish()
        results = self._write()
        if self._creation.interrupted or self._creation.crashed:
            self._code = ExitCode.INTERRUPTED if self._creation.interrupted else ExitCode.INTERNAL_ERROR
        if self._code is None and pytest_status in (ExitCode.INTERRUPTED, ExitCode.INTERNAL_ERROR, ExitCode.USAGE):
            self._code = ExitCode(pytest_status)
        code = self._code or status(results)
        # A lost worker, or a test that judges no requirement: no verdict tells it, and the session must not look green.
        is_hidden = self._recorder.others_failed and code in (ExitCode.CERTIFIED, ExitCode.CERTIFIED_WITH_WAIVERS)
        return pytest.ExitCode.TESTS_FAILED if is_hidden else code

    def _write(self) -> Results:
        """Complete the results and write every file; one that cannot be written ends the run as aborted."""
        results = self._recorder.finish()
        try:
            self._recorder.write()
        except ReportsError as error:
            self._failure = str(error)
            self._code = ExitCode.ABORTED
        return results


def status(results: Results) -> ExitCode:
    """Return the exit code that follows from the results."""
    return exit_code(results.verdict, selected=sum(row.selected for row in results.results))


def command_line(config: pytest.Config) -> str:
    """Return the command that repeats this session: the one that was printed for it, else pytest's own arguments."""
    said = printed(config)
    return said.command if said else shlex.join(["pytest", *config.invocation_params.args])


def printed(config: pytest.Config) -> Printed | None:
    """Return what the command line printed for this session; None where it is somebody's own pytest."""
    return next((each for each in config.pluginmanager.get_plugins() if isinstance(each, Printed)), None)
