"""The site as a drawing needs it: which object stands where, and which names mean the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PlaceKind(StrEnum):
    """What an object of the drawing is, in vSphere's words."""

    VCENTER = "vcenter"
    DATACENTER = "datacenter"
    COMPUTE_CLUSTER = "compute-cluster"
    HOST = "host"
    VM = "vm"
    DATASTORE_CLUSTER = "datastore-cluster"
    DATASTORE = "datastore"
    PORT_GROUP = "port-group"


@dataclass(frozen=True, slots=True)
class Placed:
    """One object of the drawing.

    `ref` is the name under which findings and examined objects list it, `parent` the `ref` of what contains it (None
    for a vCenter), `also` further names under which findings mean it (of a VM: its Node, Machine, VSphereMachine; of a
    port group: single ports). `uses` are the `ref`s of the datastores and port groups that a VM lies on and is
    connected to. Two vCenters may hold equal paths, hence equal `ref`s: `parent` and `uses` mean the nearest object of
    that `ref` before this one. `region` and `zone` are the names of the tags attached to the object itself. `cluster`
    is namespace/name of the workload cluster whose node a VM is, `node` the node's name, `role` "control-plane" or
    "worker", `os` "linux" or "windows"; empty for everything else and where not known. A machine whose VM was not seen
    has the `ref` of its Node or Machine and stands directly below its vCenter.
    """

    ref: str
    kind: PlaceKind
    name: str
    parent: str | None = None
    also: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    region: str = ""
    zone: str = ""
    cluster: str = ""
    node: str = ""
    role: str = ""
    os: str = ""


@dataclass(frozen=True, slots=True)
class Topology:
    """Every object of the drawing, a container before what it contains, storage and networks before VMs.

    Drawn is what the workload clusters use, what bears a zone's tag, and what a finding names. What holds nothing of
    them is left out and counted in `left_out` by kind; templates are neither drawn nor counted.
    """

    objects: tuple[Placed, ...] = ()
    left_out: dict[str, int] | None = None
