"""The objects that findings are about, each once under all of its names: what a drawing marks and links to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tkg_conformance.reports.causes import natural
from tkg_conformance.reports.records import Finding, Result, Verdict
from tkg_conformance.reports.topology_records import Placed, Topology
from tkg_conformance.reports.verdict import PRECEDENCE, worst


@dataclass(frozen=True, slots=True)
class Violated:
    """One object with findings.

    `statements` are the rows with what they found; `placed` is the object of the drawing that it stands for, a VM for
    its Node and Machine too; `anchor` identifies it in a page.
    """

    ref: str
    anchor: str
    verdict: Verdict
    statements: tuple[tuple[Result, Finding], ...]
    placed: Placed | None


def violated(rows: Iterable[Result], topology: Topology | None = None) -> tuple[Violated, ...]:
    """Return the objects with findings, the worst verdict first."""
    places = drawn_names(topology.objects if topology else ())
    found: dict[str, list[tuple[Result, Finding]]] = {}
    for row in rows:
        for finding in row.findings:
            place = places.get(finding.object)
            found.setdefault(place.ref if place else finding.object, []).append((row, finding))
    return tuple(
        Violated(ref, f"object-{number}", worst(row.verdict for row, _ in said), tuple(said), places.get(ref))
        for number, (ref, said) in enumerate(sorted(found.items(), key=_weight), 1)
    )


def drawn_names(objects: Sequence[Placed]) -> Mapping[str, Placed]:
    """Return the objects of the drawing by each of their names."""
    return {name: each for each in reversed(objects) for name in (*each.also, each.ref)}


def _weight(item: tuple[str, list[tuple[Result, Finding]]]) -> tuple[int, tuple[str, int], str]:
    ref, said = item
    return (
        min(PRECEDENCE.index(row.verdict) for row, _ in said),
        min(natural(row.id) for row, _ in said),
        ref,
    )
