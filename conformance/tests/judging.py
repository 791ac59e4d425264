"""Judges constructed observations with the shipped catalogue and checks."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cache

from conformance.tests.builder import Sample
from tkg_conformance.plugins import catalogue as catalogues
from tkg_conformance.plugins import checks
from tkg_conformance.plugins.engine import CheckFunction, Judge
from tkg_conformance.reports.records import Result, Verdict

AREAS = ("zone", "identity", "datastore", "portgroup")
QUIET = {Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.BLOCKED}
"""Verdicts that need no explanation beside another requirement's FAIL."""


@dataclass(frozen=True)
class Case:
    """A change to the healthy site and what it must lead to.

    `others` are the further rows that turn to another word than PASS, NOT-APPLICABLE or BLOCKED, by their verdict.
    """

    change: Callable[[Sample], object]
    requirement: str
    verdict: Verdict
    object: str = ""
    scope: str = "site"
    others: dict[str, Verdict] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.requirement}-{self.change.__name__}"


@cache
def catalogue() -> catalogues.Catalogue:
    return catalogues.load()


@cache
def functions() -> dict[str, CheckFunction]:
    return checks.load()


def judge(sample: Sample) -> Judge:
    """Return a judge of the sample."""
    return Judge(sample.build(), catalogue(), functions())


def result(sample: Sample, requirement: str, scope: str = "site") -> Result:
    """Return one verdict on the sample; a crash of the check is an assertion error."""
    found = judge(sample).result(requirement, scope)
    assert not found.crashed, found.reason
    return found


def scope_of(requirement: str) -> str:
    """Return the scope in which the sample's first cluster, or the site, is judged."""
    return "dev/wl1" if catalogue().requirement(requirement).scope == "cluster" else "site"


def loud(sample: Sample, *, live: bool = False, areas: Collection[str] = AREAS) -> dict[str, Verdict]:
    """Return the rows of these areas whose word is not a quiet one, by requirement."""
    rows = [each for each in judge(sample).all_results() if each.area in areas and (live or each.level != "live")]
    crashed = [f"{each.id}: {each.reason}" for each in rows if each.crashed]
    assert not crashed
    return {each.id: each.verdict for each in rows if each.verdict not in QUIET}


def check(sample: Sample, case: Case) -> None:
    """Assert a case: its verdict, the object in a finding, and that nothing else makes itself heard."""
    case.change(sample)
    found = result(sample, case.requirement, case.scope)
    assert found.verdict is case.verdict, f"{found.verdict}: {found.reason}"
    if case.object:
        assert case.object in [finding.object for finding in found.findings]
    expected = dict(case.others)
    if case.verdict not in QUIET and found.level != "live":
        expected[case.requirement] = case.verdict
    # What a change of one area means for rows of another is in their own tests, and in the faults on the lab.
    assert loud(sample, areas={"zone", "identity", found.area}) == expected
