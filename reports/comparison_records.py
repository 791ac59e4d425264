"""What changed between two runs, as records that results can carry and every format shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Change(StrEnum):
    """What became of a violated object, or of a row, from one run to the next."""

    NEW = "new"
    """Not as required now; it was before, or the object was not there."""
    STILL_BROKEN = "still broken"
    FIXED = "fixed"
    GONE = "gone"
    """It was not as required before; now it is no longer there, or no longer examined."""
    CANNOT_TELL = "cannot tell"
    """One of the two runs did not decide."""
    OTHER = "other"
    """The verdict's word changed, and neither side is a violation or undecided."""


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """One object with a finding in either run; the message is the newer run's where it has one."""

    object: str
    change: Change
    message: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One requirement and scope whose verdict or findings changed; a side is "" where its run has no such row.

    `worse` says whether it counts for the exit code.
    """

    id: str
    title: str
    scope: str
    level: str
    before: str
    after: str
    change: Change
    worse: bool
    objects: tuple[ObjectChange, ...] = ()


@dataclass(frozen=True, slots=True)
class EnvironmentChange:
    """One fact of the site, the selection or the suite that differs; "" where a side lacks it."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """Which run a side of the comparison is."""

    id: str
    started: str
    verdict: str
    selection: str
    suite_version: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side; rows that are alike in both are only counted.

    `same_site` is False where the two runs looked at different sites, so that nothing should be concluded.
    """

    before: ComparedRun
    after: ComparedRun
    same_site: bool
    rows: tuple[RowChange, ...] = ()
    environment: tuple[EnvironmentChange, ...] = ()
    unchanged: int = 0
    worse: bool = False
