"""The drawing of constructed sites: everything in its place, under the names that findings use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

import pytest

from conformance.tests import ova_site
from conformance.tests.builder import SERVER, Sample, healthy
from conformance.tests.judging import judge
from conformance.tests.storage_changes import stored
from conformance.tests.test_site_shapes import SECOND, on_two_vcenters
from fixtures.observation.tests.shuffling import shuffled
from tkg_conformance.fixtures.observation.model import Observation
from tkg_conformance.fixtures.observation.views import SiteIndex
from tkg_conformance.plugins.topology import topology
from tkg_conformance.reports.topology_records import Placed, PlaceKind, Topology

VM, HOST = "VirtualMachine:vm-wl1-md-0", "HostSystem:host-11"
MACHINE = "VirtualMachine /dc0/vm/wl1-md-0"
CLUSTER1 = "ClusterComputeResource /dc0/host/cluster1"


def drawn(site: Sample | Observation, named: Iterable[str] = ()) -> Topology:
    observation = site.build() if isinstance(site, Sample) else site
    found = topology(SiteIndex.of(observation), named)
    assert found is not None
    return found


def placed(found: Topology, ref: str) -> Placed:
    return next(each for each in found.objects if each.ref == ref)


def parents(found: Topology) -> list[tuple[str, str | None]]:
    """Return (ref, parent) of all objects; fails for a parent or use that is not drawn before."""
    before: set[str | None] = {None}
    for each in found.objects:
        assert each.parent in before, each
        assert (each.parent is None) == (each.kind is PlaceKind.VCENTER), each
        assert set(each.uses) <= before, each
        before.add(each.ref)
    return [(each.ref, each.parent) for each in found.objects]


def test_the_healthy_site_is_drawn_from_the_vcenter_to_the_nodes() -> None:
    found = drawn(healthy())
    kinds = [each.kind.value for each in found.objects]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "vcenter": 1,
        "datacenter": 1,
        "port-group": 2,
        "compute-cluster": 3,
        "host": 3,
        "vm": 9,
    }
    assert found.left_out == {"datastore": 4, "host": 3}
    assert dict(parents(found)) | {
        f"vCenter {SERVER}": None,
        "Datacenter /dc0": f"vCenter {SERVER}",
        CLUSTER1: "Datacenter /dc0",
        f"HostSystem {CLUSTER1.split()[1]}/c1-host1": CLUSTER1,
        MACHINE: f"HostSystem {CLUSTER1.split()[1]}/c1-host1",
        "DistributedVirtualPortgroup /dc0/network/multi-os": "Datacenter /dc0",
    } == dict(parents(found))
    assert placed(found, "Datacenter /dc0").region == "region-1"
    assert [placed(found, f"ClusterComputeResource /dc0/host/cluster{n}").zone for n in (1, 2, 3)] == [
        "zone-a",
        "zone-b",
        "zone-c",
    ]


def test_a_vm_bears_what_is_known_of_its_node() -> None:
    sample = healthy()
    leader_machine = sample.find("Machine", "wl1-cp-0")
    leader_machine.metadata.setdefault("labels", {})["cluster.x-k8s.io/control-plane"] = ""
    found = drawn(sample)
    worker, leader, windows = (
        placed(found, f"VirtualMachine /dc0/vm/{name}") for name in ("wl1-md-0", "wl1-cp-0", "wl2-md-0")
    )
    assert (worker.cluster, worker.node, worker.role, worker.os) == ("dev/wl1", "wl1-md-0", "worker", "linux")
    assert (leader.role, windows.os, windows.cluster) == ("control-plane", "windows", "dev/wl2")
    assert {"Node dev/wl1/wl1-md-0", "Machine management/dev/wl1-md-0", "CSINode dev/wl1/wl1-md-0"} <= {*worker.also}
    assert {ref.split()[0] for ref in worker.also} >= {"Node", "Machine", "VSphereMachine", "VSphereVM", "CSINode"}
    assert worker.uses == ("DistributedVirtualPortgroup /dc0/network/workload",)
    assert windows.uses == ("DistributedVirtualPortgroup /dc0/network/multi-os",)


@pytest.mark.parametrize("site", [stored, healthy, ova_site.site])
def test_the_names_are_those_of_what_was_examined(site: Callable[[], Sample]) -> None:
    sample = site()
    found = drawn(sample)
    names = {name for each in found.objects for name in (each.ref, *each.also)}
    kinds = {
        "Node",
        "Machine",
        "VSphereVM",
        "CSINode",
        "ClusterComputeResource",
        "Datacenter",
        "DistributedVirtualPort",
    }
    examined = {name for row in judge(sample).all_results() for name in row.examined.objects}
    of_these = {name for name in examined if name.split()[0] in kinds}
    assert len(of_these) >= 20
    assert of_these <= names


def test_datastores_stand_in_their_cluster_and_under_the_vms_that_lie_on_them() -> None:
    sample = stored()
    sample.inventory[VM]["props"]["config.hardware.device"].append({"kind": "disk", "datastore": "Datastore:gold-2"})
    sample.inventory[VM]["props"]["datastore"] = ["Datastore:gold-1", "Datastore:gone", "Datastore:gold-2"]
    found = drawn(sample)
    assert placed(found, "Datastore /dc0/datastore/gold/gold-2").parent == "StoragePod /dc0/datastore/gold"
    uses = [ref for ref in placed(found, MACHINE).uses if ref.startswith("Datastore ")]
    assert uses == [f"Datastore /dc0/datastore/gold/gold-{number}" for number in (1, 2)]
    parents(found)


def test_the_order_of_what_is_listed_changes_nothing() -> None:
    sample = stored()
    straight = drawn(sample)
    assert all(drawn(shuffled(sample.build(), Random(seed))) == straight for seed in range(5))


def test_what_a_finding_names_is_drawn_too_but_no_template() -> None:
    sample = ova_site.site()
    shared, template = "Datastore /dc0/datastore/shared-1", f"VirtualMachine {ova_site.UBUNTU}"
    assert shared not in dict(parents(drawn(sample)))
    found = drawn(sample, [shared, template, "Node dev/wl1/nobody"])
    assert placed(found, shared).parent == "Datacenter /dc0"
    assert template not in dict(parents(found))
    assert found.left_out == {"datastore": 3, "host": 3}


def test_parts_of_an_object_lead_to_it_and_another_object_never() -> None:
    sample = healthy()
    ova_site.add(sample, "VirtualMachine", "vm-other", "wl1-md-0 copy", "Folder:vm")
    part, other = f"{MACHINE} adapter 4000", f"{MACHINE} copy"
    found = drawn(sample, [part, other])
    assert part in placed(found, MACHINE).also
    assert other not in placed(found, MACHINE).also
    assert placed(found, other).parent == "Datacenter /dc0"
    ports = placed(found, "DistributedVirtualPortgroup /dc0/network/multi-os").also
    assert ports == ("DistributedVirtualPort /dc0/network/multi-os/port 8",)


def test_a_standard_network_answers_to_what_each_host_makes_of_it() -> None:
    sample = healthy()
    ova_site.add(sample, "Network", "std", "VM Network", "Folder:network")
    ova_site.add(sample, "HostPortGroup", "host-11/VM Network", "VM Network", HOST)
    ova_site.add(sample, "HostPortGroup", "host-21/VM Network", "VM Network", "HostSystem:host-21")
    sample.inventory[HOST]["props"]["network"] = ["Network:std"]
    sample.inventory[VM]["props"]["config.hardware.device"] = [{"kind": "nic", "network": "Network:std"}]
    found = placed(drawn(sample), "Network /dc0/network/VM Network")
    assert found.kind is PlaceKind.PORT_GROUP
    assert found.also == ("HostPortGroup /dc0/host/cluster1/c1-host1/VM Network",)


def _without_host(sample: Sample) -> None:
    del sample.inventory[HOST]


def _without_pool(sample: Sample) -> None:
    _without_host(sample)
    del sample.inventory["ResourcePool:pool1"]


def _without_folder(sample: Sample) -> None:
    _without_pool(sample)
    sample.inventory[VM]["parent"] = None


@pytest.mark.parametrize(
    ("change", "ref", "parent"),
    [
        (lambda sample: None, MACHINE, "HostSystem /dc0/host/cluster1/c1-host1"),
        (_without_host, MACHINE, CLUSTER1),
        (_without_pool, MACHINE, "Datacenter /dc0"),
        (_without_folder, "VirtualMachine /wl1-md-0", f"vCenter {SERVER}"),
    ],
)
def test_a_vm_stands_below_the_nearest_container_that_was_seen(
    change: Callable[[Sample], object], ref: str, parent: str
) -> None:
    sample = healthy()
    sample.inventory["ResourcePool:pool1"]["props"]["owner"] = "ClusterComputeResource:cluster1"
    change(sample)
    assert dict(parents(drawn(sample)))[ref] == parent


def test_a_host_of_its_own_stands_below_the_datacenter_and_answers_for_its_compute_resource() -> None:
    sample = healthy()
    ova_site.add(sample, "ComputeResource", "alone", "esx9", "Folder:host")
    sample.inventory[HOST] |= {"name": "esx9", "parent": "ComputeResource:alone"}
    found = placed(drawn(sample), "HostSystem /dc0/host/esx9/esx9")
    assert found.parent == "Datacenter /dc0"
    assert found.also == ("ComputeResource /dc0/host/esx9",)


def test_folders_above_and_below_a_datacenter_are_part_of_the_names_only() -> None:
    sample = healthy()
    ova_site.add(sample, "Folder", "eu", "eu", "Folder:root")
    ova_site.add(sample, "Folder", "berlin", "berlin", "Folder:eu")
    sample.inventory["Datacenter:dc"]["parent"] = "Folder:berlin"
    found = dict(parents(drawn(sample)))
    assert found["Datacenter /eu/berlin/dc0"] == f"vCenter {SERVER}"
    assert found["ClusterComputeResource /eu/berlin/dc0/host/cluster1"] == "Datacenter /eu/berlin/dc0"


def test_equal_paths_on_two_vcenters_are_drawn_twice_each_below_its_own() -> None:
    found = drawn(on_two_vcenters(healthy()))
    refs = [ref for ref, _ in parents(found)]
    first, second = refs.index(f"vCenter {SERVER}"), refs.index(f"vCenter {SECOND}")
    assert [index for index, ref in enumerate(refs) if ref == MACHINE] == [
        refs.index(MACHINE),
        refs.index(MACHINE, second),
    ]
    assert first < refs.index(MACHINE) < second
    assert {each.cluster for each in found.objects[second:]} == {"", "dev2/wl1"}


def test_machines_of_a_vcenter_that_was_not_observed_stand_below_its_name() -> None:
    sample = healthy()
    wl1 = next(each for each in sample.management.items if each.kind == "VSphereCluster")
    wl1.spec["server"] = "vc09.example.org"
    found = drawn(sample)
    node = placed(found, "Node dev/wl1/wl1-md-0")
    assert (node.parent, node.kind, node.name) == ("vCenter vc09.example.org", PlaceKind.VM, "wl1-md-0")
    assert "Machine management/dev/wl1-md-0" in node.also
    assert found.left_out == {"datastore": 4, "host": 5, "vm": 6}
    parents(found)


def test_machines_of_which_nothing_names_the_vcenter_stand_below_none_of_two() -> None:
    observation = on_two_vcenters(healthy())
    assert observation.management
    resources = tuple(
        replace(each, spec={key: value for key, value in each.spec.items() if key != "server"})
        for each in observation.management.resources
    )
    clusters = tuple(replace(each, config={}) for each in observation.intent.clusters)
    found = drawn(
        replace(
            observation,
            management=replace(observation.management, resources=resources),
            intent=replace(observation.intent, clusters=clusters),
        )
    )
    assert placed(found, "Node dev/wl1/wl1-md-0").parent == "vCenter not known"
    parents(found)


def test_a_node_without_a_vm_is_drawn_and_a_vm_with_a_twin_is_drawn_twice() -> None:
    sample = healthy()
    del sample.inventory["VirtualMachine:vm-wl1-md-1"]
    twin = ova_site.add(sample, "VirtualMachine", "vm-twin", "twin", "Folder:vm")
    twin["props"] = sample.inventory[VM]["props"]
    found = drawn(sample)
    assert placed(found, "Node dev/wl1/wl1-md-1").parent == f"vCenter {SERVER}"
    assert placed(found, "VirtualMachine /dc0/vm/twin").also == placed(found, MACHINE).also
    parents(found)


@pytest.mark.parametrize("region", ["k8s-region", "region-1", None])
def test_region_and_zone_are_told_by_categories_by_tags_and_by_failure_domains(region: str | None) -> None:
    sample = healthy()
    sample.attached["ClusterComputeResource:cluster1"].append("t-zone-b")
    if region:
        sample.management.items = [each for each in sample.management.items if each.kind != "VSphereFailureDomain"]
        zone = "k8s-zone" if region == "k8s-region" else "zone-a"
        sample.intents["dev/wl1"]["config"] |= {"VSPHERE_REGION": region, "VSPHERE_ZONE": zone}
    else:
        sample.intents["dev/wl1"]["config"] = {}
    found = drawn(sample)
    assert placed(found, "Datacenter /dc0").region == "region-1"
    assert placed(found, CLUSTER1).zone == "zone-a, zone-b"


def test_references_of_other_types_than_expected_are_no_hosts() -> None:
    sample = healthy()
    sample.inventory[VM]["props"]["runtime.host"] = "Folder:vm"
    sample.inventory[VM]["props"]["resourcePool"] = "Datacenter:dc"
    assert placed(drawn(sample), MACHINE).parent == "Datacenter /dc0"


def test_without_any_vcenter_there_is_no_drawing_and_without_clusters_an_empty_one() -> None:
    whole = healthy().build()
    assert topology(SiteIndex.of(replace(whole, vcenters=()))) is None
    found = drawn(replace(whole, management=None, workloads=(), intent=replace(whole.intent, clusters=())))
    assert [each.ref for each in found.objects] == [f"vCenter {SERVER}"]
    assert found.left_out == {
        "compute-cluster": 3,
        "datacenter": 1,
        "datastore": 4,
        "host": 6,
        "port-group": 2,
        "vm": 9,
    }


def test_a_tag_marks_a_zone_that_holds_no_node_yet() -> None:
    sample = healthy()
    for name in ("wl1-cp-2", "wl1-md-2"):
        sample.move(name, "host-11")
    found = drawn(sample)
    assert placed(found, "ClusterComputeResource /dc0/host/cluster3").zone == "zone-c"
    assert not [each for each in found.objects if each.parent == "ClusterComputeResource /dc0/host/cluster3"]
