"""`proof.html`: what was broken and what was seen of it, for people; one file without scripts or outside parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tkg_conformance.reports.proof import FaultProof, Named, Proof
from tkg_conformance.reports.proof_text import minutes, time_shares
from tkg_conformance.reports.records import Verdict
from tkg_conformance.reports.templating import environment

_TEMPLATE = "proof.html.jinja"


@dataclass(frozen=True)
class Column:
    """One fault of a matrix, by its number in the area."""

    number: int
    proof: FaultProof


@dataclass(frozen=True)
class Row:
    """What each fault of the area did to one requirement: "found", "missed", a verdict, or "" where nothing."""

    requirement: Named
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """A requirement with its faults."""

    requirement: Named
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Matrix:
    """One area: its faults across, the requirements that changed with them down, and each requirement's faults."""

    area: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    tried: tuple[Tried, ...]


def render(proof: Proof) -> str:
    """Return the HTML text."""
    found = environment()
    found.globals.update(minutes=minutes)
    known = {each.id: each for each in proof.requirements}
    return found.get_template(_TEMPLATE).render(
        proof=proof,
        matrices=matrices(proof),
        names=known,
        missed=[each for each in proof.faults if not each.detected],
        shares=time_shares(proof),
        tone=_tone,
    )


def matrices(proof: Proof) -> list[Matrix]:
    """Return a matrix for each area that had a fault, in the catalogue's order."""
    known = {each.id: each for each in proof.requirements}
    areas: dict[str, list[FaultProof]] = {each.area: [] for each in proof.requirements}
    for fault in proof.faults:
        areas[known[fault.requirement].area].append(fault)
    return [_matrix(area, faults, known) for area, faults in areas.items() if faults]


def _matrix(area: str, faults: list[FaultProof], known: Mapping[str, Named]) -> Matrix:
    columns = tuple(Column(number, fault) for number, fault in enumerate(faults, 1))
    touched = {fault.requirement for fault in faults} | {_id(row) for fault in faults for row in fault.consequences}
    listed = [each for each in known.values() if each.area == area or each.id in touched]
    return Matrix(
        area,
        columns,
        tuple(Row(each, tuple(_cell(each.id, fault) for fault in faults)) for each in listed if each.id in touched),
        tuple(
            Tried(each, tuple(column for column in columns if column.proof.requirement == each.id))
            for each in listed
            if any(column.proof.requirement == each.id for column in columns)
        ),
    )


def _cell(requirement: str, fault: FaultProof) -> str:
    if requirement == fault.requirement:
        return "found" if fault.detected else "missed"
    return next((verdict for row, verdict in fault.consequences.items() if _id(row) == requirement), "")


def _id(row: str) -> str:
    """Return the requirement of a row's name, as "ZONE-8" of "ZONE-8 dev/wl1"."""
    return row.partition(" ")[0]


def _tone(verdict: str) -> str:
    """Return the class of a verdict's badge: red only for what stands for itself."""
    return {Verdict.PASS.value: "good", Verdict.FAIL.value: "bad", "": "quiet"}.get(verdict, "warn")
