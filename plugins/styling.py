"""Prints report lines with colours where the terminal wants them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import typer

from tkg_conformance.reports.layout import Line
from tkg_conformance.reports.words import Tone

COLOURS: dict[Tone, str] = {
    Tone.GOOD: "green",
    Tone.BAD: "red",
    Tone.WARN: "yellow",
    Tone.QUIET: "bright_black",
}


def echo(lines: Iterable[Line], *, err: bool = False) -> None:
    """Print the lines; colours are left out where the output is no terminal or NO_COLOR is set."""
    for line in lines:
        colour = COLOURS[line.tone] if line.tone else None
        typer.secho(line.text, fg=colour, bold=line.bold, err=err)


def write_to_reporter(lines: Iterable[Line], reporter: Any) -> None:
    """Write the lines through pytest's terminal reporter, which knows whether colours are wanted."""
    for line in lines:
        markup: dict[str, bool] = {"bold": line.bold}
        if line.tone is Tone.QUIET:
            markup["light"] = True
        elif line.tone is not None:
            markup[COLOURS[line.tone]] = True
        reporter.write_line(line.text, **markup)
