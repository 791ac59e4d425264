"""The site as a tree to draw: what contains what, and what was found about each part; pure preparation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tkg_conformance.reports.topology_records import Placed, PlaceKind, Topology
from tkg_conformance.reports.violated import Violated
from tkg_conformance.reports.words import counted

_STORAGE = (PlaceKind.DATASTORE_CLUSTER, PlaceKind.DATASTORE)
NAMES: Mapping[PlaceKind, str] = {
    PlaceKind.VCENTER: "vCenter",
    PlaceKind.DATACENTER: "datacenter",
    PlaceKind.COMPUTE_CLUSTER: "compute cluster",
    PlaceKind.HOST: "host",
    PlaceKind.VM: "VM",
    PlaceKind.DATASTORE_CLUSTER: "datastore cluster",
    PlaceKind.DATASTORE: "datastore",
    PlaceKind.PORT_GROUP: "port group",
}


@dataclass(frozen=True)
class Part:
    """One object with what it contains; `violated` is None if no finding is about it.

    `place` is None for what stands in for a container that was not seen, or that an object does without. `number` tells
    objects apart, because two vCenters may hold equal paths; `used_by` counts VMs by the number of their zone.
    """

    place: Placed | None
    title: str
    violated: Violated | None = None
    parts: tuple[Part, ...] = ()
    number: int = -1
    used_by: Mapping[int, int] = field(default_factory=dict)

    def of(self, *kinds: PlaceKind) -> tuple[Part, ...]:
        """Return the contained objects of some kinds."""
        return tuple(each for each in self.parts if each.place and each.place.kind in kinds)

    @cached_property
    def machines(self) -> tuple[Part, ...]:
        """All VMs below, those with findings first."""
        own = self.of(PlaceKind.VM)
        below = [vm for each in self.parts for vm in each.machines]
        return tuple(sorted((*own, *below), key=_urgency))

    @cached_property
    def is_marked(self) -> bool:
        """Say whether anything was found about the object or below it."""
        return self.violated is not None or any(each.is_marked for each in self.parts)


def site_tree(topology: Topology, found: Sequence[Violated]) -> tuple[Part, ...]:
    """Return the outermost objects of the drawing, with all that they contain."""
    above, uses = _references(topology.objects)
    children: dict[int | None, list[int]] = {}
    for number, parent in enumerate(above):
        children.setdefault(parent, []).append(number)
    marks = {each.ref: each for each in found if each.placed}
    users: dict[int, Counter[int]] = {}
    for number, used in enumerate(uses):
        for each in used:
            users.setdefault(each, Counter())[_zone(topology.objects, above, number)] += 1

    def part(number: int) -> Part:
        place = topology.objects[number]
        inner = _housed(place, [part(each) for each in children.get(number, ())])
        return Part(place, place.name, marks.get(place.ref), inner, number, users.get(number, {}))

    roots, loose = _split(
        [part(each) for each in children.get(None, ())],
        lambda each: each.place is not None and each.place.kind in (PlaceKind.VCENTER, PlaceKind.DATACENTER),
    )
    if loose:
        roots.append(Part(None, "outside of what was seen", parts=_housed(None, loose)))
    return tuple(roots)


def zone_name(part: Part) -> str:
    """Return the name by which a compute cluster is known as a zone, else its own."""
    return (part.place.zone if part.place else "") or part.title


def left_out(topology: Topology) -> str:
    """Return what is not drawn, in words; "" if all is."""
    names = {kind.value: name for kind, name in NAMES.items()}
    return ", ".join(counted(number, names.get(kind, kind)) for kind, number in (topology.left_out or {}).items())


def described(place: Placed) -> str:
    """Return what is known of a VM beside its name, in words."""
    systems = {"windows": "Windows", "linux": "Linux"}
    words = (place.role.replace("-", " "), systems.get(place.os, place.os), place.cluster)
    return " · ".join(word for word in words if word)


def _housed(place: Placed | None, inner: list[Part]) -> tuple[Part, ...]:
    """Return what an object contains; VMs without a known host are gathered, hosts without a cluster too."""
    if place and place.kind is PlaceKind.HOST:
        return tuple(sorted(inner, key=_urgency))
    homeless, parts = _split(inner, lambda each: each.place is not None and each.place.kind is PlaceKind.VM)
    if homeless:
        parts.append(Part(None, "host not known", parts=tuple(sorted(homeless, key=_urgency))))
    if place and place.kind is PlaceKind.COMPUTE_CLUSTER:
        return tuple(parts)
    alone, parts = _split(parts, lambda each: each.place is None or each.place.kind is PlaceKind.HOST)
    if alone:
        parts.append(Part(None, "outside of a compute cluster", parts=tuple(alone)))
    return tuple(parts)


def _split(parts: list[Part], is_meant: Callable[[Part], bool]) -> tuple[list[Part], list[Part]]:
    """Return those that are meant, and the others."""
    return [each for each in parts if is_meant(each)], [each for each in parts if not is_meant(each)]


def _references(objects: Sequence[Placed]) -> tuple[list[int | None], list[list[int]]]:
    """Return, for each object, what contains it and what it uses: the nearest of that name before it."""
    latest: dict[str, int] = {}
    above: list[int | None] = []
    uses: list[list[int]] = []
    for number, each in enumerate(objects):
        above.append(latest.get(each.parent) if each.parent else None)
        uses.append([latest[ref] for ref in dict.fromkeys(each.uses) if ref in latest])
        latest[each.ref] = number
    return above, uses


def _zone(objects: Sequence[Placed], above: Sequence[int | None], number: int) -> int:
    """Return the compute cluster that holds an object; -1 if none does."""
    parent = above[number]
    while parent is not None and objects[parent].kind is not PlaceKind.COMPUTE_CLUSTER:
        parent = above[parent]
    return -1 if parent is None else parent


def _urgency(part: Part) -> tuple[bool, int, str]:
    number = int(part.violated.anchor.rpartition("-")[2]) if part.violated else 0
    return part.violated is None, number, part.title
