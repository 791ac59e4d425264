"""Small changes to the constructed site that the IDENT rows have to notice."""

from __future__ import annotations

import base64
from typing import Any

from conformance.tests.builder import ADMINISTRATOR, Sample
from tkg_conformance.fixtures.observation.model import AccountView

WL1 = "dev/wl1"


def secret_of(sample: Sample) -> Any:
    return sample.find("Secret", "tkg-dev-credentials")


def identity_of(sample: Sample) -> Any:
    return sample.find("VSphereClusterIdentity", "tkg-dev")


def set_identity(sample: Sample, *, variable: dict[str, str] | None, reference: dict[str, str]) -> None:
    topology = sample.find("Cluster", "wl1").spec["topology"]
    topology["variables"] = [{"name": "identityRef", "value": variable}] if variable else []
    sample.find("VSphereCluster", "wl1-x7k2p").spec["identityRef"] = reference


def account(sample: Sample, **changes: Any) -> None:
    found = sample.accounts[0]
    fields = {name: getattr(found, name) for name in AccountView.__dataclass_fields__}
    sample.accounts[0] = AccountView(**(fields | changes))


def specification(sample: Sample, *documents: dict[str, Any]) -> None:
    sample.intents[WL1] |= {"form": "class", "config": {}, "objects": documents}


def password_empty(sample: Sample) -> None:
    secret_of(sample).data["password"]["empty"] = True
    sample.accounts.clear()


def password_encoded_twice(sample: Sample) -> None:
    secret_of(sample).data["password"]["double_base64"] = True


def password_ends_in_line_break(sample: Sample) -> None:
    secret_of(sample).data["password"]["padding"] = "line break"


def username_ends_in_blank(sample: Sample) -> None:
    """The account is the same but for the blank, and vCenter refuses the login."""
    user = secret_of(sample).data["username"]
    user |= {"user": f"{user['user']} ", "padding": "blank"}
    account(sample, username=user["user"], login="refused", vm_uuids=(), powered_on=())


def password_ends_in_blank(sample: Sample) -> None:
    """A password may hold blanks; whether this one does, the login tells."""
    secret_of(sample).data["password"]["padding"] = "blank"


def username_encoded_twice(sample: Sample) -> None:
    user = secret_of(sample).data["username"]
    user |= {"user": base64.b64encode(user["user"].encode()).decode(), "double_base64": True}
    account(sample, username=user["user"], login="refused", vm_uuids=(), powered_on=())


def secret_missing(sample: Sample) -> None:
    sample.management.remove("Secret", "tkg-dev-credentials")
    identity_of(sample).status["conditions"][0]["status"] = "False"
    sample.accounts.clear()


def secret_name_mistyped(sample: Sample) -> None:
    """The former Secret still carries the identity's owner reference."""
    identity = identity_of(sample)
    identity.spec["secretName"] = "tkg-dev-credential"
    identity.status["conditions"][0] |= {"status": "False", "reason": "SecretNotAvailable"}
    sample.accounts.clear()


def identity_missing(sample: Sample) -> None:
    sample.management.remove("VSphereClusterIdentity", "tkg-dev")


def allowed_namespaces_removed(sample: Sample) -> None:
    del identity_of(sample).spec["allowedNamespaces"]


def selector_refused(sample: Sample) -> None:
    expression = {"key": "team", "operator": "Near", "values": ["a"]}
    identity_of(sample).spec["allowedNamespaces"] = {"selector": {"matchExpressions": [expression]}}


def condition_false(sample: Sample) -> None:
    identity_of(sample).status["conditions"][0] |= {"status": "False", "reason": "SecretOwnerReferenceFailed"}


def owner_reference_missing(sample: Sample) -> None:
    secret_of(sample).metadata["ownerReferences"] = []


def vsphere_cluster_reset(sample: Sample) -> None:
    """A stated intent, and a legacy cluster without topology, so that only VSphereCluster can be wrong.

    Of a release that forces no topology categories, so that the driver's texts are as they should be.
    """
    cluster = sample.find("Cluster", "wl1")
    del cluster.spec["topology"]
    cluster.metadata["labels"] = {"tanzuKubernetesRelease": "v1.21.14---vmware.2-tkg.1"}
    sample.find("VSphereCluster", "wl1-x7k2p").spec["identityRef"] = {"kind": "Secret", "name": "wl1"}
    reference = {"identityRef": {"kind": "VSphereClusterIdentity", "name": "tkg-dev"}}
    sample.intents[WL1]["objects"] = ({"kind": "VSphereCluster", "spec": reference},)


def vsphere_cluster_edited_alone(sample: Sample) -> None:
    management = {"kind": "Secret", "name": "wl1"}
    set_identity(sample, variable=management, reference={"kind": "VSphereClusterIdentity", "name": "tkg-dev"})
    driver = sample.workloads[WL1].find("Secret", "vsphere-config-secret").data["csi-vsphere.conf"]["facts"]
    driver["servers"] = [{"user": ADMINISTRATOR}]


def variable_edited_alone(sample: Sample) -> None:
    identity = {"kind": "VSphereClusterIdentity", "name": "tkg-dev"}
    set_identity(sample, variable=identity, reference={"kind": "Secret", "name": "wl1"})


def login_refused(sample: Sample) -> None:
    account(sample, login="InvalidLogin", vm_uuids=(), powered_on=())


def management_account_in_identity(sample: Sample) -> None:
    secret_of(sample).data["username"]["user"] = "VSPHERE.LOCAL\\Administrator"
    account(sample, username=ADMINISTRATOR)
    for index, event in enumerate(sample.events):
        fields = {name: getattr(event, name) for name in type(event).__dataclass_fields__}
        sample.events[index] = type(event)(**(fields | {"user": "VSPHERE.LOCAL\\Administrator"}))
    users = sample.workloads[WL1].find("Secret", "cloud-provider-vsphere-credentials").data
    users["vc01.example.org.username"]["user"] = ADMINISTRATOR
    driver = sample.workloads[WL1].find("Secret", "vsphere-config-secret").data["csi-vsphere.conf"]["facts"]
    driver["servers"] = [{"user": ADMINISTRATOR}]


def vcenter_unavailable(sample: Sample) -> None:
    conditions = sample.find("VSphereCluster", "wl1-x7k2p").status["conditions"]
    conditions[0] |= {"status": "False", "reason": "VCenterUnreachable"}


def vcenter_unavailable_for_zones(sample: Sample) -> None:
    """CAPV looks at deployment zones with the account of a VSphereCluster, so they become unready with it."""
    vcenter_unavailable(sample)
    conditions = [{"type": "VCenterAvailable", "status": "False", "reason": "VCenterUnreachable"}]
    zone = sample.find("VSphereDeploymentZone", "zone-a")
    zone.status = {"ready": False, "conditions": conditions}


def vm_suspended(sample: Sample) -> None:
    account(sample, powered_on=sample.accounts[0].powered_on[1:])


def vm_invisible(sample: Sample) -> None:
    account(sample, vm_uuids=sample.accounts[0].vm_uuids[1:], sees_everything=False)


def vm_created_by_management(sample: Sample) -> None:
    event = sample.events[0]
    fields = {name: getattr(event, name) for name in type(event).__dataclass_fields__}
    sample.events[0] = type(event)(**(fields | {"user": "VSPHERE.LOCAL\\Administrator"}))


def cloud_provider_as_management(sample: Sample) -> None:
    users = sample.workloads[WL1].find("Secret", "cloud-provider-vsphere-credentials").data
    users["vc01.example.org.username"]["user"] = ADMINISTRATOR


def driver_as_unknown_account(sample: Sample) -> None:
    driver = sample.workloads[WL1].find("Secret", "vsphere-config-secret").data["csi-vsphere.conf"]["facts"]
    driver["servers"] = [{"user": "csi@vsphere.local"}]


def namespace_not_admitted(sample: Sample) -> None:
    identity_of(sample).spec["allowedNamespaces"] = {"selector": {"matchLabels": {"team": "blue"}}}


def secret_shared_by_identities(sample: Sample) -> None:
    sample.management.add("VSphereClusterIdentity", "tkg-test", spec={"secretName": "tkg-dev-credentials"})


def secret_shared_by_clusters(sample: Sample) -> None:
    reference = {"identityRef": {"kind": "Secret", "name": "wl2"}}
    sample.management.add("VSphereCluster", "wl3", "dev", spec=reference)


def manifest_class_based(sample: Sample) -> None:
    identity = {"name": "identityRef", "value": {"kind": "VSphereClusterIdentity", "name": "tkg-dev"}}
    cluster = {"kind": "Cluster", "spec": {"topology": {"variables": [identity]}}}
    sample.intents[WL1]["objects"] = ({"kind": "Secret"}, cluster)


def manifest_without_identity(sample: Sample) -> None:
    sample.intents[WL1]["objects"] = ({"kind": "Cluster", "spec": {"topology": {"variables": []}}},)


def capv_elsewhere(sample: Sample) -> None:
    for item in sample.management.items:
        if item.namespace == "capv-system":
            item.namespace = "infra"


def windows_spec_without_secret(sample: Sample) -> None:
    identity = {"name": "identityRef", "value": {"kind": "VSphereClusterIdentity", "name": "tkg-dev"}}
    settings = {"region": "k8s-region", "zone": "k8s-zone"}
    specification(
        sample,
        {"kind": "Cluster", "spec": {"topology": {"variables": [identity]}}},
        {"kind": "VSphereCPIConfig", "spec": {"vsphereCPI": settings}},
        {"kind": "VSphereCSIConfig", "spec": {"vsphereCSI": {"config": settings}}},
        {"kind": "Secret", "metadata": {"namespace": "dev", "name": "wl1"}, "stringData": {"username": "<present>"}},
    )
    sample.intents[WL1]["type"] = "multi-os"
