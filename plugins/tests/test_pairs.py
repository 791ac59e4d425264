"""Two faults at the same time, of different requirements: neither hides the other."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tkg_conformance.fixtures.faults import Fault
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.plugins import catalogue as catalogues
from tkg_conformance.plugins import checks
from tkg_conformance.plugins.prove import load_faults, looker
from tkg_conformance.plugins.prover import Prover

CATALOGUE = catalogues.load()
SEED = 20261126
PAIRS = 24
QUICK_S = 15.0


def independent(first: Fault, second: Fault) -> bool:
    """Tell whether neither fault is known to take away what the other is found by."""
    one, other = ({each.requirement, *(each.consequences or {})} for each in (first, second))
    return not (one & other) and first.object != second.object


def sample(faults: tuple[Fault, ...]) -> Iterator[tuple[Fault, Fault]]:
    """Return pairs in which no requirement comes twice before every other one came once."""
    chooser = random.Random(SEED)
    quick = [each for each in faults if not each.batch and each.settle_s <= QUICK_S]
    pairs = [pair for pair in itertools.combinations(quick, 2) if independent(*pair)]
    chooser.shuffle(pairs)
    used: dict[str, int] = {}
    for _ in range(PAIRS):
        pair = min(pairs, key=lambda pair: sum(used.get(each.id, 0) for each in pair))
        pairs.remove(pair)
        for each in pair:
            used[each.id] = used.get(each.id, 0) + 1
        yield pair


@pytest.mark.lab
@pytest.mark.slow
def test_both_faults_of_a_pair_are_found(running_lab: Path) -> None:
    look = looker(running_lab / "site-admin.yaml", CATALOGUE, checks.load())
    missed = []
    with LabHandle.open(running_lab) as lab:
        prover = Prover(lab, look, look())
        for pair in sample(load_faults(CATALOGUE)):
            names = " with ".join(each.id for each in pair)
            missed += [f"{names}: {each.id}: {each.why}" for each in prover.prove(pair) if not each.detected]
    assert missed == []


def test_the_sample_is_of_different_requirements_and_always_the_same() -> None:
    pairs = list(sample(load_faults(CATALOGUE)))
    assert pairs == list(sample(load_faults(CATALOGUE)))
    assert len(pairs) == PAIRS
    assert all(first.requirement != second.requirement for first, second in pairs)
    assert len({each.id for pair in pairs for each in pair}) == 2 * PAIRS
