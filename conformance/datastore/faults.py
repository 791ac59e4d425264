"""Seeded faults of the DSC area, on the default scenario: gold-policy, datastore cluster gold, cluster dev/wl1."""

from __future__ import annotations

from tkg_conformance.conformance.datastore import seeding
from tkg_conformance.conformance.datastore.seeding import CLUSTER, DATASTORE
from tkg_conformance.fixtures.faults import Fault

FAULTS: tuple[Fault, ...] = (
    Fault(
        id="storage-category-renamed",
        requirement="DSC-1",
        sentence="the tag category storage-tier was renamed to storage-tiers",
        object="Category storage-tier",
        apply=seeding.rename_category,
    ),
    Fault(
        id="pod-member-untagged",
        requirement="DSC-2",
        sentence="a member of the datastore cluster lost the tag gold",
        object="Datastore " + DATASTORE.format(1),
        apply=seeding.untag_member,
    ),
    Fault(
        id="policy-rule-turned-round",
        requirement="DSC-3",
        sentence="the rule of gold-policy was changed to storage not tagged with gold",
        object="StoragePolicy gold-policy",
        apply=seeding.turn_rule_round,
    ),
    Fault(
        id="policy-given-by-identifier",
        requirement="DSC-5",
        sentence="VSPHERE_STORAGE_POLICY_ID holds the policy's UUID",
        object=f"Configuration {CLUSTER} VSPHERE_STORAGE_POLICY_ID",
        scope=CLUSTER,
        apply=seeding.give_identifier,
    ),
    Fault(
        id="datastore-left-set",
        requirement="DSC-6",
        sentence="VSPHERE_DATASTORE was left set beside the storage policy",
        object=f"Configuration {CLUSTER} VSPHERE_DATASTORE",
        scope=CLUSTER,
        apply=seeding.set_datastore,
    ),
    Fault(
        id="storage-class-without-policy",
        requirement="DSC-7",
        sentence="the default StorageClass was made anew without the storage policy",
        object=f"StorageClass {CLUSTER}/default",
        scope=CLUSTER,
        apply=seeding.drop_policy_of_class,
    ),
    Fault(
        id="vm-outside-pod",
        requirement="DSC-8",
        sentence="a worker's VM was moved to a datastore outside the datastore cluster",
        object="VirtualMachine {md-0}",
        names=seeding.vm_paths,
        scope=CLUSTER,
        apply=seeding.move_outside,
    ),
    Fault(
        id="vm-without-policy",
        requirement="DSC-9",
        sentence="the storage policy was taken off a worker VM's home",
        object="VirtualMachine {md-1}",
        names=seeding.vm_paths,
        scope=CLUSTER,
        apply=seeding.drop_policy_of_vm,
    ),
    Fault(
        id="pod-member-in-maintenance",
        requirement="DSC-10",
        sentence="a member of the datastore cluster is in maintenance mode",
        object="Datastore " + DATASTORE.format(1),
        scope=CLUSTER,
        apply=seeding.enter_maintenance,
    ),
    Fault(
        id="failure-domain-names-datastore",
        requirement="DSC-11",
        sentence="the failure domain of zone-c names a datastore",
        object=f"VSphereFailureDomain management/{seeding.WITH_DATASTORE}",
        scope=CLUSTER,
        apply=seeding.name_datastore_in_domain,
    ),
)
