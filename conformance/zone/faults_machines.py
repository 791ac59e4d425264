"""Seeded faults of the ZONE area in what is made anew: machines that a person orders, and a Node's CSI topology."""

from __future__ import annotations

from tkg_conformance.conformance.zone import seeding, seeding_machines
from tkg_conformance.conformance.zone.seeding import CLUSTER
from tkg_conformance.fixtures.faults import Fault

FAULTS: tuple[Fault, ...] = (
    Fault(
        id="csi-topology-of-former-vm",
        requirement="ZONE-11",
        sentence="the CSINodeTopology of a node holds the BIOS UUID of a VM that is not there any more",
        object=f"CSINodeTopology {CLUSTER}/{{md-2}}",
        names=seeding.node_names,
        scope=CLUSTER,
        quotes="virtual machine wasn't found",
        apply=seeding_machines.keep_former_uuid,
    ),
    Fault(
        id="zone-tag-detached-before-machine",
        requirement="ZONE-3",
        sentence="a machine was ordered into cluster3 while its zone tag was detached; its Node stays uninitialised",
        object="ClusterComputeResource /dc0/host/cluster3",
        settle_s=60.0,
        batch="machines-of-wrong-origin-or-place",
        apply=seeding_machines.order_without_zone_tag,
    ),
    Fault(
        id="failure-domain-misspelt",
        requirement="ZONE-14",
        sentence="a machine was ordered into the failure domain zone_b, which does not exist",
        object=f"VSphereDeploymentZone management/{seeding_machines.MISSPELT}",
        scope=CLUSTER,
        batch="machines-without-image-or-policy",
        apply=seeding_machines.order_into_misspelt_zone,
    ),
)
