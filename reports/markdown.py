"""`report.md`: a run as a pull-request comment or the summary of a CI job.

It stays below the 65,536 characters that a comment may have: each part has its share, shows as much as fits, and counts
what it leaves out. Everything from outside is escaped, so that a name renders as itself and mentions nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tkg_conformance.reports.causes import Cause, root_causes, row_name
from tkg_conformance.reports.compare_markdown import changes_since
from tkg_conformance.reports.markdown_parts import LIMIT, Part, joined, listed
from tkg_conformance.reports.markdown_text import SENTENCE, bold, escaped, escaped_in_html, short
from tkg_conformance.reports.printable import printable
from tkg_conformance.reports.records import Finding, Level, Result, Results, Verdict
from tkg_conformance.reports.report_facts import identity, observed, remarks
from tkg_conformance.reports.verdict import (
    SETTLED,
    AreaClaim,
    Claim,
    area_claims,
    counts_by_verdict,
    headline,
    is_simulated,
    waived_rows,
)
from tkg_conformance.reports.words import CLAIM_GLYPHS, GLYPHS, MEANINGS, RUN_GLYPHS, counted

_CAUSES, _CHANGES, _AREAS, _FACTS, _COMMAND = 20_000, 12_000, 6_000, 10_000, 4_000
_FINDINGS = 3
_CONSEQUENCES = 10

Waived = frozenset[tuple[str, str]]


class MarkdownRenderer:
    """Markdown as a renderer."""

    name = "markdown"
    stem = "report"
    suffix = ".md"

    def render(self, results: Results) -> str:
        """Return the text, of at most `LIMIT` characters."""
        waived = waived_rows(results.results, results.waivers)
        claims = area_claims(results.results, waivers=results.waivers)
        before = [
            _lines(_head(results)),
            _causes(results, waived).within(_CAUSES),
            changes_since(results.comparison, _CHANGES) if results.comparison else "",
            _areas(results, claims).within(_AREAS),
        ]
        after = [_facts(results).within(_FACTS), _lines(_repeat(results))]
        room = LIMIT - SENTENCE - sum(len(text) + 1 for text in (*before, *after))
        shown, hidden = [], []
        for part in (_table(claim.area, results, waived) for claim in claims):
            text = part.within(room)
            room -= len(text) + 1
            if text:
                shown.append(text)
            elif part.items:
                hidden.append(part)
        return joined((*before, *shown, *_unshown(hidden), *after))


def _head(results: Results) -> Iterator[str]:
    yield f"## {RUN_GLYPHS[results.verdict]} {short(headline(results))}"
    if is_simulated(results):
        yield "\n> [!WARNING]\n> **SIMULATED SITE**: a lab with a simulated vCenter. It says nothing about a real site."
    if results.run.abort_reason:
        yield f"\n{bold(results.run.abort_reason)}"
    yield f"\n{short(results.verdict_reason)}"


def _causes(results: Results, waived: Waived) -> Part:
    causes = root_causes(results.results)
    return Part("### What to act on\n\n", tuple(_lines(_cause(each, waived)) for each in causes), "cause")


def _cause(cause: Cause, waived: Waived) -> Iterator[str]:
    row = cause.row
    yield f"**{_word(row, waived)} {short(row_name(row))}** {short(row.title)}\n"
    if not row.findings:
        yield f"- {short(row.reason)}"
    for finding in row.findings[:_FINDINGS]:
        yield from _finding(finding)
    if len(row.findings) > _FINDINGS:
        yield f"- and {counted(len(row.findings) - _FINDINGS, 'more finding')}"
    advice = next((each.remediation for each in row.findings if each.remediation), "")
    if advice:
        yield f"- → {short(advice)}"
    yield ""
    if cause.consequences:
        yield f"<details><summary>explains {counted(len(cause.consequences), 'further violation')}</summary>\n"
        for each in cause.consequences[:_CONSEQUENCES]:
            yield f"- {_word(each, waived)} {short(f'{row_name(each)} {each.title}')}"
        if len(cause.consequences) > _CONSEQUENCES:
            yield f"- and {len(cause.consequences) - _CONSEQUENCES} more"
        yield "\n</details>\n"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"- {bold(finding.object)}"
    yield f"  - expected {short(finding.expected)}"
    yield f"  - observed {short(finding.observed)}"


def _areas(results: Results, claims: Sequence[AreaClaim]) -> Part:
    selected = [row for row in results.results if row.selected]
    total = f"| **all** | {RUN_GLYPHS[results.verdict]} {results.verdict} | {_counts(counts_by_verdict(selected))} |\n"
    items = []
    for claim in claims:
        told = counted(claim.unselected, "row") if claim.claim is Claim.NOT_SELECTED else _counts(claim.counts)
        items.append(f"| {short(claim.area)} | {CLAIM_GLYPHS[claim.claim]} {claim.claim} | {told} |\n")
    return Part("### By area\n\n| area | claim | verdicts |\n| --- | --- | --- |\n", (total, *items), "area")


def _table(area: str, results: Results, waived: Waived) -> Part:
    rows = [row for row in results.results if row.area == area and row.selected and row.verdict not in SETTLED]
    alike: dict[tuple[str, str], list[Result]] = {}
    for row in rows:
        alike.setdefault((_word(row, waived), row.reason), []).append(row)
    items = [f"| {word} | {_named(members)} | {short(reason)} |\n" for (word, reason), members in alike.items()]
    summary = f"{escaped_in_html(area[:SENTENCE])}: {counted(len(rows), 'row')} of note"
    opening = f"<details><summary>{summary}</summary>\n\n| verdict | requirement | why |\n| --- | --- | --- |\n"
    meanings = "\n".join(f"- {GLYPHS[each]} {each}: {MEANINGS[each]}" for each in counts_by_verdict(rows))
    return Part(opening, tuple(items), "line", f"\n{meanings}\n\n</details>\n")


def _named(rows: Sequence[Result]) -> str:
    return short(f"{row_name(rows[0])} {rows[0].title}") if len(rows) == 1 else listed([*map(row_name, rows)], "row")


def _unshown(parts: Sequence[Part]) -> Iterator[str]:
    if parts:
        yield f"… and the rows of note of {counted(len(parts), 'more area')}: see results.json"


def _facts(results: Results) -> Part:
    facts = [f"- {escaped(name)}: {short(line)}\n" for name, lines in identity(results) for line in lines]
    facts += [f"- {short(sentence)}\n" for sentence in remarks(results)]
    problems = observed(results.environment).get("problems") or ()
    facts += [f"- Not read as it should be: {short(str(each))}\n" for each in problems]
    for waiver in results.waivers:
        words = (
            str(waiver[key]) for key in ("requirement", "scope", "reason", "approver", "expires") if waiver.get(key)
        )
        facts.append(f"- Waived: {short(', '.join(words))}\n")
    opening = "<details><summary>The site and the run</summary>\n\n"
    return Part(opening, tuple(facts), "fact", "\n</details>\n")


def _repeat(results: Results) -> Iterator[str]:
    # Indented code: no text can end it, as a fence of backticks in the command would.
    command = _lines(f"    {line}" for line in printable(results.run.command).splitlines())
    if len(command) > _COMMAND:
        yield "The command that repeats this run is in results.json: it is too long for a comment."
    else:
        yield f"Repeat this run:\n\n{command}"


def _word(row: Result, waived: Waived) -> str:
    marks = [
        *(["crashed"] if row.crashed else []),
        *(["waived"] if (row.id, row.scope) in waived else []),
        *([] if row.level is Level.REQUIRED else [row.level.value]),
    ]
    suffix = f" ({', '.join(marks)})" if marks else ""
    return f"{GLYPHS[row.verdict]} {row.verdict}{suffix}"


def _counts(counts: Mapping[Verdict, int]) -> str:
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items())


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
