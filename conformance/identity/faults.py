"""Seeded faults of the IDENT area, on the lab's default scenario: cluster dev/wl1 under the identity tkg-dev."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from typing import Any, Final

from tkg_conformance.fixtures.errors import LabError
from tkg_conformance.fixtures.faults import Fault, LabHandle, Revert
from tkg_conformance.fixtures.lab.api import KubernetesAPI, Object
from tkg_conformance.fixtures.lab.changes import created, deleted, patched, together
from tkg_conformance.fixtures.lab.errors import APIError
from tkg_conformance.fixtures.lab.handle import INFRASTRUCTURE_API

CLUSTER = "dev/wl1"
IDENTITY, SECRET, CAPV = "tkg-dev", "tkg-dev-credentials", "capv-system"
OTHER_IDENTITY = "tkg-test"
POLICY = "freeze-credentials"
_ADMISSION_API: Final = "admissionregistration.k8s.io/v1"
_POLICY_IN_FORCE_S: Final = 10.0


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _identity(lab: LabHandle) -> str:
    return lab.object_of("VSphereClusterIdentity", IDENTITY)


def _secret(lab: LabHandle) -> str:
    return lab.object_of("Secret", SECRET, CAPV)


def _copy(secret: Mapping[str, Any], namespace: str, name: str) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
        "data": secret["data"],
    }


def empty_password(lab: LabHandle) -> Revert:
    return lab.patch(_secret(lab), {"data": {"password": ""}})


def move_secret(lab: LabHandle) -> Revert:
    api, path = lab.management, _secret(lab)
    copy = _copy(api.get(path), "default", SECRET)
    return together(lambda: created(api, copy), lambda: deleted(api, path))


def mistype_secret(lab: LabHandle) -> Revert:
    return lab.patch(_identity(lab), {"spec": {"secretName": "tkg-dev-credential"}})


def disallow_namespaces(lab: LabHandle) -> Revert:
    return lab.patch(_identity(lab), {"spec": {"allowedNamespaces": None}})


def freeze_secret(lab: LabHandle) -> Revert:
    """Let an admission policy refuse every write to the Secret, as policy engines on real clusters do."""
    api = lab.management
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": ["secrets"]}
    policy = {
        "apiVersion": _ADMISSION_API,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": POLICY},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {"resourceRules": [{**rule, "resourceNames": [SECRET]}]},
            "validations": [{"expression": "false", "message": "credentials are frozen"}],
        },
    }
    binding = {
        "apiVersion": _ADMISSION_API,
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": POLICY},
        "spec": {"policyName": POLICY, "validationActions": ["Deny"]},
    }
    revert = together(lambda: created(api, policy), lambda: created(api, binding))
    _wait_frozen(api, _secret(lab), revert)
    return revert


def _wait_frozen(api: KubernetesAPI, path: str, revert: Revert) -> None:
    deadline = time.monotonic() + _POLICY_IN_FORCE_S
    while time.monotonic() < deadline:
        try:
            api.merge_patch(path, {})
        except APIError:
            return
        time.sleep(0.2)
    revert()
    raise LabError(f"The admission policy {POLICY} was not in force within {_POLICY_IN_FORCE_S:.0f} s.")


def edit_vsphere_cluster(lab: LabHandle) -> Revert:
    """Edit VSphereCluster alone; Cluster API would take that back at once if the Cluster were not paused."""
    reference = {"kind": "Secret", "name": "wl1"}
    cluster = lab.object_of("VSphereCluster", lab.vsphere_cluster(CLUSTER), "dev")
    return together(
        lambda: lab.patch(lab.object_of("Cluster", "wl1", "dev"), {"spec": {"paused": True}}),
        lambda: lab.patch(cluster, {"spec": {"identityRef": reference}}),
    )


def wrong_password(lab: LabHandle) -> Revert:
    return lab.patch(_secret(lab), {"data": {"password": _encoded("expired")}})


def suspend_vm(lab: LabHandle) -> Revert:
    """Suspend, not power off: CAPV powers a machine on again within seconds but leaves a suspended one alone."""
    vm = lab.vm(CLUSTER, "md-0")
    lab.vcenter.wait(vm.SuspendVM_Task())

    def revert() -> None:
        lab.vcenter.wait(vm.PowerOnVM_Task())

    return revert


def vm_name(lab: LabHandle) -> dict[str, str]:
    return {"vm": lab.vm_path(lab.vm(CLUSTER, "md-0"))}


def vsphere_cluster_name(lab: LabHandle) -> dict[str, str]:
    return {"vsphere_cluster": lab.vsphere_cluster(CLUSTER)}


def cpi_as_management(lab: LabHandle) -> Revert:
    api = lab.workload(CLUSTER)
    path = api.path("v1", "Secret", "cloud-provider-vsphere-credentials", "kube-system")
    user = next(key for key in api.get(path)["data"] if key.endswith(".username"))
    host = user.removesuffix(".username")
    login = {user: lab.username("management"), f"{host}.password": lab.password("management")}
    return patched(api, path, {"data": {key: _encoded(value) for key, value in login.items()}})


def narrow_selector(lab: LabHandle) -> Revert:
    return lab.patch(_identity(lab), {"spec": {"allowedNamespaces": {"selector": {"matchLabels": {"team": "blue"}}}}})


def share_secret(lab: LabHandle) -> Revert:
    api = lab.management
    identity = {
        "apiVersion": INFRASTRUCTURE_API,
        "kind": "VSphereClusterIdentity",
        "metadata": {"name": OTHER_IDENTITY},
        "spec": {"secretName": SECRET, "allowedNamespaces": {"selector": {"matchLabels": {}}}},
    }
    remove = created(api, identity)

    def revert() -> None:
        # CAPV deletes the Secret that a deleted identity names, whoever else uses it; so it must name none by then.
        api.merge_patch(lab.object_of("VSphereClusterIdentity", OTHER_IDENTITY), {"spec": {"secretName": "none"}})
        remove()

    return revert


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="secret-without-password",
        requirement="IDENT-1",
        sentence="the identity's Secret holds an empty password",
        object=f"Secret management/{CAPV}/{SECRET}",
        apply=empty_password,
    ),
    Fault(
        id="secret-in-other-namespace",
        requirement="IDENT-1",
        sentence="the identity's Secret lies in another namespace than CAPV",
        object=f"Secret management/{CAPV}/{SECRET}",
        apply=move_secret,
    ),
    Fault(
        id="secret-name-mistyped",
        requirement="IDENT-2",
        sentence="secretName of the identity is mistyped",
        object=f"VSphereClusterIdentity management/{IDENTITY}",
        apply=mistype_secret,
    ),
    Fault(
        id="allowed-namespaces-removed",
        requirement="IDENT-3",
        sentence="allowedNamespaces was removed from the identity",
        object=f"VSphereClusterIdentity management/{IDENTITY}",
        apply=disallow_namespaces,
    ),
    Fault(
        id="secret-frozen-by-policy",
        requirement="IDENT-4",
        sentence="an admission policy keeps CAPV from taking over the identity's Secret",
        object=f"VSphereClusterIdentity management/{IDENTITY}",
        apply=freeze_secret,
    ),
    Fault(
        id="vsphere-cluster-edited-alone",
        requirement="IDENT-6",
        sentence="identityRef was changed in VSphereCluster but not in the Cluster's variable",
        object=f"Cluster management/{CLUSTER}",
        scope=CLUSTER,
        apply=edit_vsphere_cluster,
    ),
    Fault(
        id="alternate-password-wrong",
        requirement="IDENT-7",
        sentence="the alternate account's password in the Secret is no longer valid",
        object=f"VSphereClusterIdentity management/{IDENTITY}",
        scope=CLUSTER,
        apply=wrong_password,
    ),
    Fault(
        id="vm-suspended",
        requirement="IDENT-8",
        sentence="a worker's VM was suspended in vCenter",
        object="VirtualMachine {vm}",
        names=vm_name,
        scope=CLUSTER,
        apply=suspend_vm,
    ),
    Fault(
        id="cpi-as-management-account",
        requirement="IDENT-10",
        sentence="the cloud provider logs in with the management cluster's account",
        object=f"Secret {CLUSTER}/kube-system/cloud-provider-vsphere-credentials",
        scope=CLUSTER,
        apply=cpi_as_management,
    ),
    Fault(
        id="namespace-not-admitted",
        requirement="IDENT-11",
        sentence="the identity admits only namespaces with a label that the cluster's lacks",
        object="Namespace management/dev",
        scope=CLUSTER,
        apply=narrow_selector,
    ),
    Fault(
        id="secret-shared",
        requirement="IDENT-12",
        sentence="a second identity names the same Secret",
        object=f"Secret management/{CAPV}/{SECRET}",
        apply=share_secret,
    ),
)
