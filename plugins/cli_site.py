"""The commands that are about a site and judge nothing: `init`, `doctor`, `plan`, `render`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import orjson
import typer

from tkg_conformance import __version__
from tkg_conformance.fixtures import roles, sitefile
from tkg_conformance.fixtures.creation import dry_run
from tkg_conformance.fixtures.creation.prepare import plan as plan_creation
from tkg_conformance.fixtures.errors import SiteUnreachable, UsageError
from tkg_conformance.fixtures.metering import Meter
from tkg_conformance.fixtures.preflight.discovery import discover_site
from tkg_conformance.fixtures.preflight.doctor import examine
from tkg_conformance.fixtures.preflight.plan import make_plan, size_management
from tkg_conformance.fixtures.preflight.rbac import GROUP, PROBERS, as_yaml, manifests, prober_manifests
from tkg_conformance.fixtures.preflight.site_text import site_text
from tkg_conformance.fixtures.probes.model import Probe
from tkg_conformance.fixtures.sitefile import SiteFile
from tkg_conformance.plugins import catalogue as catalogues
from tkg_conformance.plugins import selection, sources, styling
from tkg_conformance.plugins.doctor_text import doctor_lines
from tkg_conformance.plugins.init_text import init_lines, role_lines
from tkg_conformance.plugins.options import SOURCES
from tkg_conformance.plugins.plan_text import plan_lines
from tkg_conformance.plugins.session import site_of_lab
from tkg_conformance.reports import files
from tkg_conformance.reports.verdict import ExitCode

site_commands = typer.Typer(rich_markup_mode=None)

SiteOption = Annotated[Path | None, typer.Option("--site", metavar="FILE", help="Site file; else the environment.")]
LabOption = Annotated[Path | None, typer.Option("--lab", metavar="DIR", help="The running lab of this folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, whose key `schema` names its form.")]


@site_commands.command()
def init(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Site file to write.")] = Path("site.yaml"),
    config: Annotated[
        list[Path] | None,
        typer.Option("--config", metavar="FILE", help="TKG cluster configuration (flat or class-based); repeatable."),
    ] = None,
    directory: Annotated[
        Path | None, typer.Option("--roles", metavar="DIR", help="Also write the role files that accounts need there.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
) -> None:
    """Write a site file from KUBECONFIG, GOVC_*, VSPHERE_* and what they lead to; asks nothing, no login to vCenter."""
    shipped = {directory / name: text for name, text in roles.files().items()} if directory else {}
    _refuse_overwriting([out, *shipped], force=force)
    for folder, flag in ((out.parent, "--out"), (directory, "--roles")):
        _require_folder(folder, flag, may_be_made=folder is directory)
    found = discover_site(os.environ, config or ())
    files.write_atomically(out, site_text(found))
    sitefile.load(out)
    styling.echo(init_lines(found, out))
    if directory is not None:
        files.make_folder(directory)
        for path, text in shipped.items():
            files.write_atomically(path, text)
        styling.echo(role_lines(directory))


def _refuse_overwriting(paths: list[Path], *, force: bool) -> None:
    odd = [path for path in paths if path.exists() and not path.is_file()]
    if odd:
        raise UsageError(f"{odd[0]} is no regular file, and would be replaced by one; give another path.")
    there = [str(path) for path in paths if path.exists()]
    if there and not force:
        raise UsageError(f"{', '.join(there)} exists; it was not overwritten, give another path or --force.")


def _require_folder(folder: Path | None, flag: str, *, may_be_made: bool) -> None:
    if folder is None or folder.is_dir() or (may_be_made and not folder.exists()):
        return
    found = "is no folder" if folder.exists() else "does not exist"
    raise UsageError(f"{folder} ({flag}) {found}; create it or give another one.")


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


@site_commands.command()
def plan(
    site: SiteOption = None,
    directory: LabOption = None,
    cluster: Annotated[
        list[str] | None, typer.Option("--cluster", metavar="NS/NAME", help="As of the run; repeatable.")
    ] = None,
    area: Annotated[list[str] | None, typer.Option("--area", metavar="AREA", help="As of the run; repeatable.")] = None,
    require: Annotated[
        list[str] | None, typer.Option("--require", metavar="ID", help="As of the run; repeatable.")
    ] = None,
    create: Annotated[
        Path | None, typer.Option("--create", metavar="FILE", help="As of the run: also what this cluster needs.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="As of the run: the created cluster is not deleted.")] = False,
    probe: Annotated[
        list[str] | None,
        typer.Option("--probe", metavar="NAME", help="As of the run: also what this probe does; repeatable."),
    ] = None,
    probe_time: Annotated[
        float | None, typer.Option("--probe-time", metavar="SECONDS", min=1, help="As of the run.")
    ] = None,
    rbac: Annotated[
        bool, typer.Option("--rbac", help="Print ClusterRoles, Roles and bindings for this site as YAML instead.")
    ] = False,
    only: Annotated[
        str | None,
        typer.Option("--for", metavar="CLUSTER", help="With --rbac: only those for `management` or NS/NAME."),
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", help="With --rbac: the group of users that they are bound to.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a run would read, as whom, and how long it takes; writes nothing and reads no value of a Secret.

    With --create and --probe also the objects that the run would make and delete. --rbac --probe prints what the
    identity needs that probes write with.

    Ends with 0, 4 (wrong usage), 10 (a part of the site could not be planned) or 11 (nothing can be reached).
    """
    if rbac and as_json:
        raise UsageError("--rbac and --json exclude each other; give the one that is meant.")
    if only is not None and not rbac:
        raise UsageError("--for belongs to --rbac; give both or neither.")
    if keep and create is None:
        raise UsageError("--keep has a meaning only together with --create; give both or neither.")
    if rbac and create is not None:
        raise UsageError("--rbac prints what looking needs, and --create writes; give the one that is meant.")
    probes = selection.probes_of(probe or ())
    if probe_time is not None and not probes:
        raise UsageError("--probe-time has a meaning only together with --probe; give both or neither.")
    chosen, _ = chosen_site(site, directory)
    if rbac:
        text = prober_rbac_text(chosen, probes, only, group) if probes else rbac_text(chosen, only, group or GROUP)
        typer.echo(text, nl=False)
        return
    creation = plan_creation(chosen, create, keep=keep) if create is not None else None
    catalogue = catalogues.load()
    selector = selection.selector(
        catalogue,
        areas=area or (),
        requirements=require or (),
        clusters=cluster or (),
        known=[*(entry.name for entry in chosen.clusters), *([creation.cluster] if creation else [])],
        probes=probes,
    )
    described = selection.describe(catalogue, selector).description
    made = make_plan(
        chosen,
        environ=os.environ,
        selection=described,
        suite_version=__version__,
        creation=creation,
        probes=probes,
        probe_time=probe_time,
    )
    if as_json:
        typer.echo(orjson.dumps(made, option=orjson.OPT_INDENT_2).decode())
    else:
        styling.echo(plan_lines(made))
    raise SystemExit(ExitCode.INCOMPLETE if made.gaps else ExitCode.CERTIFIED)


@site_commands.command()
def render(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TKG cluster configuration file (flat variables).")],
    site: SiteOption = None,
    directory: LabOption = None,
    tkr: Annotated[
        str | None,
        typer.Option("--tkr", metavar="NAME", help="TKr to render for; with --cluster-class no site is asked."),
    ] = None,
    cluster_class: Annotated[
        str | None, typer.Option("--cluster-class", metavar="NAME", help="ClusterClass, with --tkr.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write here instead of printing.")] = None,
) -> None:
    """Print the class-based objects of a cluster file, as `tanzu cluster create --dry-run` does; no password in them.

    The tanzu command renders them if it is on the PATH. Without --tkr and --cluster-class the site's management cluster
    says which it has. Writes nothing to a site. Ends with 0, 4 (wrong usage) or 11 (nothing can be reached).
    """
    if (tkr is None) != (cluster_class is None):
        raise UsageError("--tkr and --cluster-class say together what to render for; give both or neither.")
    if tkr is not None and cluster_class is not None:
        made = dry_run.dry_run(file, release=dry_run.release_named(tkr, cluster_class))
    else:
        made = dry_run.dry_run(file, site=chosen_site(site, directory)[0])
    if out is None:
        typer.echo(made.text(), nl=False)
    else:
        _refuse_overwriting([out], force=False)
        _require_folder(out.parent, "--out", may_be_made=False)
        files.write_atomically(out, made.text())


def rbac_text(site: SiteFile, only: str | None, group: str) -> str:
    """Return the roles and bindings for the site's clusters, or for one of them, as YAML.

    Raises:
        UsageError: if there is no such cluster.
        SiteUnreachable: if the management cluster, whose objects name the Secrets, cannot be read.
    """
    _require_known(site, only)
    size = size_management(site, Meter())
    if size.failure:
        raise SiteUnreachable(f"The Roles name Secrets that the management cluster's objects name: {size.failure}")
    made = manifests(site, size.read, group=group)
    return "".join(as_yaml(name, objects) for name, objects in made.items() if only in (None, name))


def prober_rbac_text(site: SiteFile, probes: Sequence[Probe], only: str | None, group: str | None) -> str:
    """Return the roles and bindings of the identity that these probes write with, as YAML; nothing is read for it.

    Raises:
        UsageError: if there is no such cluster, or the probes write nothing there.
    """
    _require_known(site, only)
    made = prober_manifests(site, probes, group=group or PROBERS)
    chosen = {name: objects for name, objects in made.items() if only in (None, name)}
    if not chosen:
        where = f" on {only}" if only else ""
        raise UsageError(f"The probes {', '.join(probes)} write nothing{where}; the role of who looks is enough.")
    return "".join(as_yaml(name, objects) for name, objects in chosen.items())


def _require_known(site: SiteFile, only: str | None) -> None:
    known = ["management", *(entry.name for entry in site.clusters)]
    if only is not None and only not in known:
        raise UsageError(f"The site has no cluster {only!r}; expected one of {', '.join(known)}.")


def chosen_site(site: Path | None, directory: Path | None) -> tuple[SiteFile, dict[str, tuple[str, str]]]:
    """Return the site that the nearest place names, and the suite's options in force with their sources.

    The places are the command line, TKG_CONFORMANCE_*, and the ini file of the present folder; without any of them
    GOVC_*, VSPHERE_* and KUBECONFIG describe the site.

    Raises:
        UsageError: if two options contradict each other in one place, or there is no running lab.
    """
    named = sources.nearest({"site": site, "lab": directory}, ("site", "lab"))
    others = sources.from_ini() | sources.from_environment()
    settings = {name: value for name, value in others.items() if name not in SOURCES}
    if named is None:
        return sitefile.from_environment(), settings
    path = Path(named.value)
    described = sitefile.load(site_of_lab(path) if named.name == "lab" else path)
    return described, {named.name: (named.value, named.place)} | settings
