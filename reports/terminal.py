"""The closing summary of a run: verdict, causes first, what to do; fits a screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from tkg_conformance.reports.causes import Cause, root_causes, row_name
from tkg_conformance.reports.compare_view import since
from tkg_conformance.reports.created import creation_lines
from tkg_conformance.reports.layout import Line, cut, plain, wrap, wrap_at_most
from tkg_conformance.reports.manners import manners
from tkg_conformance.reports.printable import one_line
from tkg_conformance.reports.proof import detection
from tkg_conformance.reports.records import Level, Result, Results, Verdict
from tkg_conformance.reports.verdict import (
    AreaClaim,
    Claim,
    ExitCode,
    area_claims,
    exit_code,
    headline,
    waived_rows,
)
from tkg_conformance.reports.words import CLAIM_GLYPHS, CLAIM_TONES, GLYPHS, RUN_GLYPHS, RUN_TONES, TONES, Tone, counted

_OPEN = (Verdict.DOC_CONFLICT, Verdict.INCONCLUSIVE, Verdict.NOT_RUN, Verdict.UNSUPPORTED)
_SPOKEN: dict[ExitCode, str] = {
    ExitCode.CERTIFIED: "certified",
    ExitCode.CERTIFIED_WITH_WAIVERS: "certified with waivers",
    ExitCode.NOT_CERTIFIED: "not certified",
    ExitCode.INCOMPLETE: "incomplete",
    ExitCode.ABORTED: "aborted",
    ExitCode.INTERRUPTED: "interrupted",
    ExitCode.NOTHING_SELECTED: "nothing selected",
    ExitCode.INTERNAL_ERROR: "internal error",
    ExitCode.USAGE: "wrong usage",
}
_LEAST_ROOM = 6
_MIN_OPEN = 3
_ADVICE_LINES = 2
_ALL = 1_000_000


class TextRenderer:
    """The summary as a renderer: without styling, and of any length."""

    name = "text"
    stem = "summary"
    suffix = ".txt"

    def render(self, results: Results) -> str:
        """Return the text, 80 columns wide."""
        return plain(summary_lines(results, height=_ALL))


def summary_lines(
    results: Results,
    *,
    files: Sequence[str] = (),
    code: ExitCode | None = None,
    width: int = 80,
    height: int = 24,
) -> list[Line]:
    """Return the summary of a run, at most `height` lines where its fixed parts leave room.

    `files` are the paths that were written, as they are to be shown; `code` is the exit code if it is not the one that
    follows from the verdict (an interrupted run).
    """
    head = _head(results, width)
    tail = _tail(results, files=files, code=code, width=width)
    room = max(height - len(head) - len(tail) - 1, _LEAST_ROOM)
    return [*head, *_middle(results, width=width, room=room), *tail]


def _head(results: Results, width: int) -> list[Line]:
    tone = RUN_TONES[results.verdict]
    lines = [Line(text, tone, bold=True) for text in wrap(f"{RUN_GLYPHS[results.verdict]} {headline(results)}", width)]
    reason = results.verdict_reason
    if results.run.abort_reason:
        reason = f"{results.run.abort_reason}; {reason}"
    lines += [Line(text) for text in wrap_at_most(reason, width, lines=3)]
    if results.comparison:
        lines.append(Line(cut(since(results.comparison), width), Tone.BAD if results.comparison.worse else None))
    return [*lines, Line("")]


def _middle(results: Results, *, width: int, room: int) -> list[Line]:
    waived = waived_rows(results.results, results.waivers)
    causes = [
        _cause(each, waived=(each.row.id, each.row.scope) in waived, width=width)
        for each in root_causes(results.results)
    ]
    open_lines = _open_questions(results.results, width)
    told_wholly = _open_questions(results.results, width, reason_lines=_ADVICE_LINES)
    if not causes and len(told_wholly) < room:
        open_lines = told_wholly
    reserved = min(len(open_lines), _MIN_OPEN) + 1
    shown: list[Line] = []
    taken = 0
    for block in causes:
        space = room - reserved - len(shown)
        if taken and space < 1:
            break
        # A cause that no longer fits is still named; its details are in the report.
        shown.extend(block if not taken or len(block) <= space else block[:1])
        taken += 1
    left = room - len(shown) - 1
    questions = open_lines if len(open_lines) <= left else open_lines[: max(left, 1)]
    unasked = len(open_lines) - len(questions)
    hidden = [
        *([counted(len(causes) - taken, "more cause")] if taken < len(causes) else []),
        *([counted(unasked, "more open question")] if unasked else []),
    ]
    more = [Line(f"… and {' and '.join(hidden)}: see the report", Tone.QUIET)] if hidden else []
    middle = [*shown, *questions, *more]
    return [*middle, Line("")] if middle else []


def _cause(cause: Cause, *, waived: bool, width: int) -> list[Line]:
    row = cause.row
    tone = TONES[row.verdict] if row.level is Level.REQUIRED and not waived else Tone.WARN
    marks = [
        *(["waived"] if waived else []),
        *([] if row.level is Level.REQUIRED else [row.level.value]),
        *([f"blocks {len(cause.consequences)}"] if cause.consequences else []),
        *([f"blocked by {row.blocked_by}"] if row.verdict is Verdict.BLOCKED else []),
    ]
    suffix = f" ({', '.join(marks)})" if marks else ""
    title = cut(f"{GLYPHS[row.verdict]} {row.verdict} {row_name(row)} {row.title}", width - len(suffix)) + suffix
    lines = [Line(title, tone, bold=True)]
    if not row.findings:
        return [*lines, Line(cut(f"    {row.reason}", width))]
    finding = row.findings[0]
    others = f" (and {len(row.findings) - 1} more)" if len(row.findings) > 1 else ""
    lines.append(Line("    " + cut(finding.object, width - 4 - len(others)) + others))
    lines.extend(_compared(finding.expected, finding.observed, width))
    if finding.remediation:
        advice = wrap_at_most(finding.remediation, width - 6, lines=_ADVICE_LINES)
        lines += [Line(("      " if index else "    → ") + text) for index, text in enumerate(advice)]
    return lines


def _compared(expected: str, observed: str, width: int) -> list[Line]:
    together = one_line(f"expected {expected}; observed {observed}")
    if cell_len(together) <= width - 4:
        return [Line(f"    {together}")]
    return [Line("    expected " + cut(expected, width - 13)), Line("    observed " + cut(observed, width - 13))]


def _open_questions(rows: Sequence[Result], width: int, *, reason_lines: int = 0) -> list[Line]:
    """Group what is not decided by verdict and reason, so that one cause for many rows is one line.

    With `reason_lines` the reason stands below, on so many lines at most, instead of being cut behind the names.
    """
    grouped: dict[tuple[Verdict, str, bool], list[Result]] = {}
    for verdict in _OPEN:
        for row in rows:
            if row.selected and row.verdict is verdict:
                grouped.setdefault((verdict, row.reason, row.crashed), []).append(row)
    lines = []
    for (verdict, reason, crashed), members in grouped.items():
        word = f"{verdict} (crashed)" if crashed else verdict.value
        names = f"{row_name(members[0])} and {len(members) - 1} more" if len(members) > 1 else row_name(members[0])
        if not reason_lines:
            lines.append(Line(cut(f"{GLYPHS[verdict]} {word} {names}: {reason}", width), TONES[verdict]))
            continue
        lines.append(Line(cut(f"{GLYPHS[verdict]} {word} {names}", width), TONES[verdict], bold=True))
        lines += [Line(f"    {text}") for text in wrap_at_most(reason, width - 4, lines=reason_lines)]
    return lines


def _tail(results: Results, *, files: Sequence[str], code: ExitCode | None, width: int) -> list[Line]:
    claims = area_claims(results.results, waivers=results.waivers)
    selected = sum(row.selected for row in results.results)
    final = exit_code(results.verdict, selected=selected) if code is None else code
    written = [Line(text, Tone.QUIET) for text in wrap(f"written: {', '.join(files)}", width)] if files else []
    about = (*manners(results.environment), detection(results.proof))
    treated = [Line(text, Tone.QUIET) for each in about for text in wrap(each, width)]
    return [
        *_areas(claims, results.results, width),
        *treated,
        *(creation_lines(results.creation, width) if results.creation else ()),
        *written,
        Line(f"exit code {final.value} ({_SPOKEN[final]})", Tone.QUIET),
    ]


def _areas(claims: Sequence[AreaClaim], rows: Sequence[Result], width: int) -> list[Line]:
    shown = [claim for claim in claims if claim.claim is not Claim.NOT_SELECTED]
    hidden = [claim.area for claim in claims if claim.claim is Claim.NOT_SELECTED]
    name_width = max((len(claim.area) for claim in shown), default=0)
    claim_width = max((len(claim.claim.value) for claim in shown), default=0)
    lines = []
    for claim in shown:
        start = f"{CLAIM_GLYPHS[claim.claim]} {claim.area:<{name_width}}  {claim.claim.value:<{claim_width}}  "
        # A count stays with its word; the hard space is for wrapping only.
        hard = ", ".join(f"{count}\u00a0{verdict}" for verdict, count in claim.counts.items())
        counts = [text.replace("\u00a0", " ") for text in wrap(hard, max(width - len(start), 20))]
        tone = CLAIM_TONES[claim.claim]
        lines += [Line((" " * len(start) if index else start) + text, tone) for index, text in enumerate(counts)]
    if hidden:
        count = len({row.id for row in rows if row.area in hidden})
        lines.append(
            Line(cut(f"○ not selected: {', '.join(hidden)} ({counted(count, 'requirement')})", width), Tone.QUIET)
        )
    return lines
