"""Changes to the Secret, the identity and the accounts of dev/wl1 that are wrong but plausible, or come later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tkg_conformance.conformance.identity.seeding import (
    CAPV,
    CLUSTER,
    IDENTITY,
    OTHER_IDENTITY,
    SECRET,
    copy_of,
    encoded,
    identity_path,
    refer,
    secret_path,
)
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import awaited, created, removed, resealed, together
from tkg_conformance.fixtures.lab.handle import INFRASTRUCTURE_API
from tkg_conformance.fixtures.lab.permissions import principal
from tkg_conformance.fixtures.lab.vsphere import vim

OTHER_SECRET: Final = "tkg-test-credentials"  # noqa: S105  an object's name
OTHER_CLUSTER: Final = "wl2-copy"
_NO_ACCESS: Final = -5
_READY_S: Final = 20.0


def pad_username(lab: LabHandle) -> Revert:
    return resealed(lab.management, secret_path(lab), "username", lambda text: f"{text} ")


def end_password_in_line_break(lab: LabHandle) -> Revert:
    """End the password as a file does that `echo` wrote."""
    return resealed(lab.management, secret_path(lab), "password", lambda text: f"{text}\n")


def encode_twice(lab: LabHandle) -> Revert:
    """Put base64 where Kubernetes encodes once more."""
    return together(
        *(lambda key=key: resealed(lab.management, secret_path(lab), key, encoded) for key in ("username", "password"))
    )


def misname_username(lab: LabHandle) -> Revert:
    data = lab.management.get(secret_path(lab))["data"]
    return lab.patch(secret_path(lab), {"data": {"username": None, "user": data["username"]}})


def use_management_account(lab: LabHandle) -> Revert:
    login = {"username": lab.username("management"), "password": lab.password("management")}
    return lab.patch(secret_path(lab), {"data": {key: encoded(value) for key, value in login.items()}})


def delete_identity(lab: LabHandle) -> Revert:
    """Delete the identity in use; CAPV deletes its Secret with it, so that both are created again."""
    api = lab.management
    secret = copy_of(api.get(secret_path(lab)), CAPV, SECRET)
    identity = api.get(identity_path(lab))
    former = {key: identity[key] for key in ("apiVersion", "kind", "spec")} | {"metadata": {"name": IDENTITY}}
    api.delete(identity_path(lab))

    def revert() -> None:
        for path, again in ((identity_path(lab), former), (secret_path(lab), secret)):
            removed(api, path)
            api.create(path.rpartition("/")[0], again)

    return revert


def mistype_operator(lab: LabHandle) -> Revert:
    selector = {"matchLabels": None, "matchExpressions": [{"key": "team", "operator": "in", "values": ["blue"]}]}
    return lab.patch(identity_path(lab), {"spec": {"allowedNamespaces": {"selector": selector}}})


def label_namespace_in_other_case(lab: LabHandle) -> Revert:
    admitted = {"selector": {"matchLabels": {"team": "blue"}}}
    return together(
        lambda: lab.patch(lab.object_of("Namespace", "dev"), {"metadata": {"labels": {"team": "Blue"}}}),
        lambda: lab.patch(identity_path(lab), {"spec": {"allowedNamespaces": admitted}}),
    )


def leave_secret_to_other_identity(lab: LabHandle) -> Revert:
    """Leave the Secret the owner reference of an identity that named it before and names another one now."""
    api = lab.management

    def own() -> Revert:
        other = api.get(lab.object_of("VSphereClusterIdentity", OTHER_IDENTITY))
        keys = {"apiVersion": INFRASTRUCTURE_API, "kind": "VSphereClusterIdentity", "name": OTHER_IDENTITY}
        owner = {**keys, "uid": other["metadata"]["uid"]}
        return lab.patch(secret_path(lab), {"metadata": {"ownerReferences": [owner]}})

    return together(lambda: other_identity(lab, {}), own)


def name_other_identity(lab: LabHandle) -> Revert:
    """Let the Cluster name an identity that exists, is ready, and is not the one that was meant."""
    return together(
        lambda: other_identity(lab, {}),
        lambda: refer(lab, {"kind": "VSphereClusterIdentity", "name": OTHER_IDENTITY}),
    )


def other_identity(lab: LabHandle, admitted: Mapping[str, str]) -> Revert:
    """Create an identity with a Secret of its own, for namespaces with these labels, and wait until it is ready."""
    api = lab.management
    secret = copy_of(api.get(secret_path(lab)), CAPV, OTHER_SECRET)
    identity = {
        "apiVersion": INFRASTRUCTURE_API,
        "kind": "VSphereClusterIdentity",
        "metadata": {"name": OTHER_IDENTITY},
        "spec": {"secretName": OTHER_SECRET, "allowedNamespaces": {"selector": {"matchLabels": dict(admitted)}}},
    }
    return together(
        lambda: created(api, secret),
        lambda: created(api, identity),
        lambda: awaited(
            lambda: bool((api.get(api.path_of(identity)).get("status") or {}).get("ready")),
            _READY_S,
            f"CAPV did not accept {OTHER_IDENTITY}",
        ),
    )


def hide_vm(lab: LabHandle) -> Revert:
    """Give the alternate account the role "No access" on a worker's VM."""
    manager, vm = lab.vcenter.content.authorizationManager, lab.vm(CLUSTER, "md-0")
    who = principal(lab.username("alternate"))
    manager.SetEntityPermissions(
        vm, [vim.AuthorizationManager.Permission(principal=who, group=False, roleId=_NO_ACCESS, propagate=True)]
    )

    def revert() -> None:
        manager.RemoveEntityPermission(vm, who, False)

    return revert


def csi_as_management(lab: LabHandle) -> Revert:
    """Let csi-vsphere.conf name the management account, as one copied from another cluster does."""
    login = {"user": lab.username("management"), "password": lab.password("management")}

    def change(text: str) -> str:
        lines = []
        for line in text.splitlines():
            name = line.partition("=")[0].strip()
            lines.append(f'{name} = "{login[name]}"' if name in login else line)
        return "\n".join(lines) + "\n"

    path = lab.workload(CLUSTER).path("v1", "Secret", "vsphere-config-secret", "kube-system")
    return resealed(lab.workload(CLUSTER), path, "csi-vsphere.conf", change)


def share_own_secret(lab: LabHandle) -> Revert:
    """Let one more VSphereCluster name the Secret of wl2, as a manifest does whose names were changed in part."""
    api = lab.management
    found: dict[str, Any] = api.get(lab.object_of("VSphereCluster", lab.vsphere_cluster("dev/wl2"), "dev"))
    copy = {
        "apiVersion": INFRASTRUCTURE_API,
        "kind": "VSphereCluster",
        "metadata": {"name": OTHER_CLUSTER, "namespace": "dev"},
        "spec": found["spec"],
    }
    return created(api, copy)
