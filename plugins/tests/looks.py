"""One look at a site and its judgement, for tests that compare several."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tkg_conformance.fixtures import sitefile
from tkg_conformance.fixtures.observation.collect import observe
from tkg_conformance.fixtures.observation.model import Observation
from tkg_conformance.plugins import catalogue, checks
from tkg_conformance.plugins.engine import Judge
from tkg_conformance.reports.records import Level, Result, Verdict

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen, the rows that follow from it, and which collections each row looked at."""

    observation: Observation
    rows: dict[Key, Result]
    touched: dict[Key, frozenset[tuple[str, str]]]


def look(site: Path) -> Look:
    """Look at a site once and judge it."""
    return judged(observe(sitefile.load(site, {}), suite_version="test"))


def judged(observation: Observation) -> Look:
    """Judge an observation."""
    judge = Judge(observation, *_checks())
    rows = {(each.id, each.scope): each for each in judge.all_results()}
    return Look(observation, rows, {key: judge.touched(*key) for key in rows})


def settled(seen: Look) -> dict[Key, tuple[Verdict, set[str]]]:
    """Return the verdicts with what was examined, but of live rows, which may change by waiting."""
    return {
        key: (row.verdict, set(row.examined.objects)) for key, row in seen.rows.items() if row.level is not Level.LIVE
    }


def lost(seen: Look) -> set[tuple[str, str]]:
    """Return the collections that were not read, by plane and name."""
    return {(each.plane, each.what) for each in seen.observation.problems}


def assert_nothing_unearned(undisturbed: Look, seen: Look, words: str = "") -> None:
    """Every row has a verdict and a sentence; PASS needs the same objects as before; what was lost decides nothing."""
    assert seen.rows.keys() == undisturbed.rows.keys()
    gone = lost(seen)
    for key, row in seen.rows.items():
        before = undisturbed.rows[key]
        assert not row.crashed, row.reason
        assert row.reason.strip(), key
        assert row.reason.isprintable(), row.reason
        if row.verdict is Verdict.PASS:
            assert before.verdict is Verdict.PASS, key
            assert set(row.examined.objects) == set(before.examined.objects), key
        touched = undisturbed.touched[key] & (gone | {(plane, "*") for plane, _ in gone})
        if touched or any((plane, "*") in gone for plane, _ in undisturbed.touched[key]):
            assert row.verdict is Verdict.INCONCLUSIVE, (key, row.verdict, row.reason)
            assert words in row.reason
        else:
            assert row.verdict in (before.verdict, Verdict.INCONCLUSIVE), (key, row.verdict, row.reason)


@cache
def _checks() -> tuple[Any, Any]:
    return catalogue.load(), checks.load()
