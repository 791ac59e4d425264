"""The machines of all workload clusters as the drawing needs them: where, under which names, of what kind."""

from __future__ import annotations

from dataclasses import dataclass

from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.members import Member, node_system
from tkg_conformance.fixtures.observation.views.vcenter import VCenterView
from tkg_conformance.reports.topology_records import Placed, PlaceKind

_OF_A_NODE = ("CSINode", "CSINodeTopology")
"""Kinds on the workload cluster that bear the name of their Node."""
_SYSTEMS = ("linux", "windows")


@dataclass(frozen=True, eq=False, slots=True)
class Machine:
    """A machine of a workload cluster; `vcenter` is None where the vCenter named `server` was not observed."""

    cluster: Cluster
    member: Member
    vcenter: VCenterView | None
    server: str

    @property
    def node(self) -> str:
        """The name of the Node, "" while there is none."""
        return self.member.node.name if self.member.node else ""

    @property
    def role(self) -> str:
        return "control-plane" if self.member.is_control_plane else "worker"

    @property
    def os(self) -> str:
        """What the Node says that it runs; without a Node, what the VM is configured for."""
        if self.member.node is not None:
            system = node_system(self.member.node)
            return system if system in _SYSTEMS else ""
        guest = str(self.member.vm.props.get("config.guestId") or "") if self.member.vm else ""
        return ("windows" if guest.lower().startswith("win") else "linux") if guest else ""

    @property
    def refs(self) -> tuple[str, ...]:
        """The names of the Kubernetes objects that stand for the machine."""
        parts = (self.member.node, self.member.machine, self.member.vsphere_machine, self.member.vsphere_vm)
        beside = (self.cluster.workload.get(kind, self.node) for kind in _OF_A_NODE if self.node)
        return tuple(each.ref for each in (*parts, *beside) if each is not None)

    def unplaced(self, parent: str) -> Placed:
        """Return the machine without a VM, which was not seen or does not exist yet, below what is known of it."""
        known = self.member.node or self.member.machine
        return Placed(
            ref=self.member.ref,
            kind=PlaceKind.VM,
            name=known.name if known else self.member.ref,
            parent=parent,
            also=tuple(ref for ref in self.refs if ref != self.member.ref),
            cluster=self.cluster.name,
            node=self.node,
            role=self.role,
            os=self.os,
        )


def machines_of(site: Site) -> list[Machine]:
    """Return the machines of all workload clusters, in the site file's order and then by name."""
    found = []
    for cluster in site.clusters:
        vcenter = cluster.vcenter
        server = vcenter.server if vcenter else cluster.server or ""
        members = sorted(cluster.members, key=lambda member: member.ref)
        found += [Machine(cluster, member, vcenter, server) for member in members]
    return found
