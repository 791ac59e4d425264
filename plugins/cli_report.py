"""The command `tkg-conformance report`: any format of a run's results, later and without the site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.plugins import previous
from tkg_conformance.reports.files import write_atomically
from tkg_conformance.reports.protocol import Renderer, rendered, renderers

report_commands = typer.Typer(rich_markup_mode=None)
_STANDARD_OUTPUT = Path("-")


@report_commands.command()
def report(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="results.json of a run, or its folder.")],
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help="html, junit, markdown, yaml, csv, text, json, or that of another package; else by the end of --out.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="File to write; else, or for -, standard output.")
    ] = None,
) -> None:
    """Make another format of a run's results, now or years later; nothing is read but this one file."""
    target = None if out == _STANDARD_OUTPUT else out
    renderer = _renderer(format_, target)
    if target is not None:
        previous.refuse_to_replace(target, results)
    content = rendered(renderer, previous.load(results))
    if target is not None:
        write_atomically(target, content)
        return
    _print(content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content)


def _print(data: bytes) -> None:
    left = memoryview(data)
    # Without a buffer (PYTHONUNBUFFERED) a write may take only a part, and hides that the reader has gone.
    while left:
        left = left[sys.stdout.buffer.write(left) :]
    sys.stdout.buffer.flush()


def _renderer(name: str | None, out: Path | None) -> Renderer:
    """Return the renderer of this name, or that whose files end as `out` does; `UsageError` if none is meant."""
    known = renderers()
    if name is not None:
        if name not in known:
            raise UsageError(f"There is no format {name!r}; give --format {', '.join(known)}.")
        return known[name]
    fitting = [each for each in known.values() if out is not None and out.name.endswith(each.suffix)]
    if len(fitting) != 1:
        reason = f"The end of --out {out} does not say which" if out is not None else "No format is named"
        raise UsageError(f"{reason}; give --format {', '.join(known)}.")
    return fitting[0]
