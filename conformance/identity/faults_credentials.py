"""Seeded faults of credentials and identities that look right, or were right when the cluster was created."""

from __future__ import annotations

from typing import Final

from tkg_conformance.conformance.identity import seeding, seeding_clusters, seeding_credentials, seeding_machines
from tkg_conformance.conformance.identity.seeding import CAPV, CLUSTER, IDENTITY, SECRET
from tkg_conformance.fixtures.faults import Fault

# Rows that compare with the alternate account's name, which is unknown without a user name in its Secret.
NO_ACCOUNT: Final = {"IDENT-8": "INCONCLUSIVE", "IDENT-9": "INCONCLUSIVE", "IDENT-10": "INCONCLUSIVE"}

FAULTS: tuple[Fault, ...] = (
    Fault(
        id="username-with-trailing-blank",
        requirement="IDENT-1",
        sentence="the user name in the identity's Secret ends in a blank",
        object=f"Secret management/{CAPV}/{SECRET}",
        apply=seeding_credentials.pad_username,
    ),
    Fault(
        id="password-with-line-break",
        requirement="IDENT-1",
        sentence="the password in the identity's Secret ends in the line break of the file it came from",
        object=f"Secret management/{CAPV}/{SECRET}",
        # The package writes the line break into csi-vsphere.conf as it is, within quotes, where nobody can read it.
        consequences={"ZONE-7": "INCONCLUSIVE", "IDENT-10": "INCONCLUSIVE"},
        apply=seeding_credentials.end_password_in_line_break,
    ),
    Fault(
        id="secret-encoded-twice",
        requirement="IDENT-1",
        sentence="user name and password were put into the Secret as base64 of base64",
        object=f"Secret management/{CAPV}/{SECRET}",
        apply=seeding_credentials.encode_twice,
    ),
    Fault(
        id="secret-key-misnamed",
        requirement="IDENT-1",
        sentence="the identity's Secret holds the key user instead of username",
        object=f"Secret management/{CAPV}/{SECRET}",
        consequences=NO_ACCOUNT,
        apply=seeding_credentials.misname_username,
    ),
    Fault(
        id="identity-deleted",
        requirement="IDENT-2",
        sentence="the identity was deleted while its cluster runs, and its Secret went with it",
        object=f"VSphereClusterIdentity management/{IDENTITY}",
        consequences={**NO_ACCOUNT, **dict.fromkeys(("IDENT-1", "IDENT-3", "IDENT-4", "IDENT-11"), "INCONCLUSIVE")},
        apply=seeding_credentials.delete_identity,
    ),
    Fault(
        id="selector-operator-mistyped",
        requirement="IDENT-3",
        sentence="the selector of allowedNamespaces has the operator in, where Kubernetes knows In",
        object=f"VSphereClusterIdentity management/{IDENTITY}",
        consequences={"IDENT-11": "INCONCLUSIVE"},
        apply=seeding_credentials.mistype_operator,
    ),
    Fault(
        id="secret-of-other-identity",
        requirement="IDENT-4",
        sentence="the identity's Secret still belongs to another identity, which names another Secret now",
        object=f"VSphereClusterIdentity management/{IDENTITY}",
        quotes="secret being used by another Cluster/VSphereIdentity",
        apply=seeding_credentials.leave_secret_to_other_identity,
    ),
    Fault(
        id="other-identity-named",
        requirement="IDENT-6",
        sentence="the Cluster names another identity that exists and is ready",
        object=f"Cluster management/{CLUSTER}",
        scope=CLUSTER,
        apply=seeding_credentials.name_other_identity,
    ),
    Fault(
        id="secret-of-management-account",
        requirement="IDENT-7",
        sentence="the identity's Secret was rotated to the management cluster's account",
        object=f"VSphereClusterIdentity management/{IDENTITY}",
        scope=CLUSTER,
        # Whoever created the VMs was another account than the one that the Secret names now.
        consequences={"IDENT-9": "FAIL"},
        apply=seeding_credentials.use_management_account,
    ),
    Fault(
        id="vm-hidden-from-account",
        requirement="IDENT-8",
        sentence="the alternate account was given the role No access on a worker's VM",
        object="VirtualMachine {vm}",
        names=seeding.vm_name,
        scope=CLUSTER,
        apply=seeding_credentials.hide_vm,
    ),
    Fault(
        id="vm-cloned-by-management-account",
        requirement="IDENT-9",
        sentence="a machine was created while the Secret held the management cluster's account",
        object="VirtualMachine /dc0/vm/tkg/wl1/*",
        scope=CLUSTER,
        settle_s=180.0,
        batch="machines-of-wrong-origin-or-place",
        apply=seeding_machines.clone_as_management_account,
    ),
    Fault(
        id="csi-as-management-account",
        requirement="IDENT-10",
        sentence="csi-vsphere.conf was given the management cluster's account",
        object=f"Secret {CLUSTER}/kube-system/vsphere-config-secret",
        scope=CLUSTER,
        apply=seeding_credentials.csi_as_management,
    ),
    Fault(
        id="namespace-label-in-other-case",
        requirement="IDENT-11",
        sentence="the identity admits namespaces with team=blue, and the cluster's has team=Blue",
        object="Namespace management/dev",
        scope=CLUSTER,
        quotes="namespace dev is not allowed to use specif",
        apply=seeding_credentials.label_namespace_in_other_case,
    ),
    Fault(
        id="cluster-of-other-team",
        requirement="IDENT-11",
        sentence="a cluster was created under an identity that admits another team's namespaces only",
        object="Namespace management/dev",
        scope=seeding_clusters.NEW_CLUSTER,
        settle_s=90.0,
        quotes="namespace dev is not allowed to use specif",
        # Nobody can read the new cluster, which is never made, and these rows are about all of them.
        consequences=dict.fromkeys(("ZONE-1", "ZONE-2", "ZONE-3", "ZONE-4"), "INCONCLUSIVE"),
        batch="machines-without-network-or-datastore",
        apply=seeding_clusters.create_under_identity_of_other_team,
    ),
    Fault(
        id="cluster-secret-shared",
        requirement="IDENT-12",
        sentence="a second VSphereCluster names the Secret of dev/wl2",
        object="Secret management/dev/wl2",
        apply=seeding_credentials.share_own_secret,
    ),
)
