"""Changes to the datastore cluster `gold` and to what makes up its policy, after the VMs were placed."""

from __future__ import annotations

from typing import Any

from tkg_conformance.conformance.datastore.seeding import (
    CATEGORY,
    CLUSTER,
    DATASTORE,
    OUTSIDE,
    POLICY,
    TAG,
    policy_of,
    update_policy,
)
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import together
from tkg_conformance.fixtures.lab.vsphere import vim
from tkg_conformance.fixtures.models.tag_policy import property_id
from tkg_conformance.fixtures.models.variables import STORAGE_POLICY

POD = "/dc0/datastore/gold"
JOINED = f"{POD}/shared-1"
ZONAL = "/dc0/datastore/zone-a-1"
JOINED_ZONAL = f"{POD}/zone-a-1"
_FOLDER = "/dc0/datastore"
_OTHER_CATEGORY = "service-level"
_HOME_ONLY = "md-0"


def give_name_with_blank(lab: LabHandle) -> Revert:
    return lab.variable(CLUSTER, STORAGE_POLICY, f'"{POLICY} "')


def give_name_in_other_case(lab: LabHandle) -> Revert:
    return lab.variable(CLUSTER, STORAGE_POLICY, "Gold-Policy")


def rename_policy(lab: LabHandle) -> Revert:
    update_policy(lab, POLICY, name=f"{POLICY}-2026")
    return lambda: update_policy(lab, f"{POLICY}-2026", name=POLICY)


def ask_other_category(lab: LabHandle) -> Revert:
    """Let the rule ask for the tag of the same name in another category, which no datastore carries."""
    return together(lambda: _category(lab), lambda: _ask(lab))


def tag_pod_alone(lab: LabHandle) -> Revert:
    """Move the tag from the members to the datastore cluster, whose members do not inherit it."""
    return together(
        lambda: lab.tags.widen(CATEGORY, "StoragePod"),
        lambda: lab.tags.attach(CATEGORY, TAG, lab.find(POD)),
        *(lambda n=n: lab.tags.detach(CATEGORY, TAG, lab.find(DATASTORE.format(n))) for n in (1, 2)),
    )


def add_untagged_member(lab: LabHandle) -> Revert:
    return _moved(lab, OUTSIDE, POD)


def add_zonal_member(lab: LabHandle) -> Revert:
    """Take a datastore that only the hosts of one cluster mount into the datastore cluster, tagged like the others."""
    return together(
        lambda: lab.tags.attach(CATEGORY, TAG, lab.find(ZONAL)),
        lambda: _moved(lab, ZONAL, POD),
    )


def take_member_out(lab: LabHandle) -> Revert:
    """Move the datastore that holds a worker out of the datastore cluster, tag and VMs along with it."""
    return _moved(lab, f"{POD}/{_datastore_of(lab, _HOME_ONLY)}", _FOLDER)


def move_disk_outside(lab: LabHandle) -> Revert:
    """Move the disk of a worker's VM alone; its home stays where it is."""
    vm = lab.vm(CLUSTER, _HOME_ONLY)
    disk = _disk(lab, vm)
    former = disk.backing.datastore

    def move(datastore: Any) -> None:
        locator = vim.vm.RelocateSpec.DiskLocator(diskId=disk.key, datastore=datastore)
        lab.vcenter.wait(vm.RelocateVM_Task(vim.vm.RelocateSpec(disk=[locator]), "defaultPriority"))

    move(lab.find(OUTSIDE))
    return lambda: move(former)


def drop_policy_of_disk(lab: LabHandle) -> Revert:
    """Give the disk of a worker's VM "Datastore Default" in the place of the policy; the home keeps it."""
    vm = lab.vm(CLUSTER, _HOME_ONLY)
    policy = vim.vm.DefinedProfileSpec(profileId=str(policy_of(lab, POLICY)[1].profileId.uniqueId))

    def assign(profile: Any) -> None:
        change = vim.vm.device.VirtualDeviceSpec(operation="edit", device=_disk(lab, vm), profile=[profile])
        lab.vcenter.wait(vm.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[change])))

    assign(vim.vm.EmptyProfileSpec())
    return lambda: assign(policy)


def _category(lab: LabHandle) -> Revert:
    tagging = lab.vcenter.tags
    category = tagging.create_category(_OTHER_CATEGORY, "SINGLE", ["Datastore"])
    tagging.create_tag(category, TAG)

    def revert() -> None:
        tagging.call("DELETE", f"/tagging/category/id:{category}")

    return revert


def _ask(lab: LabHandle) -> Revert:
    def ask(category: str) -> None:
        constraints = policy_of(lab, POLICY)[1].constraints
        rule = constraints.subProfiles[0].capability[0]
        rule.id.id = category
        rule.constraint[0].propertyInstance[0].id = property_id(category)
        update_policy(lab, POLICY, constraints=constraints)

    ask(_OTHER_CATEGORY)
    return lambda: ask(CATEGORY)


def _moved(lab: LabHandle, path: str, folder: str) -> Revert:
    datastore, former = lab.find(path), lab.find(path.rpartition("/")[0])

    def move(target: Any) -> None:
        lab.vcenter.wait(target.MoveIntoFolder_Task([datastore]))

    move(lab.find(folder))
    return lambda: move(former)


def _datastore_of(lab: LabHandle, deployment: str) -> str:
    vm = lab.vm(CLUSTER, deployment)
    datastore = lab.vcenter.properties([vm], vim.VirtualMachine, ["datastore"])[vm]["datastore"][0]
    return str(lab.vcenter.properties([datastore], vim.Datastore, ["name"])[datastore]["name"])


def _disk(lab: LabHandle, vm: Any) -> Any:
    path = "config.hardware.device"
    devices = lab.vcenter.properties([vm], vim.VirtualMachine, [path])[vm][path]
    return next(each for each in devices if isinstance(each, vim.vm.device.VirtualDisk))
