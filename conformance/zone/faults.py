"""Seeded faults of the ZONE area, on the default scenario: zones a to c on cluster1 to cluster3, cluster dev/wl1."""

from __future__ import annotations

from typing import Any

from tkg_conformance.fixtures.faults import Fault, LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import deleted, edited, patched, together
from tkg_conformance.fixtures.models import topology

CLUSTER = "dev/wl1"
REGION_CATEGORY, ZONE_CATEGORY = "k8s-region", "k8s-zone"
COMPUTE = "/dc0/host/cluster{}"
HOST = COMPUTE + "/cluster{}-host1.lab.example"
POOL = COMPUTE + "/Resources/tkg"
CSI_NAMESPACE = "kube-system"
PROVISIONER = "csi-provisioner"


def rename_zone_category(lab: LabHandle) -> Revert:
    return lab.tags.rename_category(ZONE_CATEGORY, "k8s-zones")


def rename_zone_tag(lab: LabHandle) -> Revert:
    return lab.tags.rename_tag(ZONE_CATEGORY, "zone-c", "zone_c")


def detach_zone_tag(lab: LabHandle) -> Revert:
    return lab.tags.detach(ZONE_CATEGORY, "zone-c", lab.find(COMPUTE.format(3)))


def detach_region_tag(lab: LabHandle) -> Revert:
    return lab.tags.detach(REGION_CATEGORY, "region-1", lab.find("/dc0"))


def share_zone_tag(lab: LabHandle) -> Revert:
    target = lab.find(COMPUTE.format(3))
    return together(
        lambda: lab.tags.detach(ZONE_CATEGORY, "zone-c", target),
        lambda: lab.tags.attach(ZONE_CATEGORY, "zone-b", target),
    )


def swap_zone_tags(lab: LabHandle) -> Revert:
    one, other = lab.find(COMPUTE.format(1)), lab.find(COMPUTE.format(2))
    return together(
        lambda: lab.tags.detach(ZONE_CATEGORY, "zone-a", one),
        lambda: lab.tags.detach(ZONE_CATEGORY, "zone-b", other),
        lambda: lab.tags.attach(ZONE_CATEGORY, "zone-b", one),
        lambda: lab.tags.attach(ZONE_CATEGORY, "zone-a", other),
    )


def tag_host(lab: LabHandle) -> Revert:
    host = lab.find(HOST.format(1, 1))
    # Taking back the wider category builds it anew without this attachment, so no detaching is needed.
    return together(
        lambda: lab.tags.widen(ZONE_CATEGORY, "HostSystem"),
        lambda: lab.tags.attach(ZONE_CATEGORY, "zone-b", host),
    )


def configure(lab: LabHandle, region: str | None, zone: str) -> Revert:
    """Set both in the configuration file and in the add-on objects that the TKG CLI renders from it."""
    cpi, csi = lab.object_of("VSphereCPIConfig", "wl1", "dev"), lab.object_of("VSphereCSIConfig", "wl1", "dev")
    return together(
        lambda: lab.variable(CLUSTER, "VSPHERE_REGION", region),
        lambda: lab.variable(CLUSTER, "VSPHERE_ZONE", zone),
        lambda: lab.patch(cpi, {"spec": {"vsphereCPI": {"region": region, "zone": zone}}}),
        lambda: lab.patch(csi, {"spec": {"vsphereCSI": {"config": {"region": region or "", "zone": zone}}}}),
    )


def unset_region(lab: LabHandle) -> Revert:
    return configure(lab, None, ZONE_CATEGORY)


def use_tag_names(lab: LabHandle) -> Revert:
    return configure(lab, "region-1", "zone-a")


def misspell_zone(lab: LabHandle) -> Revert:
    return configure(lab, REGION_CATEGORY, "K8s-Zone")


def empty_csi_config(lab: LabHandle) -> Revert:
    path = lab.object_of("VSphereCSIConfig", "wl1", "dev")
    return lab.patch(path, {"spec": {"vsphereCSI": {"config": {"region": "", "zone": ""}}}})


def empty_cpi_config(lab: LabHandle) -> Revert:
    path = lab.object_of("VSphereCPIConfig", "wl1", "dev")
    return lab.patch(path, {"spec": {"vsphereCPI": {"region": None, "zone": None}}})


def use_topology_categories(lab: LabHandle) -> Revert:
    path = lab.object_of("VSphereCSIConfig", "wl1", "dev")
    return lab.patch(path, {"spec": {"vsphereCSI": {"config": {"useTopologyCategories": True}}}})


def node_names(lab: LabHandle) -> dict[str, str]:
    return {name: lab.node(CLUSTER, name) for name in ("md-0", "md-1", "md-2")}


def label_node(lab: LabHandle, deployment: str, labels: dict[str, str | None]) -> Revert:
    path = f"/api/v1/nodes/{lab.node(CLUSTER, deployment)}"
    return patched(lab.workload(CLUSTER), path, {"metadata": {"labels": labels}})


def remove_zone_label(lab: LabHandle) -> Revert:
    return label_node(lab, "md-1", {topology.BETA_ZONE: None})


def edit_zone_label(lab: LabHandle) -> Revert:
    return label_node(lab, "md-0", {topology.BETA_ZONE: "zone-b", topology.GA_ZONE: "zone-b"})


def leave_former_label(lab: LabHandle) -> Revert:
    # The cloud provider would mend its own families at once: it copies the beta labels to the GA ones.
    return label_node(lab, "md-2", {f"{topology.CSI_DOMAIN}/{ZONE_CATEGORY}": "zone-b"})


def migrate_vm(lab: LabHandle) -> Revert:
    return lab.move(lab.vm(CLUSTER, "md-0"), HOST.format(2, 2), POOL.format(2))


def unregister_csi_driver(lab: LabHandle) -> Revert:
    api = lab.workload(CLUSTER)
    node = f"/apis/storage.k8s.io/v1/csinodes/{lab.node(CLUSTER, 'md-0')}"
    daemon_set = f"/apis/apps/v1/namespaces/{CSI_NAMESPACE}/daemonsets/vsphere-csi-node"
    # Without the node plugin kubelet drops the driver; with it, it would register the driver again at once.
    return together(lambda: deleted(api, daemon_set), lambda: edited(api, node, _drop_drivers))


def _drop_drivers(csi_node: dict[str, Any]) -> None:
    csi_node["spec"]["drivers"] = []


def edit_csi_topology(lab: LabHandle) -> Revert:
    name = lab.node(CLUSTER, "md-2")

    def relocate(found: dict[str, Any]) -> None:
        for label in found["status"]["topologyLabels"]:
            if label["key"] == topology.BETA_ZONE:
                label["value"] = "zone-b"

    return edited(lab.workload(CLUSTER), f"/apis/cns.vmware.com/v1alpha1/csinodetopologies/{name}", relocate)


def drop_strict_topology(lab: LabHandle) -> Revert:
    path = f"/apis/apps/v1/namespaces/{CSI_NAMESPACE}/deployments/vsphere-csi-controller"

    def drop(deployment: dict[str, Any]) -> None:
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            if container["name"] == PROVISIONER:
                container["args"] = [each for each in container["args"] if "topology" not in each.lower()]

    return edited(lab.workload(CLUSTER), path, drop)


def lose_resource_pool(lab: LabHandle) -> Revert:
    path = lab.object_of("VSphereDeploymentZone", "zone-c")
    return lab.patch(path, {"spec": {"placementConstraint": {"resourcePool": "/dc0/host/cluster3/Resources/tkg-old"}}})


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="zone-category-renamed",
        requirement="ZONE-1",
        sentence="the tag category k8s-zone was renamed to k8s-zones",
        object="Category k8s-zone",
        apply=rename_zone_category,
    ),
    Fault(
        id="zone-tag-renamed",
        requirement="ZONE-2",
        sentence="the tag zone-c was renamed to zone_c",
        object="Tag k8s-zone/zone-c",
        apply=rename_zone_tag,
    ),
    Fault(
        id="zone-tag-detached",
        requirement="ZONE-3",
        sentence="the zone tag of cluster3 was detached",
        object="ClusterComputeResource /dc0/host/cluster3",
        apply=detach_zone_tag,
    ),
    Fault(
        id="region-tag-detached",
        requirement="ZONE-3",
        sentence="the region tag of the datacenter was detached",
        object="Datacenter /dc0",
        apply=detach_region_tag,
    ),
    Fault(
        id="zone-tag-shared",
        requirement="ZONE-3",
        sentence="cluster3 was given the zone tag of cluster2",
        object="ClusterComputeResource /dc0/host/cluster3",
        apply=share_zone_tag,
    ),
    Fault(
        id="zone-tags-swapped",
        requirement="ZONE-3",
        sentence="cluster1 and cluster2 have swapped their zone tags",
        object="ClusterComputeResource /dc0/host/cluster1",
        apply=swap_zone_tags,
    ),
    Fault(
        id="host-zone-tag",
        requirement="ZONE-4",
        sentence="a host of cluster1 carries the zone tag of cluster2",
        object="HostSystem " + HOST.format(1, 1),
        apply=tag_host,
    ),
    Fault(
        id="region-unset",
        requirement="ZONE-5",
        sentence="the configuration file sets VSPHERE_ZONE without VSPHERE_REGION",
        object=f"Configuration {CLUSTER} VSPHERE_REGION",
        scope=CLUSTER,
        apply=unset_region,
    ),
    Fault(
        id="tag-names-configured",
        requirement="ZONE-6",
        sentence="VSPHERE_REGION and VSPHERE_ZONE name tags, as in the page's example",
        object=f"Configuration {CLUSTER} VSPHERE_ZONE",
        scope=CLUSTER,
        verdict="DOC-CONFLICT",
        apply=use_tag_names,
    ),
    Fault(
        id="zone-misspelt",
        requirement="ZONE-6",
        sentence="VSPHERE_ZONE is spelt K8s-Zone",
        object=f"Configuration {CLUSTER} VSPHERE_ZONE",
        scope=CLUSTER,
        apply=misspell_zone,
    ),
    Fault(
        id="csi-config-without-zone",
        requirement="ZONE-7",
        sentence="region and zone are missing in VSphereCSIConfig, as with an insecure vCenter",
        object="VSphereCSIConfig management/dev/wl1",
        scope=CLUSTER,
        apply=empty_csi_config,
    ),
    Fault(
        id="cpi-config-without-zone",
        requirement="ZONE-7",
        sentence="region and zone were removed from VSphereCPIConfig",
        object="VSphereCPIConfig management/dev/wl1",
        scope=CLUSTER,
        apply=empty_cpi_config,
    ),
    Fault(
        id="zone-label-removed",
        requirement="ZONE-8",
        sentence="the zone label of a worker node was removed",
        object=f"Node {CLUSTER}/{{md-1}}",
        names=node_names,
        scope=CLUSTER,
        apply=remove_zone_label,
    ),
    Fault(
        id="vm-migrated",
        requirement="ZONE-9",
        sentence="a worker's VM was migrated to a host of another zone",
        object=f"Node {CLUSTER}/{{md-0}}",
        names=node_names,
        scope=CLUSTER,
        apply=migrate_vm,
    ),
    Fault(
        id="zone-label-edited",
        requirement="ZONE-9",
        sentence="a worker node was relabelled by hand with another zone",
        object=f"Node {CLUSTER}/{{md-0}}",
        names=node_names,
        scope=CLUSTER,
        apply=edit_zone_label,
    ),
    Fault(
        id="csi-driver-unregistered",
        requirement="ZONE-10",
        sentence="the CSI node plugin was removed and a node lost its driver",
        object=f"CSINode {CLUSTER}/{{md-0}}",
        names=node_names,
        scope=CLUSTER,
        apply=unregister_csi_driver,
    ),
    Fault(
        id="csi-topology-stale",
        requirement="ZONE-11",
        sentence="CSI's recorded topology of a node names another zone",
        object=f"CSINodeTopology {CLUSTER}/{{md-2}}",
        names=node_names,
        scope=CLUSTER,
        apply=edit_csi_topology,
    ),
    Fault(
        id="provisioner-without-topology",
        requirement="ZONE-12",
        sentence="csi-provisioner runs without its topology arguments",
        object=f"Deployment {CLUSTER}/{CSI_NAMESPACE}/vsphere-csi-controller",
        scope=CLUSTER,
        apply=drop_strict_topology,
    ),
    Fault(
        id="resource-pool-missing",
        requirement="ZONE-14",
        sentence="a deployment zone names a resource pool that does not exist",
        object="VSphereDeploymentZone management/zone-c",
        scope=CLUSTER,
        apply=lose_resource_pool,
    ),
    Fault(
        id="key-family-changed",
        requirement="ZONE-15",
        sentence="USE_TOPOLOGY_CATEGORIES was switched on for a running cluster",
        object="VSphereCSIConfig management/dev/wl1",
        scope=CLUSTER,
        verdict="UNSUPPORTED",
        apply=use_topology_categories,
    ),
    Fault(
        id="former-csi-label-left",
        requirement="ZONE-16",
        sentence="a node still carries a topology.csi.vmware.com label of another zone",
        object=f"Node {CLUSTER}/{{md-2}}",
        names=node_names,
        scope=CLUSTER,
        apply=leave_former_label,
    ),
)
