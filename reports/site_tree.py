"""The site as a tree to draw: what contains what, and what was found about each part; pure preparation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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

    `place` is None for what stands in for a container that was not seen, or that an object does without.
    """

    place: Placed | None
    title: str
    violated: Violated | None = None
    parts: tuple[Part, ...] = ()
    used_by: Mapping[str, int] = field(default_factory=dict)

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
    children: dict[str | None, list[Placed]] = {}
    known = {each.ref for each in topology.objects}
    for each in topology.objects:
        children.setdefault(each.parent if each.parent in known else None, []).append(each)
    marks = {each.ref: each for each in found if each.placed}
    zones = _zones(topology.objects)
    users: dict[str, Counter[str]] = {}
    for vm in topology.objects:
        for ref in dict.fromkeys(vm.uses):
            users.setdefault(ref, Counter())[zones.get(vm.ref, "")] += 1

    def part(place: Placed) -> Part:
        inner = [part(each) for each in children.get(place.ref, ())]
        return Part(place, place.name, marks.get(place.ref), _housed(place, inner), users.get(place.ref, {}))

    outer = (PlaceKind.VCENTER, PlaceKind.DATACENTER)
    roots = [part(each) for each in children.get(None, ())]
    loose = [each for each in roots if each.place and each.place.kind not in outer]
    if loose:
        roots = [each for each in roots if each not in loose]
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


def _housed(place: Placed | None, inner: Iterable[Part]) -> tuple[Part, ...]:
    """Return what an object contains; VMs without a known host are gathered, hosts without a cluster too."""
    parts = list(inner)
    if place and place.kind is PlaceKind.HOST:
        return tuple(sorted(parts, key=_urgency))
    loose = [each for each in parts if each.place and each.place.kind is PlaceKind.VM]
    if loose:
        parts = [each for each in parts if each not in loose]
        parts.append(Part(None, "host not known", parts=tuple(sorted(loose, key=_urgency))))
    alone = [each for each in parts if each.place is None or each.place.kind is PlaceKind.HOST]
    if alone and (place is None or place.kind is not PlaceKind.COMPUTE_CLUSTER):
        parts = [each for each in parts if each not in alone]
        parts.append(Part(None, "outside of a compute cluster", parts=tuple(alone)))
    return tuple(parts)


def _zones(objects: Iterable[Placed]) -> Mapping[str, str]:
    """Return by VM the `ref` of the compute cluster that it runs in."""
    places = {each.ref: each for each in objects}
    found = {}
    for vm in places.values():
        above = places.get(vm.parent or "") if vm.kind is PlaceKind.VM else None
        for _ in places:
            if above is None or above.kind is PlaceKind.COMPUTE_CLUSTER:
                break
            above = places.get(above.parent or "")
        if above is not None:
            found[vm.ref] = above.ref
    return found


def _urgency(part: Part) -> tuple[bool, int, str]:
    number = int(part.violated.anchor.rpartition("-")[2]) if part.violated else 0
    return part.violated is None, number, part.title
