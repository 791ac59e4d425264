"""Changes that seed the faults of the IDENT area: dev/wl1 of the default scenario, under the identity tkg-dev."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import yaml

from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.api import KubernetesAPI, Object
from tkg_conformance.fixtures.lab.changes import awaited, created, deleted, edited, patched, rewritten, together
from tkg_conformance.fixtures.lab.errors import APIError
from tkg_conformance.fixtures.lab.handle import CLUSTER_API, INFRASTRUCTURE_API
from tkg_conformance.fixtures.models.variables import IDENTITY_VARIABLE

CLUSTER = "dev/wl1"
IDENTITY, SECRET, CAPV = "tkg-dev", "tkg-dev-credentials", "capv-system"
OTHER_IDENTITY, MISTYPED_IDENTITY, MISTYPED_SECRET = "tkg-test", "tkg-deb", "tkg-dev-credential"
OWN_SECRET: Final = {"kind": "Secret", "name": "wl1"}
POLICY = "freeze-credentials"
_ADMISSION_API: Final = "admissionregistration.k8s.io/v1"
_POLICY_IN_FORCE_S: Final = 10.0
_QUIET_S: Final = 4.0
_SETTLED_AT_MOST_S: Final = 20.0
_LOOK_S: Final = 0.25


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def identity_path(lab: LabHandle) -> str:
    return lab.object_of("VSphereClusterIdentity", IDENTITY)


def secret_path(lab: LabHandle) -> str:
    return lab.object_of("Secret", SECRET, CAPV)


def copy_of(secret: Mapping[str, Any], namespace: str, name: str) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
        "data": secret["data"],
    }


def empty_password(lab: LabHandle) -> Revert:
    return lab.patch(secret_path(lab), {"data": {"password": ""}})


def move_secret(lab: LabHandle) -> Revert:
    api, path = lab.management, secret_path(lab)
    copy = copy_of(api.get(path), "default", SECRET)
    return together(lambda: created(api, copy), lambda: deleted(api, path))


def mistype_secret(lab: LabHandle) -> Revert:
    return lab.patch(identity_path(lab), {"spec": {"secretName": MISTYPED_SECRET}})


def mistype_identity(lab: LabHandle) -> Revert:
    """Mistype the name in the edited dry run, and so in the Cluster that was created from it."""
    right, wrong = (f"kind: VSphereClusterIdentity\n        name: {name}\n" for name in (IDENTITY, MISTYPED_IDENTITY))
    return together(
        lambda: rewritten(lab.directory / "clusters/dev-wl1-spec.yaml", lambda text: text.replace(right, wrong)),
        lambda: refer(lab, {"kind": "VSphereClusterIdentity", "name": MISTYPED_IDENTITY}),
    )


def refer(lab: LabHandle, reference: Mapping[str, str]) -> Revert:
    """Set the Cluster's topology variable identityRef."""

    def change(cluster: Object) -> None:
        for each in cluster["spec"]["topology"]["variables"]:
            if each["name"] == IDENTITY_VARIABLE:
                each["value"] = dict(reference)

    return edited(lab.management, lab.object_of("Cluster", "wl1", "dev"), change)


def disallow_namespaces(lab: LabHandle) -> Revert:
    return lab.patch(identity_path(lab), {"spec": {"allowedNamespaces": None}})


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
    return together(
        lambda: created(api, policy),
        lambda: created(api, binding),
        lambda: awaited(
            lambda: _is_refused(api, secret_path(lab)),
            _POLICY_IN_FORCE_S,
            f"The admission policy {POLICY} was not in force",
        ),
    )


def _is_refused(api: KubernetesAPI, path: str) -> bool:
    """Say whether the API server lets nobody write an object."""
    try:
        api.merge_patch(path, {})
    except APIError:
        return True
    return False


def unset_variable(lab: LabHandle) -> Revert:
    """Leave VSphereCluster as the page's edit makes it, and the variable at the default of the TKG CLI.

    Cluster API would make both agree at once if the Cluster were not paused.
    """
    return _paused(lab, lambda: refer(lab, OWN_SECRET))


def restore_default(lab: LabHandle) -> Revert:
    """Put back in VSphereCluster what the TKG CLI renders, as applying the manifest once more would."""
    path = lab.object_of("VSphereCluster", lab.vsphere_cluster(CLUSTER), "dev")
    return _paused(lab, lambda: lab.patch(path, {"spec": {"identityRef": OWN_SECRET}}))


def _paused(lab: LabHandle, change: Callable[[], Revert]) -> Revert:
    pause = {"spec": {"paused": True}}
    return together(lambda: lab.patch(lab.object_of("Cluster", "wl1", "dev"), pause), change)


def give_manifest(lab: LabHandle) -> Revert:
    """Give the site file a dry run's output whose Cluster has no variable for the identity."""
    document = {
        "apiVersion": CLUSTER_API,
        "kind": "Cluster",
        "metadata": {"name": "wl1", "namespace": "dev"},
        "spec": {"topology": {"classRef": {"name": "tkg-vsphere-default-v1"}, "variables": []}},
    }
    return lab.dry_run(CLUSTER, "clusters/dev-wl1-dry-run.yaml", yaml.safe_dump(document))


def wrong_password(lab: LabHandle) -> Revert:
    return lab.patch(secret_path(lab), {"data": {"password": encoded("expired")}})


def suspend_vm(lab: LabHandle) -> Revert:
    """Suspend, not power off: CAPV powers a machine on again within seconds but leaves a suspended one alone."""
    vm = lab.vm(CLUSTER, "md-0")
    lab.vcenter.wait(vm.SuspendVM_Task())

    def revert() -> None:
        lab.vcenter.wait(vm.PowerOnVM_Task())

    return revert


def vm_name(lab: LabHandle) -> dict[str, str]:
    return {"vm": lab.vm_path(lab.vm(CLUSTER, "md-0"))}


def cpi_as_management(lab: LabHandle) -> Revert:
    api = lab.workload(CLUSTER)
    path = api.path("v1", "Secret", "cloud-provider-vsphere-credentials", "kube-system")
    user = next(key for key in api.get(path)["data"] if key.endswith(".username"))
    host = user.removesuffix(".username")
    login = {user: lab.username("management"), f"{host}.password": lab.password("management")}
    _wait_until_settled(api, path)
    return patched(api, path, {"data": {key: encoded(value) for key, value in login.items()}})


def _wait_until_settled(api: KubernetesAPI, path: str) -> None:
    """Wait until nobody has written the Secret for a while.

    The add-on model renders it when what it comes from changes, and the last change may be the revert of the fault
    before this one, which would be written over this fault.
    """
    version, quiet_since = "", time.monotonic()
    deadline = quiet_since + _SETTLED_AT_MOST_S
    while time.monotonic() < min(quiet_since + _QUIET_S, deadline):
        found = api.get(path)["metadata"]["resourceVersion"]
        if found != version:
            version, quiet_since = found, time.monotonic()
        time.sleep(_LOOK_S)


def narrow_selector(lab: LabHandle) -> Revert:
    return lab.patch(
        identity_path(lab), {"spec": {"allowedNamespaces": {"selector": {"matchLabels": {"team": "blue"}}}}}
    )


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
