"""The command `tkg-conformance cleanup`: ends what killed runs left behind, and nothing else."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from tkg_conformance.fixtures import sitefile
from tkg_conformance.fixtures.creation import ledger as ledgers
from tkg_conformance.fixtures.creation.clock import Clock, SystemClock
from tkg_conformance.fixtures.creation.creation import Creation
from tkg_conformance.fixtures.creation.server import require_same_server
from tkg_conformance.fixtures.errors import ConformanceError, LabError, UsageError
from tkg_conformance.fixtures.probes.clients import cleaning_client
from tkg_conformance.fixtures.probes.staging import FOLDER
from tkg_conformance.plugins import styling
from tkg_conformance.plugins.options import DEFAULT_OUT
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.reports.created import creation_lines
from tkg_conformance.reports.remains import unsettled
from tkg_conformance.reports.verdict import ExitCode

_WIDTH = 100


def cleanup(
    site: Annotated[
        Path | None, typer.Option("--site", metavar="FILE", help="Site file; else the one that the ledger names.")
    ] = None,
    lab_dir: Annotated[Path | None, typer.Option("--lab", metavar="DIR", help="A running lab's folder.")] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder of the run whose cluster is to be deleted.")
    ] = Path(DEFAULT_OUT),
    timeout: Annotated[
        float,
        typer.Option("--create-timeout", metavar="SECONDS", min=1, help="How long to wait for the cluster's end."),
    ] = 1800.0,
) -> None:
    """Delete what a killed run created, by its ledger; end temporary labs and containers whose run is gone."""
    if site is not None and lab_dir is not None:
        raise UsageError("--site and --lab exclude each other; give the one on which the cluster was created.")
    from tkg_conformance.fixtures import lab

    progress = TerminalProgress()
    try:
        for directory in lab.end_orphans(progress):
            typer.echo(f"The lab of {directory}, whose run is gone, was ended.")
        with suppress(LabError):  # without an engine there are no containers
            for name in lab.cleanup_containers():
                typer.echo(f"The container {name}, whose lab is gone, was removed.")
        given = lab_dir / "site.yaml" if lab_dir is not None else site
        folders = [out, *sorted((out / FOLDER).glob("*/"))]
        ended, refused = _delete_all(folders, given, progress, timeout)
    finally:
        progress.close()
    if not ended and not refused:
        typer.echo(f"No ledger in {out} holds anything; nothing was deleted on a site.")
    code = _tell(ended)
    if refused:
        for error in refused[1:]:
            typer.echo(str(error), err=True)
        raise refused[0]
    if code:
        raise SystemExit(code)


def _delete_all(
    folders: list[Path], site: Path | None, progress: TerminalProgress, timeout_s: float
) -> tuple[list[Creation], list[ConformanceError]]:
    """Work off each ledger, and return what was done and what could not be; an interruption ends it."""
    ended: list[Creation] = []
    refused: list[ConformanceError] = []
    for folder in folders:
        try:
            done = _delete(folder, site, progress, timeout_s)
        except ConformanceError as error:
            refused.append(error)
            continue
        if done is not None:
            ended.append(done)
            if done.interrupted:
                break
    return ended, refused


def _tell(ended: list[Creation]) -> int:
    """Show what was deleted and what was not; return the exit code of the worst."""
    codes = [0]
    for each in ended:
        record, run = each.record(), each.ledger.state.run
        if run.probe:
            record["cluster"] = f"for the probe {run.probe} of {run.cluster}"
        styling.echo(creation_lines(record, _WIDTH))
        for note in record["notes"]:
            typer.echo(note, err=True)
        if each.interrupted or each.crashed:
            return int(ExitCode.INTERRUPTED if each.interrupted else ExitCode.INTERNAL_ERROR)
        codes.append(int(ExitCode.INCOMPLETE) if unsettled(record) else 0)
    return max(codes)


def site_of_ledger(out: Path) -> Path:
    """Return the site file of the run whose ledger lies in the folder; `LedgerError` when there is none."""
    state = ledgers.read(out / ledgers.FILE)
    if state is None:
        raise ledgers.absent(out)
    path = Path(state.run.site)
    if not path.is_file():
        raise UsageError(f"The site file {path} of the run is gone; name it with --site FILE or --lab DIR.")
    return path


def _delete(
    out: Path, site: Path | None, progress: TerminalProgress, timeout_s: float, clock: Clock | None = None
) -> Creation | None:
    """Delete what the ledger of the folder holds, None if it holds nothing."""
    state = ledgers.read(out / ledgers.FILE)
    if state is None or state.phase is ledgers.Phase.DONE or not (state.is_unsettled or state.machines):
        return None
    loaded = sitefile.load(site or site_of_ledger(out))
    with ledgers.Ledger.resume(out) as ledger:
        client = cleaning_client(loaded, ledger.state.run)
        try:
            require_same_server(ledger.state.run, client)
            creation = Creation(loaded, ledger, client, progress, timeout_s, clock or SystemClock())
            creation.finish(keep=False)
            return creation
        finally:
            client.close()
