"""`findings.csv`: one line per finding, and one per row without any, for a spreadsheet or a ticket system.

RFC 4180 with a header line. Each line names its run and says whether the site was simulated, so that the lines of
several runs can be put together. A cell that a spreadsheet would take for a formula begins with an apostrophe; control
characters are shown as escapes, and every cell is on one line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from tkg_conformance.reports.printable import one_line
from tkg_conformance.reports.records import Finding, Result, Results
from tkg_conformance.reports.verdict import is_simulated, waived_rows

COLUMNS = (
    "run",
    "simulated",
    "requirement",
    "title",
    "area",
    "level",
    "scope",
    "verdict",
    "waived",
    "selected",
    "reason",
    "blocked_by",
    "severity",
    "object",
    "message",
    "expected",
    "observed",
    "remediation",
    "source",
    "evidence",
)
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class CsvRenderer:
    """Findings as comma-separated values, as a renderer."""

    name = "csv"
    stem = "findings"
    suffix = ".csv"

    def render(self, results: Results) -> str:
        """Return the text, its lines ending in CR LF."""
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        writer.writerow(COLUMNS)
        waived = waived_rows(results.results, results.waivers)
        start = (results.run.id, _word(is_simulated(results)))
        for row in results.results:
            for cells in _lines(row, waived=(row.id, row.scope) in waived):
                writer.writerow([_cell(each) for each in (*start, *cells)])
        return buffer.getvalue()


def _lines(row: Result, *, waived: bool) -> Iterator[tuple[str, ...]]:
    verdict = f"{row.verdict} (crashed)" if row.crashed else row.verdict.value
    judged = (row.id, row.title, row.area, row.level.value, row.scope, verdict, _word(waived), _word(row.selected))
    start = (*judged, row.reason, row.blocked_by or "")
    findings: tuple[Finding | None, ...] = row.findings or (None,)
    for finding in findings:
        yield (*start, *_of(finding))


def _of(finding: Finding | None) -> tuple[str, ...]:
    if finding is None:
        return ("",) * 8
    seen = (finding.severity.value, finding.object, finding.message, finding.expected, finding.observed)
    return (*seen, *(each or "" for each in (finding.remediation, finding.source, finding.evidence)))


def _word(value: bool) -> str:
    return "yes" if value else "no"


def _cell(text: str) -> str:
    flat = one_line(text)
    return f"'{flat}" if flat.startswith(_FORMULA) else flat
