"""Prints report lines with colours where the terminal wants them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import typer

from tkg_conformance.reports.layout import Line
from tkg_conformance.reports.words import Tone

COLOURS: dict[Tone, str] = {
    Tone.GOOD: "green",
    Tone.BAD: "red",
    Tone.WARN: "yellow",
    Tone.QUIET: "bright_black",
}


def echo(lines: Iterable[Line], *, err: bool = False, plain: bool = False) -> None:
    """Print the lines; without colours where they are not wanted (see `colours_wanted`), or if `plain`."""
    wanted = not plain and colours_wanted(sys.stderr if err else sys.stdout)
    for line in lines:
        colour = COLOURS[line.tone] if line.tone else None
        typer.secho(line.text, fg=colour, bold=line.bold, err=err, color=wanted)


def colours_wanted(stream: TextIO) -> bool:
    """Return whether a stream is to get colours: NO_COLOR and FORCE_COLOR decide, else whether it is a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or moves_cursor(stream)


def moves_cursor(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that understands more than text."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def write_to_reporter(lines: Iterable[Line], reporter: Any) -> None:
    """Write the lines through pytest's terminal reporter, which knows whether colours are wanted."""
    for line in lines:
        markup: dict[str, bool] = {"bold": line.bold}
        if line.tone is Tone.QUIET:
            markup["light"] = True
        elif line.tone is not None:
            markup[COLOURS[line.tone]] = True
        reporter.write_line(line.text, **markup)
