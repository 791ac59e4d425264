"""What one of two compared runs says of a row: whether it decides, or why not, and how heavily it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum, auto

from tkg_conformance.reports.records import SITE_SCOPE, Level, Result, Results, Verdict
from tkg_conformance.reports.same_site import NOTHING_OBSERVED
from tkg_conformance.reports.verdict import EFFECTS, Effect, waived_rows

Key = tuple[str, str]

_VIOLATIONS = (Verdict.FAIL, Verdict.BLOCKED)
_UNDECIDED = (Verdict.INCONCLUSIVE, Verdict.NOT_RUN)


class Standing(Enum):
    """What one run says of a row: whether it has it, whether it decides, and whether it is violated."""

    ABSENT = auto()
    UNDECIDED = auto()
    HELD = auto()
    VIOLATED = auto()


class Weight(IntEnum):
    """How heavily a row weighs on the verdict of its run."""

    NONE = 0
    WAIVED = 1
    UNDECIDED = 2
    VIOLATED = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """What one run says of one row; `word` is the verdict, "" where it lacks the row.

    `why` is why it does not decide, or lacks the row.
    """

    standing: Standing
    row: Result | None = None
    weight: Weight = Weight.NONE
    word: str = ""
    why: str = ""

    @property
    def selected(self) -> bool:
        """Whether the run was asked for the row."""
        return self.row is not None and self.row.selected

    @property
    def objects(self) -> dict[str, str]:
        """The objects with a finding, each with its first message; none where the row was not selected."""
        found: dict[str, str] = {}
        for each in self.row.findings if self.row and self.selected else ():
            found.setdefault(each.object, each.message)
        return found


class Side:
    """One run with its rows at hand; `when` is "before" or "now"."""

    def __init__(self, results: Results, when: str) -> None:
        self.observed = results.environment.get("kind") != NOTHING_OBSERVED
        rows = results.results if self.observed else ()
        self.rows: dict[Key, Result] = {(each.id, each.scope): each for each in rows}
        self._when = when
        self._abort_reason = results.run.abort_reason
        self._ids = {each.id for each in results.catalogue} | {each.id for each in rows}
        self._scopes = {SITE_SCOPE, *(each.scope for each in rows)}
        self._waived = waived_rows(rows, results.waivers)

    def waives(self, key: Key) -> bool:
        """Say whether a waiver of this run accepts the row's violation."""
        return key in self._waived

    def seen(self, key: Key, level: Level) -> Seen:
        """Return what this run says of a row whose level is told by either run."""
        row = self.rows.get(key)
        if row is None:
            return self._missing(key, level)
        word = row.verdict.value
        if not row.selected:
            return Seen(Standing.UNDECIDED, row, Weight.NONE, word, f"not selected {self._when}")
        if row.verdict in _UNDECIDED:
            return Seen(Standing.UNDECIDED, row, self._weight(row), word, f"{word} {self._when}: {row.reason}")
        standing = Standing.VIOLATED if row.verdict in _VIOLATIONS else Standing.HELD
        return Seen(standing, row, self._weight(row), word)

    def _missing(self, key: Key, level: Level) -> Seen:
        id_, scope = key
        if not self.observed:
            weight = Weight.UNDECIDED if level is Level.REQUIRED else Weight.NONE
            reason = f": {self._abort_reason}" if self._abort_reason else ""
            why = f"nothing was observed {self._when}{reason}"
            return Seen(Standing.UNDECIDED, weight=weight, word=Verdict.NOT_RUN.value, why=why)
        if id_ not in self._ids:
            return Seen(Standing.UNDECIDED, why=f"not a requirement of the suite {self._when}")
        if scope in self._scopes:
            return Seen(Standing.UNDECIDED, why=f"not judged in this scope {self._when}")
        return Seen(Standing.ABSENT, why=f"{scope} was not among the clusters {self._when}")

    def _weight(self, row: Result) -> Weight:
        effect = EFFECTS[row.verdict]
        if row.level is not Level.REQUIRED or effect is Effect.NONE:
            return Weight.NONE
        if effect is Effect.INCOMPLETE:
            return Weight.UNDECIDED
        return Weight.WAIVED if self.waives((row.id, row.scope)) else Weight.VIOLATED
