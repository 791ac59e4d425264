"""What changed between two runs, as records that results can carry and every format shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Change(StrEnum):
    """What became of a violation, of a whole row or of one object, from the earlier run to the later one."""

    NEW = "new"
    """Not as required now; before, it was as required, did not apply, or was not there."""
    STILL_BROKEN = "still broken"
    """Not as required in both runs, whatever the message says now."""
    FIXED = "fixed"
    """Not as required before; the later run decided and has nothing against it."""
    GONE = "gone"
    """Not as required before; the later run did not examine it: it is not there any more, or nothing is required."""
    CANNOT_TELL = "cannot tell"
    """One of the two runs did not decide."""
    OTHER = "other"
    """Both runs decided, and said different things, but a violation neither came nor went."""


class Sites(StrEnum):
    """Whether both runs looked at one site."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """One object with a finding in either run; the message is the later run's where it has one."""

    object: str
    change: Change
    message: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One requirement and scope about which the two runs differ; a side is "" where its run has no such row.

    `level` is the later run's where it has the row. `worse` says whether the row counts for the exit code, `reason`
    what a reader needs beside the two words: why it cannot be told, what was waived, which level changed.
    """

    id: str
    title: str
    scope: str
    level: str
    before: str
    after: str
    change: Change
    worse: bool
    reason: str = ""
    objects: tuple[ObjectChange, ...] = ()


@dataclass(frozen=True, slots=True)
class EnvironmentChange:
    """One fact of the site, the selection or the suite that differs; "" where a side lacks it."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """Which run a side of the comparison is; `headline` is its verdict with selection and simulation."""

    id: str
    started: str
    verdict: str
    headline: str
    suite_version: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side.

    `sites_reason` says in a sentence why the sites are the same or not; of different sites nothing should be concluded.
    `unchanged` counts, by verdict, the rows that are alike in both runs. `worse` is true if a row is, or if the run's
    verdict is.
    """

    before: ComparedRun
    after: ComparedRun
    sites: Sites
    sites_reason: str
    worse: bool
    rows: tuple[RowChange, ...] = ()
    environment: tuple[EnvironmentChange, ...] = ()
    unchanged: dict[str, int] = field(default_factory=dict)
