"""The commands `tkg-conformance lab ...`; each imports the lab itself, which other commands do without."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tkg_conformance.fixtures import sitefile
from tkg_conformance.plugins.progress import TerminalProgress

if TYPE_CHECKING:
    from tkg_conformance.fixtures.lab import LabStatus

lab_commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

DirOption = Annotated[Path, typer.Option("--dir", metavar="DIR", help="The lab's folder.")]


@lab_commands.command()
def build(
    witnesses: Annotated[
        bool, typer.Option("--witnesses", help="Build govc and kubectl too, to check by hand.")
    ] = False,
) -> None:
    """Build the lab's programs from Go modules, once; later calls find them in the cache."""
    from tkg_conformance.fixtures import lab
    from tkg_conformance.fixtures.lab.components import WITNESSES

    progress = TerminalProgress()
    try:
        binaries = lab.build(progress)
        commands = lab.build(progress, [each.name for each in WITNESSES]) if witnesses else None
    finally:
        progress.close()
    for name, binary in sorted(binaries.by_name.items()):
        size = f"{binary.path.stat().st_size / 2**20:>5.0f} MiB" if binary.path.exists() else "manifests"
        typer.echo(f"{name:<32} {binary.version:<10} {size}")
    typer.echo("The lab's programs are ready.")
    if commands is not None:
        folders = os.pathsep.join(str(binary.path.parent) for binary in commands.by_name.values())
        typer.echo(f"govc and kubectl:  export PATH={folders}:$PATH")


@lab_commands.command()
def up(
    directory: DirOption,
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="NAME", help="Name or file of a scenario.")
    ] = "default",
    vcenter: Annotated[
        str, typer.Option("--vcenter", metavar="HOW", help="process, or container (Docker or Podman).")
    ] = "process",
    vcenter_image: Annotated[
        str, typer.Option("--vcenter-image", metavar="IMAGE", help="Image instead of the one built here.")
    ] = "",
    management: Annotated[
        str, typer.Option("--management", metavar="HOW", help="processes, kind, or kubeconfig:FILE[:CONTEXT].")
    ] = "processes",
    kind: Annotated[str, typer.Option("--kind", metavar="PROGRAM", help="The kind command to use.")] = "",
    kind_image: Annotated[str, typer.Option("--kind-image", metavar="IMAGE", help="Node image of kind.")] = "",
    kind_load: Annotated[
        list[str] | None, typer.Option("--kind-load", metavar="IMAGE", help="Image to load into kind; repeatable.")
    ] = None,
    kind_mount: Annotated[
        list[str] | None, typer.Option("--kind-mount", metavar="HOST:NODE", help="Path to mount in kind; repeatable.")
    ] = None,
    clusterctl_config: Annotated[
        str, typer.Option("--clusterctl-config", metavar="FILE", help="Where clusterctl finds providers and images.")
    ] = "",
) -> None:
    """Start a lab, wait until its site is healthy, and leave it running."""
    from tkg_conformance.fixtures import lab

    providers = lab.Providers(
        vcenter=vcenter,
        vcenter_image=vcenter_image,
        management=management,
        kind=kind,
        kind_image=kind_image,
        kind_images=tuple(kind_load or ()),
        kind_mounts=tuple(kind_mount or ()),
        clusterctl_config=clusterctl_config,
    )
    progress = TerminalProgress()
    try:
        lab.up(directory, scenario=scenario, providers=providers, progress=progress)
    finally:
        progress.close()
    for line in status_lines(lab.status(directory)):
        typer.echo(line)
    typer.echo(f"Use it:  . {directory}/env; kubectl get clusters -A; govc find /")
    typer.echo(f"Judge it: tkg-conformance run --lab {directory}")
    typer.echo(f"End it:  tkg-conformance lab down --dir {directory}")


@lab_commands.command()
def status(
    directory: DirOption,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show the lab's components with version, pid, memory and health, and where the start's time went."""
    from tkg_conformance.fixtures import lab

    found = lab.status(directory)
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2, default=str))
        return
    for line in status_lines(found):
        typer.echo(line)


@lab_commands.command()
def down(directory: DirOption) -> None:
    """End everything that a lab started, also after a crash."""
    from tkg_conformance.fixtures import lab

    if not lab.is_lab(directory):
        typer.echo(f"There is no lab in {directory}; nothing was ended.")
        return
    progress = TerminalProgress()
    try:
        lab.down(directory, progress=progress)
    finally:
        progress.close()
    typer.echo(f"The lab of {directory} is down.")


@lab_commands.command()
def gaps(
    site: Annotated[Path, typer.Option("--site", metavar="FILE", help="Site file, also a lab's DIR/site.yaml.")],
) -> None:
    """Say which vCenters of a site file are simulators and what those lack; needs no login and writes nothing."""
    from tkg_conformance.fixtures.lab.vcenter import ExternalVCenter

    for entry in sitefile.load(site).vcenters:
        vcenter = ExternalVCenter(entry)
        vcenter.start()
        for line in vcenter.notes or (f"vCenter {entry.name} is no simulator.",):
            typer.echo(line)


def status_lines(found: LabStatus) -> list[str]:
    """Return the table of a lab's components, 79 columns at most where names allow."""
    lines = [f"lab {found.state}  scenario {found.scenario}"]
    if found.components:
        lines.append(f"{'COMPONENT':<32} {'VERSION':<10} {'PID':>7} {'MEMORY':>9}  HEALTH")
    for each in found.components:
        memory = f"{each.memory_mib:.0f} MiB" if each.memory_mib is not None else "-"
        lines.append(f"{each.name:<32} {each.version:<10} {each.pid or '-':>7} {memory:>9}  {each.health}")
    lines += [f"note: {note}" for note in found.notes]
    if found.phases:
        spent = ", ".join(f"{phase.name} {phase.seconds:.1f} s" for phase in found.phases)
        lines.append(f"started in: {spent}")
    return lines
