"""Draws a site from what was observed: which machine of a workload cluster stands where, under findings' own names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from tkg_conformance.fixtures.observation.views import Site, SiteIndex
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject, VCenterView
from tkg_conformance.plugins.topology_machines import Machine, machines_of
from tkg_conformance.plugins.topology_names import further_names
from tkg_conformance.plugins.topology_tags import TagRoles, tag_roles
from tkg_conformance.reports.topology_records import Placed, PlaceKind, Topology

_NO_VCENTER = Placed("vCenter not known", PlaceKind.VCENTER, "not known")
"""What machines stand below whose vCenter nothing names."""
_PORT_GROUP = "DistributedVirtualPortgroup"
_KINDS = {
    "Datacenter": PlaceKind.DATACENTER,
    _PORT_GROUP: PlaceKind.PORT_GROUP,
    "Network": PlaceKind.PORT_GROUP,
    "OpaqueNetwork": PlaceKind.PORT_GROUP,
    "StoragePod": PlaceKind.DATASTORE_CLUSTER,
    "Datastore": PlaceKind.DATASTORE,
    "ClusterComputeResource": PlaceKind.COMPUTE_CLUSTER,
    "HostSystem": PlaceKind.HOST,
    "VirtualMachine": PlaceKind.VM,
}
_RANK = {kind: rank for rank, kind in enumerate(dict.fromkeys(_KINDS.values()))}
_ABOVE = {"Datastore": ("StoragePod", "Datacenter"), "HostSystem": ("ClusterComputeResource", "Datacenter")}
_REFERENCES = ("datastore", "network")
"""Keys of a device that refer to what the VM uses."""
_COMPUTE = (PlaceKind.COMPUTE_CLUSTER, PlaceKind.HOST, PlaceKind.VM)


def topology(index: SiteIndex, named: Iterable[str] = ()) -> Topology | None:
    """Return the drawing of an observed site, None if nothing of a vCenter was observed.

    `named` are the objects that findings name; they are drawn even where no workload cluster uses them. Nothing that
    was not seen is made up: a machine whose host is unknown stands below the nearest container that is known.
    """
    site = Site(index)
    if not site.vcenters:
        return None
    names = frozenset(named)
    machines = machines_of(site)
    objects: list[Placed] = []
    left_out: Counter[str] = Counter()
    for vcenter in sorted(site.vcenters, key=lambda each: each.server):
        here = [each for each in machines if each.vcenter is vcenter]
        drawing = _Drawing(vcenter, here, names, tag_roles(site, vcenter))
        objects += drawing.placed()
        left_out += drawing.left_out()
    objects += _elsewhere(each for each in machines if each.vcenter is None)
    return Topology(tuple(objects), dict(sorted(left_out.items())) or None)


def _elsewhere(machines: Iterable[Machine]) -> Iterator[Placed]:
    """Yield the machines whose vCenter was not observed, each below its vCenter's name."""
    by_server: dict[str, list[Machine]] = {}
    for each in machines:
        by_server.setdefault(each.server, []).append(each)
    for server, found in sorted(by_server.items()):
        above = Placed(f"vCenter {server}", PlaceKind.VCENTER, server) if server else _NO_VCENTER
        yield above
        yield from (each.unplaced(above.ref) for each in found)


class _Drawing:
    """One vCenter: what is to be drawn is collected with all that contains it; then everything is placed."""

    def __init__(self, vcenter: VCenterView, machines: list[Machine], named: frozenset[str], roles: TagRoles) -> None:
        self._vcenter, self._machines, self._roles = vcenter, machines, roles
        groups = vcenter.all(_PORT_GROUP)
        self._port_groups = {key: each for each in groups for key in (each.moid, each.props.get("key")) if key}
        self._by_vm: dict[str, list[Machine]] = {}
        for machine in machines:
            for vm in machine.member.candidates:
                self._by_vm.setdefault(vm.key, []).append(machine)
        self._drawn: dict[str, InventoryObject] = {}
        self._uses: dict[str, list[InventoryObject]] = {}
        self._collect(named)
        self._also = further_names(vcenter, self._drawn.values(), named)

    def placed(self) -> Iterator[Placed]:
        """Yield everything that is drawn: networks and storage before VMs, a container before its content."""
        yield Placed(self._vcenter.ref, PlaceKind.VCENTER, self._vcenter.server)
        content: dict[str, list[InventoryObject]] = {}
        roots = []
        for each in sorted(self._drawn.values(), key=_order):
            above = self._above(each)
            if _KINDS[each.type] not in _COMPUTE:
                yield self._place(each)
            elif above is not None and _KINDS[above.type] in _COMPUTE:
                content.setdefault(above.key, []).append(each)
            else:
                roots.append(each)
        yield from self._nested(roots, content)
        yield from (each.unplaced(self._vcenter.ref) for each in self._machines if not each.member.candidates)

    def left_out(self) -> Counter[str]:
        """Count by kind what is not drawn; templates are none of it."""
        found = (each for each in self._vcenter.all(*_KINDS) if each.key not in self._drawn and not _is_template(each))
        return Counter(_KINDS[each.type].value for each in found)

    def _nested(self, level: list[InventoryObject], content: dict[str, list[InventoryObject]]) -> Iterator[Placed]:
        for each in level:
            yield self._place(each)
            yield from self._nested(content.get(each.key, []), content)

    def _collect(self, named: frozenset[str]) -> None:
        for each in self._vcenter.all(*_KINDS):
            is_zone = each.type == "ClusterComputeResource" and bool(self._roles.zone(each))
            if each.key in self._by_vm or is_zone or (each.ref in named and not _is_template(each)):
                self._draw(each)
        for vm in [each for each in self._drawn.values() if each.type == "VirtualMachine"]:
            used = {each.key: each for each in self._used_by(vm)}
            self._uses[vm.key] = sorted(used.values(), key=_order)
            for each in used.values():
                self._draw(each)

    def _draw(self, thing: InventoryObject | None) -> None:
        """Take the object and all that contains it."""
        while thing is not None and thing.key not in self._drawn:
            self._drawn[thing.key] = thing
            thing = self._above(thing)

    def _above(self, thing: InventoryObject) -> InventoryObject | None:
        """Return what contains the object in the drawing, None for the vCenter itself."""
        if thing.type == "VirtualMachine":
            return self._above_vm(thing)
        if thing.type == "Datacenter":
            return None
        return self._vcenter.ancestor(self._vcenter.get(thing.object.parent), *_ABOVE.get(thing.type, ("Datacenter",)))

    def _above_vm(self, vm: InventoryObject) -> InventoryObject | None:
        """Return the VM's host, else the cluster of its resource pool, else the datacenter of either."""
        host = self._vcenter.host_of(vm)
        if host is not None and host.type == "HostSystem":
            return host
        pool = self._vcenter.get(vm.props.get("resourcePool"))
        owner = self._vcenter.get(pool.props.get("owner")) if pool else None
        return self._vcenter.ancestor(owner or vm, "ClusterComputeResource", "Datacenter")

    def _used_by(self, vm: InventoryObject) -> Iterator[InventoryObject]:
        """Yield the datastores that a VM lies on and the port groups that it is connected to, as far as seen."""
        devices = vm.props.get("config.hardware.device") or ()
        named = [*(vm.props.get("datastore") or ()), *(each.get(key) for each in devices for key in _REFERENCES)]
        found = [self._vcenter.get(key) for key in named if key]
        found += [self._port_groups.get(each.get("portgroupKey")) for each in devices]
        yield from (each for each in found if each is not None and each.type in _KINDS)

    def _place(self, thing: InventoryObject) -> Placed:
        above = self._above(thing)
        machines = self._by_vm.get(thing.key, [])
        also = [*(ref for each in machines for ref in each.refs), *self._also.get(thing.key, ())]
        first = machines[0] if machines else None
        return Placed(
            ref=thing.ref,
            kind=_KINDS[thing.type],
            name=thing.name,
            parent=above.ref if above else self._vcenter.ref,
            also=tuple(dict.fromkeys(also)),
            uses=tuple(each.ref for each in self._uses.get(thing.key, ())),
            region=self._roles.region(thing),
            zone=self._roles.zone(thing),
            cluster=first.cluster.name if first else "",
            node=first.node if first else "",
            role=first.role if first else "",
            os=first.os if first else "",
        )


def _is_template(thing: InventoryObject) -> bool:
    return thing.type == "VirtualMachine" and bool(thing.props.get("config.template"))


def _order(thing: InventoryObject) -> tuple[int, list[tuple[int, str]], str]:
    """Sort by kind and then by path as people count: host2 before host10."""
    parts = ((int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", thing.path))
    return _RANK[_KINDS[thing.type]], list(parts), thing.moid
