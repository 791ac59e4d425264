"""The constructed site whose wl1 is plan-based, and small changes that only such a cluster can suffer."""

from __future__ import annotations

from typing import Any

from conformance.tests.builder import ADMINISTRATOR, ALTERNATE, SERVER, Sample
from conformance.tests.ova_site import TKR, UBUNTU, WL1, site, vsphere_vm
from conformance.tests.planes import Item, facts
from tkg_conformance.fixtures.observation.model import StoragePolicy

POLICY = "gold-policy"
CPI_ADDON, CSI_ADDON = "wl1-vsphere-cpi-addon", "wl1-vsphere-csi-addon"
IDENTITY = {"kind": "VSphereClusterIdentity", "name": "tkg-dev"}


def plan_based(*, stated: bool = True) -> Sample:
    """Return the healthy site; `stated` puts the mode into the profile.

    wl1 has no topology and no add-on objects, two Secrets of the CLI's instead, and a driver that was told topology
    categories although USE_TOPOLOGY_CATEGORIES is false.
    """
    sample = site(with_releases=True, topology_categories=True)
    config = sample.intents[WL1]["config"]
    config |= {"USE_TOPOLOGY_CATEGORIES": "false", "VSPHERE_USERNAME": ALTERNATE, "VSPHERE_STORAGE_POLICY_ID": POLICY}
    config["OS_NAME"] = "ubuntu"
    sample.policies = [StoragePolicy("aa6d5a82-1c88-45da-85d3-3d74b91a5bad", POLICY, "REQUIREMENT", "STORAGE", ())]
    sample.intents[WL1]["objects"] = manifest()
    sample.intents[WL1]["dry_run"] = "wl1.manifest.yaml"
    cluster = sample.find("Cluster", "wl1")
    cluster.metadata["labels"] = {"tanzuKubernetesRelease": TKR}
    cluster.spec = {
        "infrastructureRef": {"kind": "VSphereCluster", "name": "wl1"},
        "controlPlaneRef": {"kind": "KubeadmControlPlane", "name": "wl1-cp"},
    }
    vsphere_cluster = sample.find("VSphereCluster", "wl1-x7k2p")
    vsphere_cluster.name = "wl1"
    deployment(sample).metadata["labels"].pop("topology.cluster.x-k8s.io/deployment-name")
    deployment(sample).spec["template"]["spec"]["failureDomain"] = "zone-a"
    for name in ("wl1-cp", "wl1-md"):
        item = sample.find("VSphereMachineTemplate", name)
        item.metadata["annotations"] = {"vmTemplateMoid": "vm-u"}
        item.spec["template"]["spec"]["storagePolicyName"] = POLICY
    for machine in (each for each in sample.machines if each.cluster == WL1):
        vsphere_vm(sample, machine.name).spec["storagePolicyName"] = POLICY
    for component, secret in (("cpi", CPI_ADDON), ("csi", CSI_ADDON)):
        sample.management.remove(f"VSphere{component.upper()}Config", "wl1")
        sample.management.remove("Secret", f"wl1-vsphere-{component}-data-values")
        values: dict[str, Any] = {"region": "k8s-region", "zone": "k8s-zone", "username": ALTERNATE}
        values |= {"useTopologyCategories": True} if component == "csi" else {}
        sample.management.add(
            "Secret", secret, "dev", data=facts("values.yaml", {f"vsphere{component.upper()}": values})
        )
    if stated:
        sample.profile["cluster_mode"] = "legacy"
        sample.intents.pop("dev/wl2")
    return sample


def manifest() -> tuple[dict[str, Any], ...]:
    """Return the objects of wl1's manifest that checks read, as edited by a person."""
    template = {"template": UBUNTU, "storagePolicyName": POLICY}
    settings = {"region": "k8s-region", "zone": "k8s-zone"}
    return (
        {"kind": "Cluster", "metadata": {"name": "wl1", "namespace": "dev"}, "spec": {"infrastructureRef": {}}},
        {"kind": "VSphereCluster", "spec": {"server": SERVER, "identityRef": dict(IDENTITY)}},
        {"kind": "VSphereMachineTemplate", "spec": {"template": {"spec": template}}},
        {"kind": "KubeadmControlPlane", "spec": {"version": "v1.35.4+vmware.1"}},
        {"kind": "Secret", "metadata": {"name": CPI_ADDON}, "facts": {"vsphereCPI": settings}},
        {
            "kind": "Secret",
            "metadata": {"name": CSI_ADDON},
            "facts": {"vsphereCSI": {**settings, "useTopologyCategories": True}},
        },
    )


def deployment(sample: Sample) -> Item:
    """Return wl1's MachineDeployment."""
    return sample.find("MachineDeployment", "wl1-md")


def values_of(sample: Sample, secret: str) -> dict[str, Any]:
    """Return what is kept of an add-on Secret's data values."""
    found: dict[str, Any] = sample.find("Secret", secret).data["values.yaml"]["facts"]
    return next(iter(found.values()))


def only_the_manifest_is_known(sample: Sample) -> None:
    sample.intents[WL1] |= {"config": {}, "form": "unknown"}


def annotation_names_other_vm(sample: Sample) -> None:
    sample.find("VSphereMachineTemplate", "wl1-md").metadata["annotations"]["vmTemplateMoid"] = "vm-w"


def label_names_other_release(sample: Sample) -> None:
    sample.find("Cluster", "wl1").metadata["labels"]["tanzuKubernetesRelease"] = "v1.34.1---vmware.1-tkg.1"


def addon_secret_lost_zone(sample: Sample) -> None:
    values_of(sample, CSI_ADDON).update({"region": "", "zone": ""})


def addons_keep_the_account_of_the_file(sample: Sample) -> None:
    """The page's step was followed, and VSPHERE_USERNAME left as it was."""
    sample.intents[WL1]["config"]["VSPHERE_USERNAME"] = ADMINISTRATOR
    workload = sample.workloads[WL1]
    workload.find("Secret", "cloud-provider-vsphere-credentials").data[f"{SERVER}.username"]["user"] = ADMINISTRATOR
    driver = workload.find("Secret", "vsphere-config-secret").data["csi-vsphere.conf"]["facts"]
    driver["servers"] = [{"user": ADMINISTRATOR}]


def identity_put_back(sample: Sample) -> None:
    sample.find("VSphereCluster", "wl1").spec["identityRef"] = {"kind": "Secret", "name": "wl1"}


def deployment_of_no_zone(sample: Sample) -> None:
    deployment(sample).spec["template"]["spec"]["failureDomain"] = "zone-x"


def template_names_a_datastore(sample: Sample) -> None:
    sample.find("VSphereMachineTemplate", "wl1-md").spec["template"]["spec"]["datastore"] = "shared-1"


def template_without_policy(sample: Sample) -> None:
    sample.find("VSphereMachineTemplate", "wl1-md").spec["template"]["spec"].pop("storagePolicyName")


def driver_of_another_family(sample: Sample) -> None:
    driver = sample.workloads[WL1].find("Secret", "vsphere-config-secret").data["csi-vsphere.conf"]["facts"]
    driver |= {"region": "k8s-region", "zone": "k8s-zone", "topology_categories": []}


def becomes_windows(sample: Sample, type_: str = "windows") -> None:
    """Machines as overlay-windows.yaml makes them, and no settings of the CSI driver."""
    sample.intents[WL1]["type"] = type_
    sample.intents[WL1]["config"]["IS_WINDOWS_WORKLOAD_CLUSTER"] = "true"
    inner = deployment(sample).spec["template"]["spec"]
    inner["infrastructureRef"] = {"name": "wl1-windows-containerd"}
    inner["bootstrap"] = {"configRef": {"name": "wl1-md-0-windows-containerd"}}
    sample.management.remove("Secret", CSI_ADDON)
    sample.workloads[WL1].remove("Secret", "vsphere-config-secret")
