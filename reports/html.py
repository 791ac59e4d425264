"""`report.html`: the report for people, one file without anything from outside, and complete without its script.

The words come from the record only. Everything is escaped, control characters are shown as escapes, and a content
security policy in the file forbids requests, and every script but the one that searches, even if an escape were missed.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256

from jinja2 import Environment
from markupsafe import Markup

from tkg_conformance.reports.byhand import commands
from tkg_conformance.reports.causes import row_name
from tkg_conformance.reports.compare_view import view_of_comparison
from tkg_conformance.reports.manual import evidence_name, where_judged
from tkg_conformance.reports.records import Results
from tkg_conformance.reports.report_entries import scope_name
from tkg_conformance.reports.report_facts import moment
from tkg_conformance.reports.report_names import by_place, without_object
from tkg_conformance.reports.report_view import view_of
from tkg_conformance.reports.site_tree import NAMES, described
from tkg_conformance.reports.templating import environment, source
from tkg_conformance.reports.timeline_svg import seconds
from tkg_conformance.reports.verdict import headline
from tkg_conformance.reports.words import (
    CLAIM_GLYPHS,
    CLAIM_TONES,
    MEANINGS,
    RUN_GLYPHS,
    RUN_TONES,
)

_TEMPLATE = "report.html.jinja"
_SCRIPT = "report.js"


class HtmlRenderer:
    """The HTML report as a renderer."""

    name = "html"
    stem = "report"
    suffix = ".html"

    def render(self, results: Results) -> str:
        """Return the HTML text."""
        script = source(_SCRIPT)
        return (
            _environment()
            .get_template(_TEMPLATE)
            .render(
                results=results,
                run=results.run,
                # Into a style sheet goes nothing that could end its string.
                run_id=re.sub(r"[^\w.:-]", "_", results.run.id, flags=re.ASCII),
                view=view_of(results),
                headline=headline(results),
                changes=view_of_comparison(results.comparison) if results.comparison else None,
                script=Markup(script),  # noqa: S704 - shipped with this package
                script_digest=f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}",
            )
        )


@cache
def _environment() -> Environment:
    found = environment()
    found.globals.update(
        meanings=MEANINGS,
        run_glyphs=RUN_GLYPHS,
        run_tones=RUN_TONES,
        claim_glyphs=CLAIM_GLYPHS,
        claim_tones=CLAIM_TONES,
        names_of_kinds=NAMES,
        by_place=by_place,
        commands=commands,
        described=described,
        evidence_name=evidence_name,
        last_name=_last_name,
        moment=moment,
        row_name=row_name,
        scope_name=scope_name,
        seconds=seconds,
        where_judged=where_judged,
        without_object=without_object,
    )
    return found


def _last_name(ref: str | None) -> str:
    """Return the last part of an inventory path."""
    return (ref or "").rpartition("/")[2] or (ref or "")
