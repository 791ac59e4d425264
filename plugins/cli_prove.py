"""The commands that break a lab on purpose: `prove`, `lab break` and `lab mend`.

What they need is imported by the command that is given, so that the others start as fast as without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.plugins import catalogue as catalogues
from tkg_conformance.plugins import styling
from tkg_conformance.plugins.cli_lab import DirOption, lab_commands
from tkg_conformance.plugins.options import DEFAULT_OUT
from tkg_conformance.reports import proof_text
from tkg_conformance.reports.proof import FaultProof
from tkg_conformance.reports.verdict import ExitCode

prove_commands = typer.Typer(rich_markup_mode=None)


@prove_commands.command()
def prove(
    area: Annotated[
        list[str] | None, typer.Option("--area", metavar="AREA", help="Only this area; repeatable.")
    ] = None,
    require: Annotated[
        list[str] | None, typer.Option("--require", metavar="ID", help="Only this requirement; repeatable.")
    ] = None,
    fault: Annotated[
        list[str] | None, typer.Option("--fault", metavar="ID", help="Only this fault; repeatable.")
    ] = None,
    lab: Annotated[
        list[Path] | None,
        typer.Option("--lab", metavar="DIR", help="Use this running lab instead of a fresh one; repeatable."),
    ] = None,
    count: Annotated[int, typer.Option("-n", min=1, max=16, metavar="N", help="Labs to start, side by side.")] = 1,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the proof in --out; what it found is not tried again.")
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="Only list the faults.")] = False,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for proof.json and proof.html.")] = Path(
        DEFAULT_OUT
    ),
) -> None:
    """Break the lab in one way after another and show that each break is found."""
    from tkg_conformance.plugins import prove as proving

    if lab and count > 1:
        raise UsageError("-n starts labs and --lab names running ones; give one of them.")
    wanted = proving.Wanted(
        tuple(area or ()), tuple(require or ()), tuple(fault or ()), tuple(lab or ()), count, resume
    )
    if list_:
        catalogue = catalogues.load()
        styling.echo(proof_text.fault_lines(proving.chosen(catalogue, proving.load_faults(catalogue), wanted)))
        return
    proof = proving.prove(wanted, out, _say)
    styling.echo(proof_text.summary_lines(proof, out))
    found = proof.score.detected == proof.score.seeded
    raise SystemExit(int(ExitCode.CERTIFIED if found else ExitCode.NOT_CERTIFIED))


def _say(proof: FaultProof) -> None:
    styling.echo(proof_text.progress_lines(proof))


@lab_commands.command("break")
def break_(
    fault: Annotated[str, typer.Argument(metavar="FAULT", help="A fault of `prove --list`, or a requirement.")],
    directory: DirOption,
) -> None:
    """Seed a fault into a running lab and leave it there, to see it in a report; `lab mend` takes it back."""
    from tkg_conformance.plugins import breakage

    seeded = breakage.seed(directory, fault)
    typer.echo(f"{seeded.id}: {seeded.sentence}. {seeded.requirement} [{seeded.scope}] turns to {seeded.verdict}.")
    typer.echo(f"See it:  tkg-conformance run --lab {directory}")
    typer.echo(f"Mend it: tkg-conformance lab mend {fault} --dir {directory}")


@lab_commands.command()
def mend(
    directory: DirOption,
    fault: Annotated[str, typer.Argument(metavar="[FAULT]", help="What to take back; else everything.")] = "",
) -> None:
    """Take back what `lab break` did to a running lab."""
    from tkg_conformance.plugins import breakage

    mended = breakage.mend(directory, fault)
    typer.echo(f"Taken back: {', '.join(mended)}." if mended else f"Nothing is broken on purpose in {directory}.")
