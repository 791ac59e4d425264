"""Records of a proof of detection that a run's results carry too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NotShowable:
    """A requirement that no lab can break, and why."""

    requirement: str
    reason: str


@dataclass(frozen=True)
class Score:
    """Faults found of those tried, and requirements whose faults were all found."""

    detected: int
    seeded: int
    selected: int
    proven: int
    judged: int


@dataclass(frozen=True)
class ShownFault:
    """What the results of a run keep of a fault: all but what was seen of it."""

    id: str
    requirement: str
    scope: str
    sentence: str
    object: str
    expected: str
    observed: str
    detected: bool
    why: str
    duration_s: float


@dataclass(frozen=True)
class ProofRecord:
    """What the results of a run keep of a proof; `same_suite` tells whether the suite that judged is the proven one."""

    schema: str
    suite_version: str
    suite_digest: str
    lab_digest: str
    scenario: str
    same_suite: bool
    finished: str
    complete: bool
    score: Score
    faults: tuple[ShownFault, ...]
    not_showable: tuple[NotShowable, ...]
