"""The commands that are about a site and judge nothing: `init`, `doctor`, `plan`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import orjson
import typer

from tkg_conformance import __version__
from tkg_conformance.fixtures import sitefile
from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.fixtures.preflight.doctor import examine
from tkg_conformance.fixtures.sitefile import SiteFile
from tkg_conformance.plugins import styling
from tkg_conformance.plugins.doctor_text import doctor_lines
from tkg_conformance.plugins.session import site_of_lab

site_commands = typer.Typer(rich_markup_mode=None)

SiteOption = Annotated[Path | None, typer.Option("--site", metavar="FILE", help="Site file; else the environment.")]
LabOption = Annotated[Path | None, typer.Option("--lab", metavar="DIR", help="The running lab of this folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, whose key `schema` names its form.")]

SITE_VARIABLE, LAB_VARIABLE = "TKG_CONFORMANCE_SITE", "TKG_CONFORMANCE_LAB"


@site_commands.command()
def doctor(
    site: SiteOption = None,
    directory: LabOption = None,
    as_json: JsonOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 for a warning too.")] = False,
) -> None:
    """Examine settings, reach, versions, clocks and rights before a run; writes nothing.

    Ends with 0 (well, or warnings alone), 1 (problems that make rows INCONCLUSIVE or stop a run), 4 (wrong usage) or
    11 (nothing can be reached).
    """
    chosen, options = chosen_site(site, directory)
    report = examine(chosen, environ=os.environ, options=options, strict=strict, suite_version=__version__)
    if as_json:
        typer.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    else:
        styling.echo(doctor_lines(report))
    raise SystemExit(report.exit_code)


def chosen_site(site: Path | None, directory: Path | None) -> tuple[SiteFile, dict[str, tuple[str, str]]]:
    """Return the site that options or the environment name, and these options with their sources.

    Raises:
        UsageError: if two of them contradict each other, or there is no running lab.
    """
    if site is not None and directory is not None:
        raise UsageError("--site and --lab exclude each other; give the one that is meant.")
    source = "command line"
    if site is None and directory is None:
        named = [name for name in (SITE_VARIABLE, LAB_VARIABLE) if os.environ.get(name)]
        if len(named) > 1:
            raise UsageError(f"{' and '.join(named)} exclude each other; set the one that is meant.")
        source = named[0] if named else source
        site = Path(os.environ[SITE_VARIABLE]) if named == [SITE_VARIABLE] else None
        directory = Path(os.environ[LAB_VARIABLE]) if named == [LAB_VARIABLE] else None
    if directory is not None:
        return sitefile.load(site_of_lab(directory)), {"lab": (str(directory), source)}
    if site is not None:
        return sitefile.load(site), {"site": (str(site), source)}
    return sitefile.from_environment(), {}
