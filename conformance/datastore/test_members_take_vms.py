"""DSC-10: every member datastore can take the cluster's VMs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tkg_conformance.conformance.datastore.storage import Storage, members_of, require_pods, storage_of
from tkg_conformance.conformance.subjects import conclude_sight
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject
from tkg_conformance.reports.check import Check

_CAPV = "infrastructure-vsphere"


@pytest.mark.requirement("DSC-10")
def test_members_take_vms(check: Check, site: Site, cluster: Cluster) -> None:
    storage = storage_of(check, site, cluster)
    pods = require_pods(check, storage)
    hosts = _hosts(storage)
    if not hosts:
        check.inconclusive(f"no host that runs a VM of {cluster.name} was seen, so its mounts cannot be judged")
    needed = _largest_disk(storage)
    for pod in pods:
        for datastore in check.each(members_of(storage.vcenter, pod)):
            for observed, involved in _faults(datastore, hosts, needed):
                check.fail(
                    datastore,
                    expected="accessible, not in maintenance, mounted on every host of the nodes' clusters, space left",
                    observed=observed,
                    message=f"{datastore.ref} cannot take VMs of {cluster.name}: {observed} ({_capv(cluster)})",
                    involves=[pod, *involved],
                )
    conclude_sight(check, [storage.vcenter], "StoragePod", "Datastore", "HostSystem")


def _faults(
    datastore: InventoryObject, hosts: list[InventoryObject], needed: int
) -> Iterator[tuple[str, list[InventoryObject]]]:
    props = datastore.props
    if props.get("summary.accessible") is False:
        yield "it is not accessible", []
    mode = str(props.get("summary.maintenanceMode") or "normal")
    if mode != "normal":
        yield f"its maintenance mode is {mode}", []
    without = [each for each in hosts if datastore.key not in (each.props.get("datastore") or ())]
    if without:
        yield f"it is not mounted on {', '.join(each.name for each in without)}", without
    free = props.get("summary.freeSpace")
    if free is not None and free < max(needed, 1):
        yield f"{free // 2**30} GiB are free, and a node's largest disk has {needed // 2**30} GiB", []


def _hosts(storage: Storage) -> list[InventoryObject]:
    """Return the hosts of the compute clusters that run the cluster's nodes."""
    vcenter = storage.vcenter
    computes = {found.key: found for each in storage.cluster.members if (found := vcenter.compute_of(each.vm))}
    return [host for key in sorted(computes) for host in vcenter.hosts_of(computes[key])]


def _largest_disk(storage: Storage) -> int:
    sizes = (
        int(device.get("capacityBytes") or 0)
        for member in storage.cluster.members
        if member.vm
        for device in member.vm.props.get("config.hardware.device") or ()
    )
    return max(sizes, default=0)


def _capv(cluster: Cluster) -> str:
    for each in cluster.management.all("Deployment"):
        if each.labels.get("cluster.x-k8s.io/provider") == _CAPV:
            containers = each.at("spec.template.spec.containers") or ()
            return next((f"CAPV image {found['image']}" for found in containers if found.get("image")), "CAPV")
    return "the version of CAPV was not seen"
