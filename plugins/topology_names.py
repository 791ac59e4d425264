"""Under which further names findings mean an object of the drawing: its ports, its compute resource, parts of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject, VCenterView

_STANDARD = "Network"


def further_names(vcenter: VCenterView, drawn: Iterable[InventoryObject], named: Iterable[str]) -> dict[str, list[str]]:
    """Return further names of drawn objects by key; `named` are the objects that findings name."""
    objects = {each.key: each for each in drawn}
    further: dict[str, list[str]] = {}
    parts = (*_ports(vcenter), *_host_port_groups(vcenter, objects.values()), *_stand_alone(vcenter))
    for key, name in parts:
        if key in objects:
            further.setdefault(key, []).append(name)
    by_ref = {each.ref: each.key for each in objects.values()}
    for name in sorted(set(named) - by_ref.keys()):
        if whole := _whole_of(name, by_ref):
            further.setdefault(whole, []).append(name)
    return further


def _ports(vcenter: VCenterView) -> Iterator[tuple[str, str]]:
    """Yield the single ports of distributed port groups."""
    yield from ((each.object.parent or "", each.ref) for each in vcenter.all("DistributedVirtualPort"))


def _host_port_groups(vcenter: VCenterView, drawn: Iterable[InventoryObject]) -> Iterator[tuple[str, str]]:
    """Yield what each host makes of a standard network, which vCenter shows as one for all hosts of a datacenter."""
    groups = vcenter.all("HostPortGroup")
    for network in [each for each in drawn if each.type == _STANDARD]:
        for group in groups:
            host = vcenter.get(group.object.parent)
            if group.name == network.name and host and network.key in (host.props.get("network") or ()):
                yield network.key, group.ref


def _stand_alone(vcenter: VCenterView) -> Iterator[tuple[str, str]]:
    """Yield the compute resources of hosts that belong to no cluster."""
    for host in vcenter.all("HostSystem"):
        above = vcenter.get(host.object.parent)
        if above is not None and above.type == "ComputeResource":
            yield host.key, above.ref


def _whole_of(name: str, by_ref: dict[str, str]) -> str | None:
    """Return the key of the object that a name of a part begins with: "VirtualMachine /dc0/vm/a adapter 4000"."""
    while " " in name:
        name = name.rpartition(" ")[0]
        if name in by_ref:
            return by_ref[name]
    return None
