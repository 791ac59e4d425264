"""Changes that seed the faults of the ZONE area: dev/wl1 of the default scenario, zones a to c on cluster1 to 3."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tkg_conformance.fixtures.faults import LabHandle, Revert
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


def configure(lab: LabHandle, region: str | None, zone: str | None) -> Revert:
    """Set both in the configuration file and in the add-on objects that the TKG CLI renders from it."""
    cpi, csi = lab.object_of("VSphereCPIConfig", "wl1", "dev"), lab.object_of("VSphereCSIConfig", "wl1", "dev")
    return together(
        lambda: lab.variable(CLUSTER, "VSPHERE_REGION", _quoted(region)),
        lambda: lab.variable(CLUSTER, "VSPHERE_ZONE", _quoted(zone)),
        lambda: lab.patch(cpi, {"spec": {"vsphereCPI": {"region": region, "zone": zone}}}),
        lambda: lab.patch(csi, {"spec": {"vsphereCSI": {"config": {"region": region or "", "zone": zone or ""}}}}),
    )


def _quoted(value: str | None) -> str | None:
    return None if value is None else json.dumps(value)


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


def remove_region_label(lab: LabHandle) -> Revert:
    return label_node(lab, "md-1", {topology.BETA_REGION: None})


def unlabel_control_plane(lab: LabHandle) -> Revert:
    """Take every topology label from a control-plane node, so that nothing is left to derive the others from."""
    names = (topology.BETA_REGION, topology.BETA_ZONE, topology.GA_REGION, topology.GA_ZONE)
    path = f"/api/v1/nodes/{control_plane_name(lab)['node']}"
    return patched(lab.workload(CLUSTER), path, {"metadata": {"labels": dict.fromkeys(names)}})


def control_plane_name(lab: LabHandle) -> dict[str, str]:
    return {"node": str(lab.machine(CLUSTER)["status"]["nodeRef"]["name"])}


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
    return provisioner_arguments(lab, lambda args: [each for each in args if "topology" not in each.lower()])


def provisioner_arguments(lab: LabHandle, change: Callable[[list[str]], list[str]]) -> Revert:
    """Change the arguments of the CSI provisioner in its Deployment."""
    path = f"/apis/apps/v1/namespaces/{CSI_NAMESPACE}/deployments/vsphere-csi-controller"

    def edit(deployment: dict[str, Any]) -> None:
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            if container["name"] == PROVISIONER:
                container["args"] = change(container["args"])

    return edited(lab.workload(CLUSTER), path, edit)


def lose_resource_pool(lab: LabHandle) -> Revert:
    path = lab.object_of("VSphereDeploymentZone", "zone-c")
    return lab.patch(path, {"spec": {"placementConstraint": {"resourcePool": "/dc0/host/cluster3/Resources/tkg-old"}}})
