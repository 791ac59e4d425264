"""`report.html`: the report for people, one file without scripts and without anything from outside.

The words come from the record only. Everything is escaped, control characters are shown as escapes, and a content
security policy in the file forbids scripts and requests even if an escape were missed.
"""

from __future__ import annotations

from jinja2 import Environment

from tkg_conformance.reports.causes import row_name
from tkg_conformance.reports.manual import evidence_name, where_judged
from tkg_conformance.reports.records import Results
from tkg_conformance.reports.report_view import view_of
from tkg_conformance.reports.templating import environment
from tkg_conformance.reports.verdict import headline
from tkg_conformance.reports.words import (
    CLAIM_GLYPHS,
    CLAIM_TONES,
    MEANINGS,
    RUN_GLYPHS,
    RUN_TONES,
)

_TEMPLATE = "report.html.jinja"


class HtmlRenderer:
    """The HTML report as a renderer."""

    name = "html"
    stem = "report"
    suffix = ".html"

    def render(self, results: Results) -> str:
        """Return the HTML text."""
        return (
            _environment()
            .get_template(_TEMPLATE)
            .render(
                results=results,
                run=results.run,
                view=view_of(results),
                headline=headline(results),
            )
        )


def _environment() -> Environment:
    found = environment()
    found.globals.update(
        meanings=MEANINGS,
        run_glyphs=RUN_GLYPHS,
        run_tones=RUN_TONES,
        claim_glyphs=CLAIM_GLYPHS,
        claim_tones=CLAIM_TONES,
        evidence_name=evidence_name,
        row_name=row_name,
        where_judged=where_judged,
    )
    return found
