"""What `init` says: what it wrote, what it could not find, how roles are applied, what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tkg_conformance.fixtures import roles
from tkg_conformance.fixtures.preflight.discovery import Discovered
from tkg_conformance.reports.layout import Line, indented
from tkg_conformance.reports.words import Tone

WIDTH = 80

_IDS = r"sed -n 's/.*{id: \([A-Za-z.]*\),.*/\1/p'"


def init_lines(found: Discovered, out: Path, *, width: int = WIDTH) -> Iterator[Line]:
    """Yield the lines about the site file."""
    clusters = ", ".join(f"{each.name} ({each.type or 'type unknown'})" for each in found.clusters) or "none"
    yield Line(f"{out} is written.", Tone.GOOD, bold=True)
    yield from _named("vCenters", ", ".join(each.server for each in found.vcenters) or "none", width)
    yield from _named("context", found.context or "none", width)
    yield from _named("clusters", clusters, width)
    if found.missing:
        yield Line("Not found, and to be filled in there:", Tone.WARN)
        for each in found.missing:
            first, *rest = indented(each, width=width, indent="    ")
            yield Line(f"  - {first.strip()}", Tone.WARN)
            yield from (Line(text, Tone.WARN) for text in rest)
    yield Line(f"Next: tkg-conformance doctor --site {out}")


def role_lines(directory: Path, *, width: int = WIDTH) -> Iterator[Line]:
    """Yield one sentence for each role file on how to apply it; a command stays on one line, to be copied."""
    yield Line(f"The role files are in {directory}:", Tone.GOOD, bold=True)
    observer, workload = roles.observer(), roles.workload_account()
    for name, sentence, commands in (
        (
            "vsphere-observer.yaml",
            "the observing account: create the role (vCenter adds System.* by itself) and give it at the root folder.",
            (
                f"govc role.create {observer.name} {_without_system(observer)}",
                f"govc permissions.set -principal USER -role {observer.name} -propagate=true /",
            ),
        ),
        (
            "vsphere-workload.yaml",
            "the account that clusters run under: create the role and give it on the objects that the file names.",
            (
                f"govc role.create {workload.name} $({_IDS} {directory / 'vsphere-workload.yaml'} | grep -v ^System)",
                f"govc permissions.set -principal USER -role {workload.name} -propagate=false PATH",
            ),
        ),
        (
            "kubernetes-management.yaml",
            "the management cluster: apply it; `plan --rbac` prints it with Roles for Secrets and with bindings.",
            (f"kubectl --context MANAGEMENT apply -f {directory / 'kubernetes-management.yaml'}",),
        ),
        (
            "kubernetes-workload.yaml",
            "each workload cluster: apply it there; `plan --rbac` prints the Role for its Secrets and the bindings.",
            (f"kubectl --context WORKLOAD apply -f {directory / 'kubernetes-workload.yaml'}",),
        ),
    ):
        yield from (Line(text) for text in indented(f"{name}, for {sentence}", width=width, indent="  "))
        yield from (Line(f"    {command}") for command in commands)


def _without_system(role: roles.VSphereRole) -> str:
    return " ".join(sorted(each for each in role.ids if not each.startswith("System.")))


def _named(name: str, text: str, width: int) -> Iterator[Line]:
    head = f"  {name:<10}"
    first, *rest = indented(text, width=width, indent=" " * len(head))
    yield Line(head + first[len(head) :])
    yield from (Line(each) for each in rest)
