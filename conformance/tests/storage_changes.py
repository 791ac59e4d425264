"""The constructed site with a datastore cluster and a storage policy, and small changes that DSC has to notice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.tests.builder import Sample, healthy
from tkg_conformance.fixtures.models.tag_policy import NOT, TAG_NAMESPACE, Capability, Property, property_id
from tkg_conformance.fixtures.observation.model import Category, PolicyUse, StoragePolicy

WL1 = "dev/wl1"
POLICY, POLICY_ID = "gold-policy", "aa6d5a82-1c88-45da-85d3-3d74b91a5bad"
MEMBERS = ("Datastore:gold-1", "Datastore:gold-2")
DRS = "podStorageDrsEntry.storageDrsConfig.podConfig."
DISK: dict[str, Any] = {"kind": "disk", "key": 2000, "datastore": MEMBERS[0], "capacityBytes": 20 * 2**30}


def stored() -> Sample:
    """Return the healthy site whose wl1 uses gold-policy, over the datastore cluster gold."""
    sample = healthy()
    settings = {f"{DRS}enabled": True, f"{DRS}defaultVmBehavior": "manual"}
    _add(sample, "StoragePod", "gold", "Folder:datastore", **settings)
    for name in ("gold-1", "gold-2"):
        state = {"accessible": True, "maintenanceMode": "normal", "freeSpace": 2**40}
        _add(sample, "Datastore", name, "StoragePod:gold", **{f"summary.{key}": value for key, value in state.items()})
    for each in sample.inventory.values():
        if each["type"] == "HostSystem":
            each["props"]["datastore"] += MEMBERS
    sample.categories["c-s"] = Category("c-s", "storage-tier", "SINGLE", ("Datastore",))
    sample.tags["t-gold"] = ("gold", "c-s")
    sample.attached |= {key: ["t-gold"] for key in MEMBERS}
    sample.policies = [StoragePolicy(POLICY_ID, POLICY, "REQUIREMENT", "STORAGE", ((_rule(),),), MEMBERS)]
    for machine in (each for each in sample.machines if each.cluster == WL1):
        _store(sample, machine.name)
    sample.intents[WL1]["config"]["VSPHERE_STORAGE_POLICY_ID"] = POLICY
    cluster = sample.find("Cluster", "wl1")
    place = {"name": "vcenter", "value": {"storagePolicyID": POLICY, "datastore": ""}}
    cluster.spec.setdefault("topology", {}).setdefault("variables", []).append(place)
    sample.workloads[WL1].add(
        "StorageClass",
        "default",
        metadata={"annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
        spec={"provisioner": "csi.vsphere.vmware.com", "parameters": {"storagePolicyName": POLICY}},
    )
    return sample


def _add(sample: Sample, kind: str, name: str, parent: str, **props: Any) -> None:
    found = {"type": kind, "moid": name, "name": name, "parent": parent, "props": props}
    sample.inventory[f"{kind}:{name}"] = found


def _rule(operator: str = "") -> Capability:
    wanted = Property(property_id("storage-tier"), ("gold",), operator)
    return Capability(TAG_NAMESPACE, "storage-tier", ((wanted,),))


def _store(sample: Sample, name: str) -> None:
    sample.find("VSphereVM", f"{name}-vm").spec["storagePolicyName"] = POLICY
    vm(sample, name).update(
        {
            "datastore": [MEMBERS[0]],
            "config.files.vmPathName": f"[gold-1] {name}/{name}.vmx",
            "config.hardware.device": [dict(DISK)],
        }
    )
    keys = (f"VirtualMachine:vm-{name}", f"VirtualMachine:vm-{name}:2000")
    sample.policy_uses += [PolicyUse(key, (POLICY_ID,), "compliant") for key in keys]


def vm(sample: Sample, name: str = "wl1-md-0") -> dict[str, Any]:
    """Return a VM's properties."""
    props: dict[str, Any] = sample.inventory[f"VirtualMachine:vm-{name}"]["props"]
    return props


def datastore(sample: Sample, name: str = "gold-2") -> dict[str, Any]:
    """Return a datastore's properties."""
    props: dict[str, Any] = sample.inventory[f"Datastore:{name}"]["props"]
    return props


def change_policy(sample: Sample, **changes: Any) -> None:
    sample.policies = [replace(sample.policies[0], **changes)]


def category_for_pods_only(sample: Sample) -> None:
    sample.categories["c-s"] = Category("c-s", "storage-tier", "SINGLE", ("StoragePod",))


def member_untagged(sample: Sample) -> None:
    sample.detach("Datastore:gold-2")


def pod_tagged_instead(sample: Sample) -> None:
    for key in MEMBERS:
        sample.detach(key)
    sample.attached["StoragePod:gold"] = ["t-gold"]


def rule_turned_round(sample: Sample) -> None:
    change_policy(sample, rule_sets=((_rule(NOT),),))


def capability_rule(sample: Sample) -> None:
    change_policy(sample, rule_sets=((Capability("VSAN", "hostFailuresToTolerate"),),))


def policy_missing(sample: Sample) -> None:
    sample.policies = []


def member_not_compatible(sample: Sample) -> None:
    change_policy(sample, compatible=MEMBERS[:1])


def identifier_given(sample: Sample) -> None:
    sample.intents[WL1]["config"]["VSPHERE_STORAGE_POLICY_ID"] = POLICY_ID


def name_misspelt(sample: Sample) -> None:
    sample.intents[WL1]["config"]["VSPHERE_STORAGE_POLICY_ID"] = "Gold-Policy"


def datastore_set(sample: Sample) -> None:
    sample.intents[WL1]["config"]["VSPHERE_DATASTORE"] = "/dc0/datastore/shared-1"


def vm_without_policy_name(sample: Sample) -> None:
    del sample.find("VSphereVM", "wl1-md-0-vm").spec["storagePolicyName"]


def class_without_policy(sample: Sample) -> None:
    del sample.workloads[WL1].find("StorageClass", "default").spec["parameters"]


def disk_outside(sample: Sample) -> None:
    vm(sample)["config.hardware.device"] = [{**DISK, "datastore": "Datastore:shared-1"}]


def home_outside(sample: Sample) -> None:
    vm(sample).update({"datastore": ["Datastore:shared-1"], "config.files.vmPathName": "[shared-1] wl1/wl1.vmx"})


def volume_outside(sample: Sample) -> None:
    volume = {**DISK, "key": 2001, "datastore": "Datastore:shared-1", "fcdId": "f"}
    vm(sample)["config.hardware.device"].append(volume)


def disk_without_policy(sample: Sample) -> None:
    _use(sample, policies=())


def disk_not_compliant(sample: Sample) -> None:
    _use(sample, compliance="nonCompliant")


def _use(sample: Sample, **changes: Any) -> None:
    key = "VirtualMachine:vm-wl1-md-0:2000"
    sample.policy_uses = [replace(each, **changes) if each.object == key else each for each in sample.policy_uses]


def member_in_maintenance(sample: Sample) -> None:
    datastore(sample)["summary.maintenanceMode"] = "inMaintenance"


def member_not_accessible(sample: Sample) -> None:
    datastore(sample)["summary.accessible"] = False


def member_full(sample: Sample) -> None:
    datastore(sample)["summary.freeSpace"] = 2**30


def member_not_mounted(sample: Sample) -> None:
    sample.inventory["HostSystem:host-12"]["props"]["datastore"].remove("Datastore:gold-2")


def domain_names_datastore(sample: Sample) -> None:
    sample.find("VSphereFailureDomain", "zone-c").spec["topology"]["datastore"] = "gold-1"


def object_spec_without_datastore(sample: Sample) -> None:
    place = {"name": "vcenter", "value": {"storagePolicyID": POLICY}}
    document = {"kind": "Cluster", "spec": {"topology": {"variables": [place]}}}
    sample.intents[WL1] |= {"form": "class", "config": {}, "objects": (document,)}


def automated_beneath_volumes(sample: Sample) -> None:
    sample.inventory["StoragePod:gold"]["props"][f"{DRS}defaultVmBehavior"] = "automated"
    vm(sample)["config.hardware.device"].append({**DISK, "key": 2001, "fcdId": "f"})
