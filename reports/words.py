"""The signs and words that every rendering shares, so that a verdict looks the same everywhere and without colour."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from tkg_conformance.reports.records import RunVerdict, Verdict
from tkg_conformance.reports.verdict import Claim


class Tone(StrEnum):
    """What a verdict asks of the reader; the only thing that colour repeats."""

    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    QUIET = "quiet"


GLYPHS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.PASS: "✓",
        Verdict.FAIL: "✗",
        Verdict.BLOCKED: "↳",
        Verdict.KNOWN_LIMIT: "◇",
        Verdict.LIMIT_NOT_OBSERVED: "◆",
        Verdict.UNSUPPORTED: "!",
        Verdict.DOC_CONFLICT: "≠",
        Verdict.NOT_APPLICABLE: "–",
        Verdict.INCONCLUSIVE: "?",
        Verdict.NOT_RUN: "○",
    }
)

MEANINGS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.PASS: "at least one object was examined, and all are as required",
        Verdict.FAIL: "at least one object is not as required",
        Verdict.BLOCKED: "not as required, and fully explained by the violation that is named",
        Verdict.KNOWN_LIMIT: "a limitation that the page itself states was observed",
        Verdict.LIMIT_NOT_OBSERVED: "a limitation that the page states was not observed",
        Verdict.UNSUPPORTED: "the site does what the page calls unsupported",
        Verdict.DOC_CONFLICT: "the page and the implementation disagree; both are quoted",
        Verdict.NOT_APPLICABLE: "its precondition is absent; the precondition is named",
        Verdict.INCONCLUSIVE: "the evidence is missing, unreadable, stale or out of sight",
        Verdict.NOT_RUN: "not judged: not selected, excluded, or the check crashed",
    }
)

TONES: Mapping[Verdict, Tone] = MappingProxyType(
    {
        Verdict.PASS: Tone.GOOD,
        Verdict.FAIL: Tone.BAD,
        Verdict.BLOCKED: Tone.BAD,
        Verdict.KNOWN_LIMIT: Tone.WARN,
        Verdict.LIMIT_NOT_OBSERVED: Tone.GOOD,
        Verdict.UNSUPPORTED: Tone.WARN,
        Verdict.DOC_CONFLICT: Tone.WARN,
        Verdict.NOT_APPLICABLE: Tone.QUIET,
        Verdict.INCONCLUSIVE: Tone.WARN,
        Verdict.NOT_RUN: Tone.WARN,
    }
)

RUN_GLYPHS: Mapping[RunVerdict, str] = MappingProxyType(
    {
        RunVerdict.CERTIFIED: "✓",
        RunVerdict.CERTIFIED_WITH_WAIVERS: "✓",
        RunVerdict.NOT_CERTIFIED: "✗",
        RunVerdict.INCOMPLETE: "?",
        RunVerdict.ABORTED: "■",
    }
)

RUN_TONES: Mapping[RunVerdict, Tone] = MappingProxyType(
    {
        RunVerdict.CERTIFIED: Tone.GOOD,
        RunVerdict.CERTIFIED_WITH_WAIVERS: Tone.WARN,
        RunVerdict.NOT_CERTIFIED: Tone.BAD,
        RunVerdict.INCOMPLETE: Tone.WARN,
        RunVerdict.ABORTED: Tone.BAD,
    }
)

CLAIM_GLYPHS: Mapping[Claim, str] = MappingProxyType(
    {
        Claim.CERTIFIED: "✓",
        Claim.CERTIFIED_WITH_WAIVERS: "✓",
        Claim.NOT_CERTIFIED: "✗",
        Claim.INCOMPLETE: "?",
        Claim.NOT_CLAIMED: "–",
        Claim.NOT_SELECTED: "○",
    }
)

CLAIM_TONES: Mapping[Claim, Tone] = MappingProxyType(
    {
        Claim.CERTIFIED: Tone.GOOD,
        Claim.CERTIFIED_WITH_WAIVERS: Tone.WARN,
        Claim.NOT_CERTIFIED: Tone.BAD,
        Claim.INCOMPLETE: Tone.WARN,
        Claim.NOT_CLAIMED: Tone.QUIET,
        Claim.NOT_SELECTED: Tone.QUIET,
    }
)


def counted(number: int, thing: str) -> str:
    """Return "1 requirement" or "3 requirements"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
