"""Seeded faults of tags and failure domains that look right: other types, categories, objects, numbers of tags."""

from __future__ import annotations

from tkg_conformance.conformance.zone import seeding, seeding_tags
from tkg_conformance.conformance.zone.seeding import CLUSTER
from tkg_conformance.fixtures.faults import Fault

FAULTS: tuple[Fault, ...] = (
    Fault(
        id="zone-category-for-hosts",
        requirement="ZONE-1",
        sentence="the tag category k8s-zone was made for hosts, so no cluster can carry its tags",
        object="Category k8s-zone",
        apply=seeding_tags.make_category_for_hosts,
    ),
    Fault(
        id="zone-tag-in-region-category",
        requirement="ZONE-2",
        sentence="the tag zone-c was created in the category k8s-region",
        object="Tag k8s-zone/zone-c",
        apply=seeding_tags.put_tag_into_region_category,
    ),
    Fault(
        id="zone-tag-of-other-category",
        requirement="ZONE-3",
        sentence="cluster3 carries a tag zone-c, but that of the category location",
        object="ClusterComputeResource /dc0/host/cluster3",
        apply=seeding_tags.assign_tag_of_other_category,
    ),
    Fault(
        id="zone-tag-on-resource-pool",
        requirement="ZONE-3",
        sentence="the zone tag of cluster3 is on its resource pool, where the CSI driver does not look",
        object="ClusterComputeResource /dc0/host/cluster3",
        apply=seeding_tags.tag_resource_pool,
    ),
    Fault(
        id="two-zone-tags",
        requirement="ZONE-4",
        sentence="k8s-zone allows many tags per object, and cluster1 carries zone-a and zone-b",
        object="ClusterComputeResource /dc0/host/cluster1",
        apply=seeding_tags.assign_two_zones,
    ),
    Fault(
        id="zone-tag-replaced",
        requirement="ZONE-9",
        sentence="cluster3 was given a new zone tag after its nodes were labelled",
        object=f"Node {CLUSTER}/{{md-2}}",
        names=seeding.node_names,
        scope=CLUSTER,
        apply=seeding_tags.rename_zone_of_running_nodes,
    ),
    Fault(
        id="failure-domain-of-other-category",
        requirement="ZONE-14",
        sentence="a failure domain names the tag zone-c of another category than the drivers look up",
        object="VSphereFailureDomain management/zone-c",
        scope=CLUSTER,
        apply=seeding_tags.tell_zone_by_other_category,
    ),
    Fault(
        id="failure-domain-network-missing",
        requirement="ZONE-14",
        sentence="a failure domain names a network that is not there any more",
        object="VSphereDeploymentZone management/zone-c",
        scope=CLUSTER,
        quotes="network workload-old is not found",
        apply=seeding_tags.name_missing_network,
    ),
    Fault(
        id="resource-pool-of-other-cluster",
        requirement="ZONE-14",
        sentence="a deployment zone names the resource pool of the same name in another zone's cluster",
        object="VSphereDeploymentZone management/zone-c",
        scope=CLUSTER,
        quotes="resource pool is not owned by compute cluster",
        apply=seeding_tags.name_pool_of_other_cluster,
    ),
)
