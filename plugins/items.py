"""Turns the suite's test functions into one item per requirement and scope, and judges each; in every worker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tkg_conformance.fixtures.errors import ConformanceError, UsageError
from tkg_conformance.fixtures.observation import store
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.plugins import catalogue, checks, probing
from tkg_conformance.plugins.engine import NO_CLUSTER_SCOPE
from tkg_conformance.plugins.options import read_options
from tkg_conformance.plugins.recorder import PROPERTY
from tkg_conformance.plugins.session import ConformanceSession
from tkg_conformance.reports import decoding
from tkg_conformance.reports.check import Check
from tkg_conformance.reports.records import SITE_SCOPE, Finding, Result, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

RESULT = pytest.StashKey[Result]()
SKIPPED = frozenset({Verdict.BLOCKED, Verdict.NOT_APPLICABLE, Verdict.INCONCLUSIVE, Verdict.NOT_RUN})
XFAILED = frozenset({Verdict.KNOWN_LIMIT, Verdict.UNSUPPORTED, Verdict.DOC_CONFLICT})


class CheckCrashError(Exception):
    """A check ended with an error of its own, so nothing was judged."""


class Items:
    """The pytest object of an active session; its fixtures are the arguments of the suite's tests."""

    def __init__(self, session: ConformanceSession) -> None:
        self.session = session

    @classmethod
    def in_worker(cls, config: pytest.Config, path: str) -> Items:
        """Build the worker's object from the observation that the controller left as a file.

        Raises:
            pytest.UsageError: in one sentence, if the selection is wrong.
        """
        try:
            observation = store.load(Path(path))
            probes = probing.stored(Path(path).with_name(probing.FILE), observation)
            options, known = read_options(config), catalogue.of_session(config)
            return cls(ConformanceSession.of(observation, Path(path), options, known, probes))
        except ConformanceError as error:
            raise pytest.UsageError(str(error)) from error

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Give each test of a requirement its scopes, and the judge the tests of other plugins.

        Raises:
            pytest.Collector.CollectError: in one sentence, if a mark is wrong or names what another test judges.
        """
        try:
            ids = checks.requirement_marks(list(metafunc.definition.iter_markers()))
            if not ids:
                return
            requirement = self.session.catalogue.requirement(ids[0])
            checks.add(self.session.judge.checks, requirement.id, metafunc.function)
        except UsageError as error:
            raise pytest.Collector.CollectError(str(error)) from error
        scopes = [SITE_SCOPE] if requirement.scope == SITE_SCOPE else self.session.scopes
        metafunc.fixturenames.append("tkg_scope")
        metafunc.parametrize("tkg_scope", scopes, ids=[f"{requirement.id} {scope}" for scope in scopes])

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Deselect what the selection leaves out; tests without a requirement are left alone."""
        kept, left_out = [], []
        for item in items:
            key = key_of(item)
            if key is None or self.session.selector.wants(self.session.catalogue.requirement(key[0]), key[1]):
                kept.append(item)
            else:
                left_out.append(item)
        if left_out:
            config.hook.pytest_deselected(items=left_out)
            items[:] = kept

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Judge the item's requirement; a check that crashes is an error of the item."""
        key = key_of(item)
        if key is None:
            return
        result = self.session.judge.result(*key)
        item.stash[RESULT] = result
        item.user_properties.append((PROPERTY, json.dumps(decoding.plain(result))))
        if result.crashed:
            raise CheckCrashError(result.reason)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """Report the verdict to pytest in place of calling the function, which the judge has done."""
        result = pyfuncitem.stash.get(RESULT, None)
        if result is None:
            return None
        # The result has travelled with the report of the setup; once is enough for thousands of examined objects.
        pyfuncitem.user_properties[:] = [
            (name, "" if name == PROPERTY else value) for name, value in pyfuncitem.user_properties
        ]
        if result.verdict is Verdict.FAIL:
            pytest.fail("\n".join(failure_lines(result)), pytrace=False)
        if result.verdict in SKIPPED:
            pytest.skip(f"{result.verdict}: {result.reason}")
        if result.verdict in XFAILED:
            pytest.xfail(f"{result.verdict}: {result.reason}")
        return True

    @pytest.fixture
    def check(self, tkg_scope: str, request: pytest.FixtureRequest) -> Check:
        """The judgement that a test writes into."""
        key = key_of(request.node)
        assert key is not None
        return Check(self.session.catalogue.requirement(key[0]), tkg_scope)

    @pytest.fixture
    def site(self) -> Site:
        """The observed site."""
        return self.session.judge.site()

    @pytest.fixture
    def cluster(self, site: Site, tkg_scope: str) -> Cluster | None:
        """The observed workload cluster of the test's scope; None where the site has none and the judge says so."""
        return None if tkg_scope == NO_CLUSTER_SCOPE else site.cluster(tkg_scope)


def key_of(item: pytest.Item) -> tuple[str, str] | None:
    """Return the requirement id and scope of an item, or None if it is none of the suite's."""
    ids = checks.requirement_marks(list(item.iter_markers()))
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    if not ids or "tkg_scope" not in parameters:
        return None
    return ids[0], str(parameters["tkg_scope"])


def failure_lines(result: Result) -> list[str]:
    """Return what pytest shows of a FAIL: each finding with object, expected, observed and what to do."""
    lines = [f"{result.id} {result.title} [{result.scope}]"]
    for finding in shown(result.findings):
        lines += [
            f"- {finding.object}: {finding.message}",
            f"    expected: {finding.expected}",
            f"    observed: {finding.observed}",
        ]
    if len(result.findings) > len(shown(result.findings)):
        lines.append(f"- and {len(result.findings) - len(shown(result.findings))} more, see results.json")
    remediation = next((each.remediation for each in result.findings if each.remediation), None)
    return [*lines, f"  do: {remediation}"] if remediation else lines


def shown(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Return the findings that fit a terminal."""
    return findings[:10]
