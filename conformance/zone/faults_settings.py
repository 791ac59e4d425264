"""Seeded faults of region and zone on their way to the drivers: plausible values, and texts edited by hand."""

from __future__ import annotations

from tkg_conformance.conformance.zone import seeding, seeding_settings
from tkg_conformance.conformance.zone.seeding import CLUSTER, CSI_NAMESPACE
from tkg_conformance.fixtures.faults import Fault

FAULTS: tuple[Fault, ...] = (
    Fault(
        id="zone-unset",
        requirement="ZONE-5",
        sentence="the configuration file sets VSPHERE_REGION without VSPHERE_ZONE",
        object=f"Configuration {CLUSTER} VSPHERE_ZONE",
        scope=CLUSTER,
        apply=seeding_settings.unset_zone,
    ),
    Fault(
        id="zone-with-trailing-blank",
        requirement="ZONE-6",
        sentence="VSPHERE_ZONE ends in a blank",
        object=f"Configuration {CLUSTER} VSPHERE_ZONE",
        scope=CLUSTER,
        apply=seeding_settings.add_blank,
    ),
    Fault(
        id="region-and-zone-swapped",
        requirement="ZONE-6",
        sentence="VSPHERE_REGION names the category of zones, and VSPHERE_ZONE that of regions",
        object=f"Configuration {CLUSTER} VSPHERE_ZONE",
        scope=CLUSTER,
        apply=seeding_settings.swap,
    ),
    Fault(
        id="cloud-config-without-labels",
        requirement="ZONE-7",
        sentence="someone restored a vsphere.conf without the section Labels in the workload cluster",
        object=f"ConfigMap {CLUSTER}/kube-system/vsphere-cloud-config",
        scope=CLUSTER,
        apply=seeding_settings.drop_cloud_labels,
    ),
    Fault(
        id="csi-config-with-both-forms",
        requirement="ZONE-7",
        sentence="csi-vsphere.conf was given topology-categories beside region and zone",
        object=f"Secret {CLUSTER}/kube-system/vsphere-config-secret",
        scope=CLUSTER,
        apply=seeding_settings.use_both_forms,
    ),
    Fault(
        id="region-label-removed",
        requirement="ZONE-8",
        sentence="the region label of a worker node was removed",
        object=f"Node {CLUSTER}/{{md-1}}",
        names=seeding.node_names,
        scope=CLUSTER,
        apply=seeding.remove_region_label,
    ),
    Fault(
        id="control-plane-unlabelled",
        requirement="ZONE-8",
        sentence="a control-plane node has no topology label at all",
        object=f"Node {CLUSTER}/{{node}}",
        names=seeding.control_plane_name,
        scope=CLUSTER,
        apply=seeding.unlabel_control_plane,
    ),
    Fault(
        id="provisioner-not-strict",
        requirement="ZONE-12",
        sentence="csi-provisioner runs with topology, but without --strict-topology",
        object=f"Deployment {CLUSTER}/{CSI_NAMESPACE}/vsphere-csi-controller",
        scope=CLUSTER,
        apply=seeding_settings.drop_strictness,
    ),
    Fault(
        id="provisioner-topology-off",
        requirement="ZONE-12",
        sentence="csi-provisioner is strict, but its feature gate Topology is switched off",
        object=f"Deployment {CLUSTER}/{CSI_NAMESPACE}/vsphere-csi-controller",
        scope=CLUSTER,
        apply=seeding_settings.switch_topology_off,
    ),
)
