"""Changes that seed the faults of the DSC area: dev/wl1 of the default scenario, gold-policy and the pod gold."""

from __future__ import annotations

from typing import Any

from tkg_conformance.fixtures.errors import LabError
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import created, deleted, together
from tkg_conformance.fixtures.lab.handle import INFRASTRUCTURE_API
from tkg_conformance.fixtures.lab.vsphere import pbm, vim
from tkg_conformance.fixtures.models.tag_policy import NOT
from tkg_conformance.fixtures.models.variables import STORAGE_POLICY

CLUSTER = "dev/wl1"
POLICY, CATEGORY, TAG = "gold-policy", "storage-tier", "gold"
DATASTORE = "/dc0/datastore/gold/gold-{}"
OUTSIDE = "/dc0/datastore/shared-1"
WITH_DATASTORE = "zone-c-with-datastore"
_PRIORITY = "defaultPriority"


def rename_category(lab: LabHandle) -> Revert:
    return lab.tags.rename_category(CATEGORY, "storage-tiers")


def untag_member(lab: LabHandle) -> Revert:
    return lab.tags.detach(CATEGORY, TAG, lab.find(DATASTORE.format(1)))


def turn_rule_round(lab: LabHandle) -> Revert:
    """Make the rule "Use storage not tagged with"."""
    former = (
        policy_of(lab, POLICY)[1].constraints.subProfiles[0].capability[0].constraint[0].propertyInstance[0].operator
    )

    def turn(operator: str | None) -> None:
        constraints = policy_of(lab, POLICY)[1].constraints
        constraints.subProfiles[0].capability[0].constraint[0].propertyInstance[0].operator = operator
        update_policy(lab, POLICY, constraints=constraints)

    turn(NOT)
    return lambda: turn(former)


def give_identifier(lab: LabHandle) -> Revert:
    return lab.variable(CLUSTER, STORAGE_POLICY, str(policy_of(lab, POLICY)[1].profileId.uniqueId))


def set_datastore(lab: LabHandle) -> Revert:
    return lab.variable(CLUSTER, "VSPHERE_DATASTORE", OUTSIDE)


def drop_policy_of_class(lab: LabHandle) -> Revert:
    """Make the default StorageClass anew without its parameters, which nobody can change."""
    api, path = lab.workload(CLUSTER), "/apis/storage.k8s.io/v1/storageclasses/default"
    former = api.get(path)
    again = {key: value for key, value in former.items() if key not in ("metadata", "parameters", "status")}
    annotations = former["metadata"].get("annotations") or {}
    again["metadata"] = {"name": "default", "annotations": annotations}
    return together(lambda: deleted(api, path), lambda: created(api, again))


def move_outside(lab: LabHandle) -> Revert:
    vm = lab.vm(CLUSTER, "md-0")
    former = lab.vcenter.properties([vm], vim.VirtualMachine, ["datastore"])[vm]["datastore"][0]
    _relocate(lab, vm, lab.find(OUTSIDE))

    def revert() -> None:
        _relocate(lab, vm, former)

    return revert


def drop_policy_of_vm(lab: LabHandle) -> Revert:
    """Give a VM's home "Datastore Default" in the place of the policy."""
    vm = lab.vm(CLUSTER, "md-1")
    profile = vim.vm.DefinedProfileSpec(profileId=str(policy_of(lab, POLICY)[1].profileId.uniqueId))
    _reconfigure(lab, vm, vim.vm.EmptyProfileSpec())

    def revert() -> None:
        _reconfigure(lab, vm, profile)

    return revert


def enter_maintenance(lab: LabHandle) -> Revert:
    datastore = lab.find(DATASTORE.format(1))
    lab.vcenter.wait(datastore.DatastoreEnterMaintenanceMode().task)

    def revert() -> None:
        lab.vcenter.wait(datastore.DatastoreExitMaintenanceMode_Task())

    return revert


def name_datastore_in_domain(lab: LabHandle) -> Revert:
    """Point a deployment zone at a failure domain with a datastore; the field of an existing one cannot be changed."""
    domain = lab.management.get(lab.object_of("VSphereFailureDomain", "zone-c"))
    spec = {**domain["spec"], "topology": {**domain["spec"]["topology"], "datastore": DATASTORE.format(1)}}
    new = {"apiVersion": INFRASTRUCTURE_API, "kind": "VSphereFailureDomain", "metadata": {"name": WITH_DATASTORE}}
    zone = lab.object_of("VSphereDeploymentZone", "zone-c")
    return together(
        lambda: created(lab.management, {**new, "spec": spec}),
        lambda: lab.patch(zone, {"spec": {"failureDomain": WITH_DATASTORE}}),
    )


def vm_paths(lab: LabHandle) -> dict[str, str]:
    return {name: lab.vm_path(lab.vm(CLUSTER, name)) for name in ("md-0", "md-1")}


def policy_of(lab: LabHandle, name: str) -> tuple[Any, Any]:
    """Return the profile manager and the storage policy of this name, as it is now."""
    manager = lab.vcenter.policies().profileManager
    ids = manager.QueryProfile(pbm.profile.ResourceType(resourceType="STORAGE"), None)
    for profile in manager.RetrieveContent(ids):
        if profile.name == name:
            return manager, profile
    raise LabError(f"The lab's vCenter has no storage policy {name}.")


def update_policy(lab: LabHandle, policy: str, **changes: Any) -> None:
    """Change the name or the constraints of the storage policy that has this name now."""
    manager, profile = policy_of(lab, policy)
    manager.Update(profile.profileId, pbm.profile.CapabilityBasedProfileUpdateSpec(**changes))


def _relocate(lab: LabHandle, vm: Any, datastore: Any) -> None:
    lab.vcenter.wait(vm.RelocateVM_Task(vim.vm.RelocateSpec(datastore=datastore), _PRIORITY))


def _reconfigure(lab: LabHandle, vm: Any, profile: Any) -> None:
    lab.vcenter.wait(vm.ReconfigVM_Task(vim.vm.ConfigSpec(vmProfile=[profile])))
