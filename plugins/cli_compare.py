"""The command `tkg-conformance compare`: what changed between two runs."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.plugins import previous, styling
from tkg_conformance.reports import decoding, layout
from tkg_conformance.reports.compare import compare as compared
from tkg_conformance.reports.compare_markdown import comparison_markdown
from tkg_conformance.reports.compare_text import comparison_lines
from tkg_conformance.reports.comparison_records import Comparison, Sites
from tkg_conformance.reports.files import write_atomically
from tkg_conformance.reports.verdict import ExitCode

compare_commands = typer.Typer(rich_markup_mode=None)


class Format(StrEnum):
    """How a comparison is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


@compare_commands.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="A", help="results.json of the earlier run, or its folder.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="results.json of the later run, or its folder.")],
    format_: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TEXT,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="File to write; else the output.")] = None,
    different_sites: Annotated[
        bool, typer.Option("--different-sites", help="Compare although the runs looked at different sites.")
    ] = False,
) -> None:
    """Say what changed between two runs of one site: verdicts, objects, versions; exit 1 if anything got worse."""
    first, second = previous.load(before), previous.load(after)
    comparison = compared(first, second)
    if comparison.sites is Sites.DIFFERENT and not different_sites:
        raise UsageError(
            f"{before} and {after} are of different sites: {comparison.sites_reason}; --different-sites compares them"
            " all the same."
        )
    if out is None and format_ is Format.TEXT:
        styling.echo(comparison_lines(comparison))
    elif out is None:
        typer.echo(_rendered(comparison, format_), nl=False)
    else:
        previous.refuse_to_replace(out, before, after)
        write_atomically(out, _rendered(comparison, format_))
    raise SystemExit(int(ExitCode.NOT_CERTIFIED if comparison.worse else ExitCode.CERTIFIED))


def _rendered(comparison: Comparison, format_: Format) -> str:
    if format_ is Format.JSON:
        return json.dumps(decoding.plain(comparison), ensure_ascii=False, indent=1) + "\n"
    return comparison_markdown(comparison) if format_ is Format.MARKDOWN else layout.plain(comparison_lines(comparison))
