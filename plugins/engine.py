"""Judges an observation: one result per requirement and scope, causes told from consequences.

Judging is pure and cheap, so a requirement's possible causes are judged along with it (each once) and it knows by
itself whether it is BLOCKED; no order of tests and no exchange between workers is needed.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tkg_conformance.fixtures.observation.model import Observation, Problem
from tkg_conformance.fixtures.observation.views import Site, SiteIndex
from tkg_conformance.fixtures.observation.views.touch import EVERYTHING
from tkg_conformance.fixtures.probes.model import Probes
from tkg_conformance.plugins.catalogue import Catalogue
from tkg_conformance.plugins.confirmation import weighed
from tkg_conformance.reports.check import Check, Inconclusive, NotApplicable
from tkg_conformance.reports.records import SITE_SCOPE, Finding, Level, Requirement, Result, Verdict

CheckFunction = Callable[..., None]

NOT_IMPLEMENTED = "this version of the suite has no check for it yet"
NO_CLUSTER_SCOPE = "cluster"
"""Scope of a cluster's requirement where the site file names no cluster."""


class Judge:
    """Judges one observation; results are computed on demand and kept."""

    def __init__(
        self,
        observation: Observation,
        catalogue: Catalogue,
        checks: Mapping[str, CheckFunction],
        probes: Probes | None = None,
    ) -> None:
        self.observation = observation
        self.catalogue = catalogue
        self.checks = dict(checks)
        self.index = SiteIndex.of(observation, probes)
        self._judged: dict[tuple[str, str], Result] = {}
        self._attributed: dict[tuple[str, str], Result] = {}
        self._touched: dict[tuple[str, str], frozenset[tuple[str, str]]] = {}

    def scopes(self, requirement: Requirement) -> list[str]:
        """Return the scopes in which a requirement is judged: the site, or each cluster of the site file."""
        if requirement.scope == SITE_SCOPE:
            return [SITE_SCOPE]
        return scopes_of_clusters(self.observation)

    def site(self) -> Site:
        """Return a view of the observed site that shares the judge's indexes."""
        return Site(self.index)

    def result(self, id_: str, scope: str) -> Result:
        """Return the verdict on a requirement in a scope, as FAIL or, if wholly explained by a cause, as BLOCKED."""
        key = (id_, scope)
        if key not in self._attributed:
            result = self._own(id_, scope)
            self._attributed[key] = self._attribute(result) if result.verdict is Verdict.FAIL else result
        return self._attributed[key]

    def touched(self, id_: str, scope: str) -> frozenset[tuple[str, str]]:
        """Return the (plane, collection) that a requirement's check looked at in a scope."""
        self._own(id_, scope)
        return self._touched.get((id_, scope), frozenset())

    def all_results(self) -> list[Result]:
        """Return every requirement of the catalogue in every scope of this site."""
        return [
            self.result(requirement.id, scope)
            for requirement in self.catalogue.requirements
            for scope in self.scopes(requirement)
        ]

    def _own(self, id_: str, scope: str) -> Result:
        key = (id_, scope)
        if key not in self._judged:
            started = time.perf_counter()
            result = self._judge(self.catalogue.requirement(id_), scope)
            self._judged[key] = replace(result, duration_s=round(time.perf_counter() - started, 6))
        return self._judged[key]

    def _judge(self, requirement: Requirement, scope: str) -> Result:
        function = self.checks.get(requirement.id)
        if function is None:
            return unjudged(requirement, scope, NOT_IMPLEMENTED)
        if scope == NO_CLUSTER_SCOPE:
            return unjudged(requirement, scope, "the site file names no workload cluster")
        check = Check(requirement, scope)
        site = self.site()
        verdict: Verdict
        try:
            function(**self._arguments(function, check, site, scope))
        except NotApplicable as stop:
            verdict, reason = Verdict.NOT_APPLICABLE, str(stop)
        except Inconclusive as stop:
            verdict, reason = Verdict.INCONCLUSIVE, str(stop)
        except Exception as error:  # a crash of one check must not lose the others' results
            crash = f"the check crashed: {type(error).__name__}: {error} ({_where(error)})"
            return replace(unjudged(requirement, scope, crash), crashed=True)
        else:
            verdict, reason = check.outcome()
        if verdict is Verdict.INCONCLUSIVE and check.findings:  # a counter-example that was seen stays one
            verdict, reason = check.outcome()
        self._touched[requirement.id, scope] = touched = frozenset(site.touched.seen)
        problems = site.touched_problems()
        if problems:
            verdict = Verdict.INCONCLUSIVE
            reason = "; ".join(in_words(each) for each in problems)
        result = Result(
            id=requirement.id,
            title=requirement.title,
            area=requirement.area,
            level=requirement.level,
            scope=scope,
            verdict=verdict,
            reason=reason,
            examined=check.examined,
            findings=check.findings if verdict is not Verdict.NOT_APPLICABLE else (),
            notes=check.notes,
            rests_on=requirement.rests_on,
        )
        return weighed(result, self.observation.second, touched)

    def _arguments(self, function: CheckFunction, check: Check, site: Site, scope: str) -> dict[str, Any]:
        wanted = inspect.signature(function).parameters
        arguments: dict[str, Any] = {"check": check, "site": site}
        if scope != SITE_SCOPE:
            arguments["cluster"] = site.cluster(scope)
        return {name: arguments[name] for name in wanted}

    def _attribute(self, result: Result) -> Result:
        """Turn a FAIL into BLOCKED if every one of its findings is about an object of a cause's finding."""
        explained: dict[Finding, str] = {}
        for cause in self.catalogue.causes(result.id):
            requirement = self.catalogue.requirement(cause)
            scopes = self.scopes(requirement)
            for scope in [result.scope] if result.scope in scopes else scopes:
                found = self._own(cause, scope)
                if found.verdict is not Verdict.FAIL:
                    continue
                objects = {each.object for each in found.findings}
                for finding in result.findings:
                    if objects.intersection((finding.object, *finding.involves)):
                        explained.setdefault(finding, cause)
        if len(explained) < len(set(result.findings)):
            return result
        names = sorted(set(explained.values()), key=self._root_first)
        return replace(
            result,
            verdict=Verdict.BLOCKED,
            reason=f"explained by {', '.join(names)}: {result.reason}",
            blocked_by=names[0],
        )

    def _root_first(self, id_: str) -> tuple[int, str]:
        return len(self.catalogue.causes(id_)), id_


def scopes_of_clusters(observation: Observation) -> list[str]:
    """Return the clusters of the site file in its order, or the one stand-in scope if it names none."""
    return [cluster.name for cluster in observation.intent.clusters] or [NO_CLUSTER_SCOPE]


def unjudged(requirement: Requirement, scope: str, reason: str, *, selected: bool = True) -> Result:
    """Return the NOT-RUN row of a requirement that no check judged."""
    return Result(
        id=requirement.id,
        title=requirement.title,
        area=requirement.area,
        level=Level(requirement.level),
        scope=scope,
        verdict=Verdict.NOT_RUN,
        reason=reason,
        rests_on=requirement.rests_on,
        selected=selected,
    )


def in_words(problem: Problem) -> str:
    """Say what of the site was not read, and why."""
    if problem.what == EVERYTHING:
        return f"{problem.plane} was not read: {problem.reason}"
    return f"{problem.plane}: {problem.what} not fully read: {problem.reason}"


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "no place known"
    return f"{trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}"
