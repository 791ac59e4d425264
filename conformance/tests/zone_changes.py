"""Small changes to the constructed site that the ZONE rows have to notice."""

from __future__ import annotations

from typing import Any

from conformance.tests.builder import Sample, healthy
from tkg_conformance.fixtures.models import topology
from tkg_conformance.fixtures.observation.model import Category

WL1 = "dev/wl1"


def change_driver(sample: Sample, **changes: Any) -> None:
    secret = sample.workloads[WL1].find("Secret", "vsphere-config-secret")
    secret.data["csi-vsphere.conf"]["facts"].update(changes)


def change_cloud_config(sample: Sample, **changes: Any) -> None:
    sample.workloads[WL1].find("ConfigMap", "vsphere-cloud-config").data["vsphere.conf"]["facts"].update(changes)


def change_values(sample: Sample, component: str, **changes: Any) -> None:
    secret = sample.find("Secret", f"wl1-vsphere-{component}-data-values")
    secret.data["values.yaml"]["facts"][f"vsphere{component.upper()}"].update(changes)


def region_category_renamed(sample: Sample) -> None:
    sample.categories["c-r"] = Category("c-r", "regions", "SINGLE", ("Datacenter",))


def zone_category_excludes_clusters(sample: Sample) -> None:
    sample.categories["c-z"] = Category("c-z", "k8s-zone", "SINGLE", ("HostSystem",))


def zone_tag_renamed(sample: Sample) -> None:
    sample.tags["t-zone-c"] = ("zone_c", "c-z")


def zone_tag_in_other_category(sample: Sample) -> None:
    sample.categories["c-o"] = Category("c-o", "other", "SINGLE")
    sample.tags["t-zone-c"] = ("zone-c", "c-o")


def zone_tag_detached(sample: Sample) -> None:
    sample.detach("ClusterComputeResource:cluster3")


def region_tag_detached(sample: Sample) -> None:
    sample.detach("Datacenter:dc")


def zone_tags_swapped(sample: Sample) -> None:
    sample.attached["ClusterComputeResource:cluster1"] = ["t-zone-b"]
    sample.attached["ClusterComputeResource:cluster2"] = ["t-zone-a"]


def host_tagged_differently(sample: Sample) -> None:
    sample.attached["HostSystem:host-12"] = ["t-zone-b"]


def two_zone_tags_on_a_cluster(sample: Sample) -> None:
    sample.attached["ClusterComputeResource:cluster1"] = ["t-zone-a", "t-zone-b"]


def region_unset(sample: Sample) -> None:
    del sample.intents[WL1]["config"]["VSPHERE_REGION"]


def zone_misspelt(sample: Sample) -> None:
    sample.intents[WL1]["config"]["VSPHERE_ZONE"] = "K8s-Zone "


def zone_with_trailing_blank(sample: Sample) -> None:
    """As the CLI renders it; the driver trims what it reads of it, so that its text holds no blank."""
    sample.intents[WL1]["config"]["VSPHERE_ZONE"] = "k8s-zone "
    sample.find("VSphereCPIConfig", "wl1").spec["vsphereCPI"]["zone"] = "k8s-zone "
    sample.find("VSphereCSIConfig", "wl1").spec["vsphereCSI"]["config"]["zone"] = "k8s-zone "
    change_values(sample, "cpi", zone="k8s-zone ")
    change_values(sample, "csi", zone="k8s-zone ")
    change_cloud_config(sample, zone="k8s-zone ")


def region_and_zone_swapped(sample: Sample) -> None:
    names = {"region": "k8s-zone", "zone": "k8s-region"}
    sample.intents[WL1]["config"] |= {"VSPHERE_REGION": "k8s-zone", "VSPHERE_ZONE": "k8s-region"}
    sample.find("VSphereCPIConfig", "wl1").spec["vsphereCPI"] |= names
    sample.find("VSphereCSIConfig", "wl1").spec["vsphereCSI"]["config"] |= names
    change_values(sample, "cpi", **names)
    change_values(sample, "csi", **names)
    change_cloud_config(sample, **names)
    change_driver(sample, **names)


def tag_names_configured(sample: Sample) -> None:
    sample.intents[WL1]["config"] |= {"VSPHERE_REGION": "region-1", "VSPHERE_ZONE": "zone-a"}


def tag_names_configured_and_profile_wants_categories(sample: Sample) -> None:
    tag_names_configured(sample)
    sample.profile["region_zone_semantics"] = "categories"


def category_names_while_profile_wants_tags(sample: Sample) -> None:
    sample.profile["region_zone_semantics"] = "tags"


def csi_config_without_zone(sample: Sample) -> None:
    sample.find("VSphereCSIConfig", "wl1").spec["vsphereCSI"]["config"] = {}
    change_values(sample, "csi", region="", zone="")
    change_driver(sample, region=None, zone=None)


def csi_data_values_not_reconciled(sample: Sample) -> None:
    change_values(sample, "csi", zone="k8s-zones")


def cloud_config_edited(sample: Sample) -> None:
    change_cloud_config(sample, region="k8s-zone")


def both_forms_in_driver_config(sample: Sample) -> None:
    change_driver(sample, topology_categories=["k8s-region", "k8s-zone"])


def cloud_config_missing(sample: Sample) -> None:
    sample.workloads[WL1].remove("ConfigMap", "vsphere-cloud-config")


def zone_label_removed(sample: Sample) -> None:
    del sample.node("wl1-md-1").metadata["labels"][topology.BETA_ZONE]


def control_plane_uninitialised(sample: Sample) -> None:
    node = sample.node("wl1-cp-2")
    for key in (*topology.BETA.both(), *topology.GA.both()):
        del node.metadata["labels"][key]
    node.spec["taints"] = [{"key": topology.UNINITIALIZED_TAINT}]


def vm_migrated(sample: Sample) -> None:
    sample.move("wl1-md-0", "host-21")


def zone_label_edited(sample: Sample) -> None:
    labels = sample.node("wl1-md-0").metadata["labels"]
    labels[topology.BETA_ZONE] = labels[topology.GA_ZONE] = "zone-b"


def driver_unregistered(sample: Sample) -> None:
    sample.workloads[WL1].find("CSINode", "wl1-md-0").spec["drivers"] = []


def zone_key_not_registered(sample: Sample) -> None:
    sample.workloads[WL1].find("CSINode", "wl1-md-0").spec["drivers"][0]["topologyKeys"].remove(topology.BETA_ZONE)


def csi_topology_in_error(sample: Sample) -> None:
    status = {"status": "Error", "errorMessage": "nodeVM does not have labels for the following categories: [k8s-zone]"}
    sample.workloads[WL1].find("CSINodeTopology", "wl1-md-2").status = status
    driver_of = sample.workloads[WL1].find("CSINode", "wl1-md-2")
    driver_of.spec["drivers"] = []


def csi_topology_stale(sample: Sample) -> None:
    found = sample.workloads[WL1].find("CSINodeTopology", "wl1-md-2").status["topologyLabels"]
    next(label for label in found if label["key"] == topology.BETA_ZONE)["value"] = "zone-b"


def provisioner_without_topology(sample: Sample) -> None:
    controller = sample.workloads[WL1].find("Deployment", "vsphere-csi-controller")
    controller.spec["template"]["spec"]["containers"][0]["args"] = ["--v=4"]


def no_shared_datastore(sample: Sample) -> None:
    sample.intents[WL1]["config"]["VSPHERE_STORAGE_POLICY_ID"] = "gold"
    for each in sample.inventory.values():
        if each["type"] == "HostSystem":
            each["props"]["datastore"].remove("Datastore:shared-1")


def deployment_zone_missing(sample: Sample) -> None:
    sample.management.remove("VSphereDeploymentZone", "zone-c")


def deployment_zone_not_ready(sample: Sample) -> None:
    zone = sample.find("VSphereDeploymentZone", "zone-c")
    conditions = [{"type": "PlacementConstraintReady", "status": "False", "reason": "ResourcePoolNotFound"}]
    zone.status = {"ready": False, "conditions": conditions}


def failure_domain_of_other_category(sample: Sample) -> None:
    sample.categories["c-o"] = Category("c-o", "racks", "SINGLE", ("ClusterComputeResource",))
    sample.tags["t-rack"] = ("zone-c", "c-o")
    sample.attached["ClusterComputeResource:cluster3"].append("t-rack")
    sample.find("VSphereFailureDomain", "zone-c").spec["zone"]["tagCategory"] = "racks"


def machine_cloned_elsewhere(sample: Sample) -> None:
    """The Machine's failure domain was ignored; labels follow the VM's true place."""
    sample.move("wl1-md-0", "host-21")
    zone_label_edited(sample)
    found = sample.workloads[WL1].find("CSINodeTopology", "wl1-md-0").status["topologyLabels"]
    next(label for label in found if label["key"] == topology.BETA_ZONE)["value"] = "zone-b"


def key_family_changed(sample: Sample) -> None:
    sample.find("VSphereCSIConfig", "wl1").spec["vsphereCSI"]["config"]["useTopologyCategories"] = True
    change_values(sample, "csi", useTopologyCategories=True)
    change_driver(sample, region=None, zone=None, topology_categories=["k8s-region", "k8s-zone"])


def ga_label_differs(sample: Sample) -> None:
    sample.node("wl1-md-2").metadata["labels"][topology.GA_ZONE] = "zone-b"


def ga_labels_missing_on_one_node(sample: Sample) -> None:
    for key in topology.GA.both():
        del sample.node("wl1-md-2").metadata["labels"][key]


def host_groups(*, mandatory: bool) -> Sample:
    """Zones a and b are host groups of cluster1, zone-c stays a compute cluster."""
    sample = healthy()
    sample.categories["c-z"] = Category("c-z", "k8s-zone", "SINGLE", ())
    sample.attached["ClusterComputeResource:cluster1"] = []
    for zone, host in (("zone-a", "host-11"), ("zone-b", "host-12")):
        sample.attached[f"HostSystem:{host}"] = [f"t-{zone}"]
        domain = sample.find("VSphereFailureDomain", zone).spec
        domain["zone"]["type"] = "HostGroup"
        domain["topology"] |= {"computeCluster": "cluster1", "hosts": {"hostGroupName": f"hosts-{zone}"}}
    sample.inventory["ClusterComputeResource:cluster1"]["props"] = {
        "configurationEx.group": [
            {"name": "hosts-zone-a", "host": ["HostSystem:host-11"]},
            {"name": "hosts-zone-b", "host": ["HostSystem:host-12"]},
        ],
        "configurationEx.rule": [
            {"affineHostGroupName": f"hosts-{zone}", "mandatory": mandatory, "enabled": True}
            for zone in ("zone-a", "zone-b")
        ],
    }
    for name in ("wl1-cp-1", "wl1-md-1"):
        sample.move(name, "host-12")
    return sample
