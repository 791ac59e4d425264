"""Seeded faults of the IDENT area, on the lab's default scenario: cluster dev/wl1 under the identity tkg-dev."""

from __future__ import annotations

from typing import Final

from tkg_conformance.conformance.identity import faults_credentials, seeding
from tkg_conformance.conformance.identity.faults_credentials import NO_ACCOUNT
from tkg_conformance.conformance.identity.seeding import (
    CAPV,
    CLUSTER,
    IDENTITY,
    MISTYPED_IDENTITY,
    MISTYPED_SECRET,
    SECRET,
)
from tkg_conformance.fixtures.faults import Fault

# Rows that stay open while a Cluster is paused, because its conditions are stale.
STALE: Final = {"IDENT-7": "INCONCLUSIVE", "IDENT-8": "INCONCLUSIVE", "ZONE-14": "INCONCLUSIVE"}

FAULTS: tuple[Fault, ...] = (
    *faults_credentials.FAULTS,
    Fault(
        id="secret-without-password",
        requirement="IDENT-1",
        sentence="the identity's Secret holds an empty password",
        object=f"Secret management/{CAPV}/{SECRET}",
        consequences={"IDENT-8": "INCONCLUSIVE"},
        apply=seeding.empty_password,
    ),
    Fault(
        id="secret-in-other-namespace",
        requirement="IDENT-1",
        sentence="the identity's Secret lies in another namespace than CAPV",
        object=f"Secret management/{CAPV}/{SECRET}",
        consequences=NO_ACCOUNT,
        apply=seeding.move_secret,
    ),
    Fault(
        id="secret-name-mistyped",
        requirement="IDENT-1",
        sentence="the identity's secretName is mistyped, so there is no Secret of that name",
        object=f"Secret management/{CAPV}/{MISTYPED_SECRET}",
        consequences=NO_ACCOUNT,
        apply=seeding.mistype_secret,
    ),
    Fault(
        id="identity-name-mistyped",
        requirement="IDENT-2",
        sentence="the Cluster names an identity that does not exist",
        object=f"VSphereClusterIdentity management/{MISTYPED_IDENTITY}",
        consequences={**NO_ACCOUNT, **dict.fromkeys(("IDENT-1", "IDENT-3", "IDENT-4", "IDENT-11"), "INCONCLUSIVE")},
        apply=seeding.mistype_identity,
    ),
    Fault(
        id="allowed-namespaces-removed",
        requirement="IDENT-3",
        sentence="allowedNamespaces was removed from the identity",
        object=f"VSphereClusterIdentity management/{IDENTITY}",
        apply=seeding.disallow_namespaces,
    ),
    Fault(
        id="secret-frozen-by-policy",
        requirement="IDENT-4",
        sentence="an admission policy keeps CAPV from taking over the identity's Secret",
        object=f"VSphereClusterIdentity management/{IDENTITY}",
        apply=seeding.freeze_secret,
    ),
    Fault(
        id="vsphere-cluster-edited-alone",
        requirement="IDENT-6",
        sentence="identityRef is set in VSphereCluster, as on the page, but not in the Cluster's variable",
        object=f"Cluster management/{CLUSTER}",
        scope=CLUSTER,
        consequences=STALE,
        apply=seeding.unset_variable,
    ),
    Fault(
        id="vsphere-cluster-set-back",
        requirement="IDENT-6",
        sentence="identityRef of VSphereCluster is the cluster's own Secret again",
        object=f"Cluster management/{CLUSTER}",
        scope=CLUSTER,
        consequences=STALE,
        apply=seeding.restore_default,
    ),
    Fault(
        id="alternate-password-wrong",
        requirement="IDENT-7",
        sentence="the alternate account's password in the Secret is no longer valid",
        object=f"VSphereClusterIdentity management/{IDENTITY}",
        scope=CLUSTER,
        consequences={"IDENT-8": "INCONCLUSIVE"},
        apply=seeding.wrong_password,
    ),
    Fault(
        id="vm-suspended",
        requirement="IDENT-8",
        sentence="a worker's VM was suspended in vCenter",
        object="VirtualMachine {vm}",
        names=seeding.vm_name,
        scope=CLUSTER,
        apply=seeding.suspend_vm,
    ),
    Fault(
        id="cpi-as-management-account",
        requirement="IDENT-10",
        sentence="the cloud provider logs in with the management cluster's account",
        object=f"Secret {CLUSTER}/kube-system/cloud-provider-vsphere-credentials",
        scope=CLUSTER,
        apply=seeding.cpi_as_management,
    ),
    Fault(
        id="namespace-not-admitted",
        requirement="IDENT-11",
        sentence="the identity admits only namespaces with a label that the cluster's lacks",
        object="Namespace management/dev",
        scope=CLUSTER,
        apply=seeding.narrow_selector,
    ),
    Fault(
        id="secret-shared",
        requirement="IDENT-12",
        sentence="a second identity names the same Secret",
        object=f"Secret management/{CAPV}/{SECRET}",
        apply=seeding.share_secret,
    ),
    Fault(
        id="manifest-without-identity",
        requirement="IDENT-13",
        sentence="the dry run's manifest has neither a VSphereCluster nor the variable identityRef",
        object=f"Configuration {CLUSTER} manifest",
        scope=CLUSTER,
        apply=seeding.give_manifest,
    ),
)
