"""Lines about seeded faults and proofs for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from tkg_conformance.reports.layout import Line, cut, indented, wrap
from tkg_conformance.reports.proof import PROOF_FILE, FaultProof, Proof
from tkg_conformance.reports.words import Tone, counted

_WIDTH = 80
_INDENT = " " * 19
_SECONDS_UP_TO = 300.0


class Described(Protocol):
    """What the list of faults shows of each."""

    @property
    def id(self) -> str:
        """The fault's id."""

    @property
    def requirement(self) -> str:
        """The requirement that it breaks."""

    @property
    def sentence(self) -> str:
        """What happens, in an administrator's words."""


def fault_lines(faults: Iterable[Described]) -> list[Line]:
    """Return the list of faults, two lines each."""
    lines = []
    for each in faults:
        lines.append(Line(f"{each.requirement:<9} {each.id}", bold=True))
        lines += [Line(text, Tone.QUIET) for text in indented(each.sentence, width=_WIDTH, indent=" " * 10)]
    return lines


def progress_lines(proof: FaultProof) -> list[Line]:
    """Return what became of one fault: a line, and why it was missed if so."""
    mark, tone = ("✓ caught", Tone.GOOD) if proof.detected else ("✗ MISSED", Tone.BAD)
    seen = f"{proof.observed or 'not seen'}, {proof.duration_s:.1f} s"
    head = f"{mark} {proof.requirement:<9} "
    lines = [Line(cut(f"{head}{proof.sentence}", _WIDTH - len(seen) - 3) + f" ({seen})", tone)]
    if not proof.detected:
        lines += [Line(text) for text in indented(proof.why, width=_WIDTH, indent=_INDENT)]
    return lines


def summary_lines(proof: Proof, out: Path) -> list[Line]:
    """Return the closing lines: score, where the time went, what a lab cannot show, and where to read on."""
    found = proof.score.detected == proof.score.seeded
    missed = [each for each in proof.faults if not each.detected]
    head = f"{proof.score.detected} of {counted(proof.score.seeded, 'seeded fault')} detected, in simulation"
    if not proof.complete:
        head += f"; {proof.score.selected - proof.score.seeded} not tried"
    lines = [Line(""), Line(f"{'✓' if found else '✗'} {head}", Tone.GOOD if found else Tone.BAD, bold=True)]
    lines += [Line(f"    {each.requirement} {each.id}", Tone.BAD) for each in missed]
    labs = f" on {counted(proof.lab.count, 'lab')}" if proof.lab.count > 1 else ""
    lines += [Line(text) for text in wrap(f"{minutes(proof.duration_s)}{labs}: {time_shares(proof)}", _WIDTH)]
    ids = ", ".join(each.requirement for each in proof.not_showable)
    if ids:
        text = f"a lab cannot show {counted(len(proof.not_showable), 'requirement')}: {ids}"
        lines += [Line(part, Tone.QUIET) for part in wrap(text, _WIDTH)]
    lines.append(Line(cut(f"suite {proof.suite.digest}", _WIDTH), Tone.QUIET))
    lines.append(Line(cut(f"lab   {proof.lab.digest}", _WIDTH), Tone.QUIET))
    lines.append(Line(f"written: {out / PROOF_FILE}, {out / 'proof.html'}"))
    return lines


def time_shares(proof: Proof) -> str:
    """Say where the time went, summed over labs; faults of a batch share theirs."""
    apart = {each.batch or each.id: each for each in proof.faults}.values()
    parts = {
        "looking": sum(each.spent.looking_s for each in apart),
        "waiting for controllers": sum(each.spent.waiting_s for each in apart),
        "breaking": sum(each.spent.applying_s for each in apart),
        "taking back": sum(each.spent.reverting_s for each in apart),
    }
    return ", ".join(f"{name} {minutes(seconds)}" for name, seconds in parts.items())


def minutes(seconds: float) -> str:
    """Return a duration as people say it."""
    if seconds < _SECONDS_UP_TO:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min"
