"""No verdict and no finding depends on the order in which a server lists its objects."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest

from conformance.tests import (
    ova_site,
    test_identity_rows,
    test_multios_rows,
    test_portgroup_rows,
    test_storage_rows,
    test_zone_rows,
)
from conformance.tests.builder import Sample, healthy
from conformance.tests.judging import Case, catalogue, functions
from conformance.tests.multios_site import multi_os
from conformance.tests.storage_changes import stored
from fixtures.observation.tests.shuffling import shuffled
from tkg_conformance.fixtures.observation.model import Observation
from tkg_conformance.plugins.engine import Judge
from tkg_conformance.reports.records import Result

SEEDS = range(3)
WORDS = re.compile(r"[^\s,;]+")
Site = Callable[[], Sample]
BROKEN: list[tuple[Site, Case]] = [
    (site, case)
    for site, rows in (
        (healthy, test_zone_rows),
        (healthy, test_identity_rows),
        (healthy, test_portgroup_rows),
        (multi_os, test_multios_rows),
        (stored, test_storage_rows),
    )
    for case in rows.VIOLATIONS
]


def with_images() -> Sample:
    return ova_site.site(with_releases=True)


def told(result: Result) -> tuple[object, ...]:
    """Return what a result says; what it enumerates comes in the record's order, which is sorted."""
    findings = {
        (
            each.object,
            frozenset(each.involves),
            *(tuple(sorted(WORDS.findall(text))) for text in (each.observed, each.message)),
        )
        for each in result.findings
    }
    return result.verdict, result.blocked_by, frozenset(result.examined.objects), frozenset(findings)


def judge(observation: Observation) -> Judge:
    return Judge(observation, catalogue(), functions())


@pytest.mark.parametrize("site", [healthy, multi_os, with_images, stored])
def test_a_healthy_site_is_judged_alike_in_every_order(site: Site) -> None:
    observation = site().build()
    expected = {(each.id, each.scope): told(each) for each in judge(observation).all_results()}
    for seed in SEEDS:
        results = judge(shuffled(observation, Random(seed))).all_results()
        assert {(each.id, each.scope): told(each) for each in results} == expected, f"seed {seed}"


@pytest.mark.parametrize(("site", "case"), BROKEN, ids=lambda each: each.name if isinstance(each, Case) else "")
def test_a_broken_site_is_judged_alike_in_every_order(site: Site, case: Case) -> None:
    sample = site()
    case.change(sample)
    observation = sample.build()
    expected = told(judge(observation).result(case.requirement, case.scope))
    assert expected[0] is case.verdict
    for seed in SEEDS:
        other = judge(shuffled(observation, Random(seed))).result(case.requirement, case.scope)
        assert told(other) == expected, f"seed {seed}"
