"""A site to draw and the course of a run: as small as the samples' or as large as anyone's."""

from __future__ import annotations

from tkg_conformance.reports.timeline_records import Span, SpanKind
from tkg_conformance.reports.topology_records import Placed, PlaceKind, Topology

SERVER = "vc01.example.org"


def topology(nodes: int = 6, *, zones: int = 3, hosts: int = 1) -> Topology:
    """Return a site of one vCenter whose zones (a compute cluster each) share so many nodes, every fourth Windows."""
    vcenter = Placed(f"vCenter {SERVER}", PlaceKind.VCENTER, SERVER)
    datacenter = Placed("Datacenter /dc0", PlaceKind.DATACENTER, "dc0", vcenter.ref, region="region-1")
    pod = Placed("StoragePod /dc0/datastore/pod1", PlaceKind.DATASTORE_CLUSTER, "pod1", datacenter.ref)
    stores = [
        Placed(f"Datastore /dc0/datastore/ds{number}", PlaceKind.DATASTORE, f"ds{number}", pod.ref)
        for number in range(1, 4)
    ]
    network = Placed("DistributedVirtualPortgroup /dc0/network/pg1", PlaceKind.PORT_GROUP, "pg1", datacenter.ref)
    objects = [vcenter, datacenter, pod, *stores, network]
    for zone in range(1, zones + 1):
        path = f"/dc0/host/cluster{zone}"
        cluster = Placed(
            f"ClusterComputeResource {path}",
            PlaceKind.COMPUTE_CLUSTER,
            f"cluster{zone}",
            datacenter.ref,
            zone=f"zone-{zone}",
        )
        machines = range(zone - 1, nodes, zones)
        objects.append(cluster)
        for host in range(1, hosts + 1):
            name = f"esx{zone}{host:02d}"
            objects.append(Placed(f"HostSystem {path}/{name}", PlaceKind.HOST, name, cluster.ref))
            objects += [_machine(each, objects[-1].ref, stores, network) for each in machines[host - 1 :: hosts]]
    return Topology(tuple(objects), {PlaceKind.HOST.value: 2, PlaceKind.DATASTORE.value: 5})


def _machine(number: int, host: str, stores: list[Placed], network: Placed) -> Placed:
    name = f"wl1-{number:04d}"
    return Placed(
        f"VirtualMachine /dc0/vm/{name}",
        PlaceKind.VM,
        name,
        host,
        also=(f"Node dev/wl1/{name}", f"Machine management/dev/{name}"),
        uses=(stores[number % len(stores)].ref, network.ref),
        cluster="dev/wl1",
        node=name,
        role="control-plane" if number < 3 else "worker",
        os="windows" if number % 4 == 3 else "linux",
    )


TIMELINE = (
    Span("lab", "starting the lab", SpanKind.WAIT, 0.0, 2.5),
    Span(f"vcenter:{SERVER}", "VirtualMachine", SpanKind.READ, 2.5, 0.4, 6),
    Span("management", "Cluster", SpanKind.READ, 2.6, 0.2, 2),
    Span("workload:dev/wl1", "Node", SpanKind.READ, 2.9, 0.15, 6),
    Span("gw0", "ZONE-1", SpanKind.CHECK, 3.4, 0.01),
    Span("gw1", "ZONE-8 [dev/wl1]", SpanKind.CHECK, 3.41, 0.02),
)
