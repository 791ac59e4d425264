"""The command `tkg-conformance`: thin over the pytest plugin, the observation and the lab."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated, Any, NoReturn

import pytest
import typer

from tkg_conformance import __version__
from tkg_conformance.fixtures import timeouts
from tkg_conformance.fixtures.errors import ConformanceError, UsageError
from tkg_conformance.plugins import catalogue as catalogues
from tkg_conformance.plugins import cli_cleanup, sources, styling
from tkg_conformance.plugins.cli_compare import compare_commands
from tkg_conformance.plugins.cli_lab import lab_commands
from tkg_conformance.plugins.cli_prove import prove_commands
from tkg_conformance.plugins.cli_report import report_commands
from tkg_conformance.plugins.cli_site import chosen_site, site_commands
from tkg_conformance.plugins.engine import in_words
from tkg_conformance.plugins.options import DEFAULT_OUT, Printed
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.reports import decoding, manual, results_json
from tkg_conformance.reports.area_page import area_page
from tkg_conformance.reports.errors import ReportsError, ResultsError, WriteError
from tkg_conformance.reports.files import check_writable
from tkg_conformance.reports.layout import Line
from tkg_conformance.reports.records import Verdict
from tkg_conformance.reports.verdict import ExitCode

TRACEBACK = "TKG_CONFORMANCE_TRACEBACK"
SUITE = "tkg_conformance.conformance"
_INTERRUPTED = "Interrupted; everything that was started has been ended."
# Typer turns Ctrl-C in a command into this status before `main` can see it.
_TYPER_INTERRUPTED = 130

# Typer brings its own copy of click, so that click's classes are not the ones that it raises.
CommandLineError: Any = typer.BadParameter.__bases__[0]

app = typer.Typer(
    name="tkg-conformance",
    help="Prove whether TKG workload clusters on vSphere do what the product's page promises.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(site_commands)
app.command()(cli_cleanup.cleanup)
app.add_typer(compare_commands)
app.add_typer(report_commands)
app.add_typer(prove_commands)
app.add_typer(lab_commands, name="lab", help="Build, start, look at and end the simulated lab.")

SiteOption = Annotated[Path | None, typer.Option("--site", metavar="FILE", help="Site file.")]
AreaOption = Annotated[list[str] | None, typer.Option("--area", metavar="AREA", help="Only this area; repeatable.")]
RequireOption = Annotated[
    list[str] | None, typer.Option("--require", metavar="ID", help="Only this requirement; repeatable.")
]
ClusterOption = Annotated[
    list[str] | None, typer.Option("--cluster", metavar="NS/NAME", help="Only this cluster; repeatable.")
]
OutOption = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for results and reports.")]
WorkersOption = Annotated[
    int, typer.Option("-n", min=0, max=256, metavar="N", help="Worker processes (pytest-xdist); 0 is none.")
]
ProfileOption = Annotated[Path | None, typer.Option("--profile", metavar="FILE", help="Levels and site differences.")]
ProbeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--probe",
        metavar="NAME",
        help="Probe the site too: tkr, nodes (these only read), traffic, volumes, identity; repeatable.",
    ),
]
ProbeTimeOption = Annotated[
    float | None,
    typer.Option("--probe-time", metavar="SECONDS", min=1, help="How long each probe may take; else its own time."),
]
ProofOption = Annotated[
    Path | None, typer.Option("--proof", metavar="FILE", help="proof.json to name; else this suite's last whole one.")
]
PreviousOption = Annotated[
    Path | None,
    typer.Option("--previous", metavar="RESULTS", help="Former results to compare with; else those in --out, if any."),
]
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": False}


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Hold the options of the command itself."""
    if version:
        typer.echo(f"tkg-conformance {__version__}")
        raise typer.Exit


@app.command(context_settings=PASSED_ON)
def run(
    context: typer.Context,
    site: SiteOption = None,
    lab: Annotated[
        Path | None,
        typer.Option("--lab", metavar="DIR", help="Use the running lab of this folder instead of a fresh one."),
    ] = None,
    cluster: ClusterOption = None,
    area: AreaOption = None,
    require: RequireOption = None,
    profile: ProfileOption = None,
    proof: ProofOption = None,
    previous: PreviousOption = None,
    rerun: Annotated[
        Path | None, typer.Option("--rerun", metavar="RESULTS", help="Only what was not settled in this results.json.")
    ] = None,
    create: Annotated[
        Path | None,
        typer.Option("--create", metavar="CLUSTERFILE", help="Create this cluster first, and delete it afterwards."),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Do not delete the created cluster.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Finish a killed run with --create, in --out.")] = False,
    create_timeout: Annotated[
        float | None,
        typer.Option("--create-timeout", metavar="SECONDS", min=1, help="How long to wait for it, and for its end."),
    ] = None,
    probe: ProbeOption = None,
    probe_time: ProbeTimeOption = None,
    workers: WorkersOption = 0,
    out: OutOption = Path(DEFAULT_OUT),
) -> None:
    """Observe a site and judge it; where no place names one, the simulated lab is started for it.

    The places are --site or --lab, else TKG_CONFORMANCE_SITE (LAB, OBSERVATION), else the ini file of this folder.
    What follows `--` goes to pytest as it is.
    """
    if resume and site is None and lab is None:
        site = cli_cleanup.site_of_ledger(out)
    wanted = [*(require or ()), *(unsettled(rerun) if rerun else ())]
    named = sources.nearest({"site": site, "lab": lab})
    target = [f"--tkg-{named.name}", named.value] if named else ["--tkg-lab"]
    if named is None:
        typer.echo("No site is named: judging the SIMULATED lab, not a real site.", err=True)
    elif named.place != sources.COMMAND_LINE:
        typer.echo(f"Judging {named.value}, named by {named.place}.", err=True)
    target += ["--tkg-create", str(create)] if create else []
    target += ["--tkg-create-timeout", f"{create_timeout:g}"] if create_timeout is not None else []
    target += [flag for flag, given in (("--tkg-keep", keep), ("--tkg-resume", resume)) if given]
    target += [text for name in probe or () for text in ("--tkg-probe", name)]
    target += ["--tkg-probe-time", f"{probe_time:g}"] if probe_time is not None else []
    target += ["--tkg-proof", str(proof)] if proof else []
    target += ["--tkg-previous", str(previous)] if previous else []
    _pytest([*target, *_selection(cluster, area, wanted, profile), "--tkg-out", str(out)], workers, context.args)


@app.command(context_settings=PASSED_ON)
def judge(
    context: typer.Context,
    observation: Annotated[Path, typer.Argument(help="A stored observation.")],
    cluster: ClusterOption = None,
    area: AreaOption = None,
    require: RequireOption = None,
    profile: ProfileOption = None,
    proof: ProofOption = None,
    previous: PreviousOption = None,
    probes: Annotated[
        Path | None,
        typer.Option("--probes", metavar="FILE", help="What probes saw of it; else the probes.json beside it, if any."),
    ] = None,
    workers: WorkersOption = 0,
    out: OutOption = Path(DEFAULT_OUT),
) -> None:
    """Judge a stored observation; nothing is read from a site."""
    target = ["--tkg-observation", str(observation), *(["--tkg-probes", str(probes)] if probes else [])]
    target += ["--tkg-proof", str(proof)] if proof else []
    target += ["--tkg-previous", str(previous)] if previous else []
    _pytest([*target, *_selection(cluster, area, require, profile), "--tkg-out", str(out)], workers, context.args)


@app.command()
def observe(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="File to write.")],
    site: SiteOption = None,
    lab: Annotated[Path | None, typer.Option("--lab", metavar="DIR", help="The running lab of this folder.")] = None,
) -> None:
    """Read a site once and store what was seen; judges nothing."""
    from tkg_conformance.fixtures.observation import store
    from tkg_conformance.fixtures.observation.collect import observe as look

    described, _ = chosen_site(site, lab)
    _require_writable(out)
    progress = TerminalProgress()
    try:
        observation = look(described, progress=progress, suite_version=__version__)
    finally:
        progress.close()
    store.save(observation, out)
    typer.echo(
        f"{out}: {sum(observation.requests.values())} requests in {observation.duration_s:.1f} s, "
        f"digest {store.digest(observation)}"
    )
    for problem in observation.problems:
        typer.echo(in_words(problem), err=True)


@app.command()
def explain(
    requirement: Annotated[
        str | None, typer.Argument(metavar="ID", help="A requirement, for instance ZONE-8; or an --area.")
    ] = None,
    area: Annotated[str | None, typer.Option("--area", metavar="AREA", help="All requirements of this area.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="An --area as a page in Markdown.")] = False,
    results: Annotated[
        Path | None, typer.Option("--results", metavar="FILE", help="Show its verdicts of this run.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, a list of requirements.")] = False,
) -> None:
    """Say what a requirement demands, where it comes from, how to check it by hand and what to do."""
    if (requirement is None) == (area is None) or (markdown and (area is None or results is not None or as_json)):
        raise UsageError("explain takes the ID of a requirement or --area; --markdown goes with --area alone.")
    catalogue = catalogues.load()
    if requirement is not None:
        chosen = [catalogue.requirement(requirement.upper())]
    else:
        name = catalogue.area(str(area)).name
        chosen = [each for each in catalogue.requirements if each.area == name]
    if markdown:
        typer.echo(area_page(catalogue.area(chosen[0].area), chosen, catalogue.rests_on), nl=False)
        return
    rows = results_json.load(results).results if results else None
    if as_json:
        described = [manual.explained(each, catalogue.area(each.area), catalogue.rests_on, rows) for each in chosen]
        typer.echo(json.dumps(described, indent=2, ensure_ascii=False))
        return
    for number, each in enumerate(chosen):
        gap = [Line("")] if number else []
        styling.echo([*gap, *manual.explain_lines(each, catalogue.area(each.area), catalogue.rests_on, rows)])


@app.command("list")
def list_(
    area: AreaOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the catalogue as JSON.")] = False,
) -> None:
    """List the requirements."""
    catalogue = catalogues.load()
    names = {catalogue.area(name).name for name in area or ()}
    chosen = [each for each in catalogue.requirements if not names or each.area in names]
    if as_json:
        typer.echo(json.dumps(decoding.plain(chosen), indent=2, ensure_ascii=False))
    else:
        styling.echo(manual.list_lines(chosen, catalogue.areas))


def _require_writable(file: Path) -> None:
    """Find out before a site is read that what was seen could not be kept."""
    if file.is_dir():
        raise UsageError(f"--out {file} is a folder; name the file to write.")
    if file.exists() and not file.is_file():
        raise UsageError(f"--out {file} is no regular file, and would be replaced by one; choose another name.")
    try:
        check_writable(file.parent)
    except WriteError as error:
        raise UsageError(f"The observation would be lost: {error}.") from error


def unsettled(results: Path) -> list[str]:
    """Return the requirements that a former run selected and did not settle, in its order.

    Raises:
        UsageError: if there is none, because running everything instead would surprise.
    """
    open_verdicts = (Verdict.FAIL, Verdict.BLOCKED, Verdict.INCONCLUSIVE, Verdict.NOT_RUN)
    rows = results_json.load(results).results
    ids = list(dict.fromkeys(row.id for row in rows if row.selected and row.verdict in open_verdicts))
    if not ids:
        raise UsageError(f"Everything that {results} selected is settled; there is nothing to run again.")
    return ids


def _selection(
    cluster: list[str] | None, area: list[str] | None, require: list[str] | None, profile: Path | None
) -> list[str]:
    arguments: list[str] = ["--tkg-profile", str(profile)] if profile else []
    for flag, values in (("--tkg-cluster", cluster), ("--tkg-area", area), ("--tkg-require", require)):
        for value in values or ():
            arguments += [flag, value]
    return arguments


def _pytest(options: list[str], workers: int, passed_on: list[str]) -> NoReturn:
    """Run the suite by the pytest command that is printed, in this process and with no ini file of the folder."""
    arguments = ["--pyargs", SUITE, *options, "-p", "no:cacheprovider", "-q", "-rN", "--tb=no"]
    if workers:
        arguments += ["-n", str(workers)]
    printed = Printed(shlex.join(["pytest", *arguments, *passed_on]))
    typer.echo(f"$ {printed.command}", err=True)
    with tempfile.TemporaryDirectory(prefix="tkg-conformance-") as empty:
        ini = Path(empty) / "pytest.ini"
        # The command has imported the package before pytest could rewrite it; checks use no assert.
        ini.write_text("[pytest]\nfilterwarnings = ignore::pytest.PytestAssertRewriteWarning\n")
        code = pytest.main([*arguments, "-c", str(ini), "--rootdir", empty, *passed_on], plugins=[printed])
    raise SystemExit(int(code))


def main() -> NoReturn:
    """Run the command; every expected error ends in one sentence and the documented exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    _open_standard_streams()
    try:
        timeouts.check()
        status = app(standalone_mode=False)
        sys.stdout.flush()
    except CommandLineError as error:
        _end(ExitCode.USAGE, f"{error.format_message()} (see `{_command_path(error)} --help`)")
    except UsageError as error:
        _end(ExitCode.USAGE, str(error))
    except ResultsError as error:
        _end(ExitCode.USAGE, str(error))
    except (ConformanceError, ReportsError) as error:
        _end(ExitCode.ABORTED, str(error))
    except (KeyboardInterrupt, typer.Abort):
        _end(ExitCode.INTERRUPTED, _INTERRUPTED)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python would fail again at its end
        what = f" {error.filename}" if error.filename else ""
        _end(ExitCode.ABORTED, f"The system refused to read or write{what}: {error.strerror or type(error).__name__}.")
    except SystemExit:
        # Typer ends with 1, "not certified", where the reader of the output has gone; a shell says 141 of that.
        if type(sys.stdout).__name__ == "PacifyFlushWrapper":
            raise SystemExit(128 + signal.SIGPIPE) from None
        raise
    except Exception as error:  # whatever it is, people get a sentence; the traceback is for who mends it
        _end(ExitCode.INTERNAL_ERROR, _internal(error))
    if status == _TYPER_INTERRUPTED:
        _end(ExitCode.INTERRUPTED, _INTERRUPTED)
    raise SystemExit(status or 0)


def _open_standard_streams() -> None:
    """Put the null device where a standard stream is closed, so that no file of the run gets its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            descriptor = os.open(os.devnull, os.O_RDWR)
            if descriptor != number:
                os.dup2(descriptor, number)
                os.close(descriptor)
            setattr(sys, name, os.fdopen(number, mode, closefd=False))


def _internal(error: Exception) -> str:
    """Say where an unforeseen error arose; its text is left out, because it may quote what must not be shown."""
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}, line {frame.lineno}"
    return f"Internal error: {type(error).__name__} at {where}; please report it, {TRACEBACK}=1 shows the traceback."


def _command_path(error: Any) -> str:
    return str(error.ctx.command_path) if error.ctx is not None else "tkg-conformance"


def _end(code: int, sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise SystemExit(int(code))


def _interrupt(signum: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
