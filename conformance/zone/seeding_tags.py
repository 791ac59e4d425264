"""Changes to the tags of vCenter that are wrong but plausible, on cluster1 to cluster3 of the default scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tkg_conformance.conformance.zone.seeding import COMPUTE, POOL, REGION_CATEGORY, ZONE_CATEGORY
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import created, deleted, together
from tkg_conformance.fixtures.lab.handle import INFRASTRUCTURE_API

OTHER_CATEGORY: Final = "location"
_CLUSTER_TYPE: Final = "ClusterComputeResource"


def make_category_for_hosts(lab: LabHandle) -> Revert:
    return lab.tags.make_for(ZONE_CATEGORY, "HostSystem")


def put_tag_into_region_category(lab: LabHandle) -> Revert:
    return together(
        lambda: lab.tags.delete_tag(ZONE_CATEGORY, "zone-c"),
        lambda: lab.tags.create_tag(REGION_CATEGORY, "zone-c"),
    )


def _other_category(lab: LabHandle) -> Revert:
    """Give cluster3 the tag zone-c of a category that is no business of TKG."""
    return together(
        lambda: lab.tags.create_category(OTHER_CATEGORY, _CLUSTER_TYPE),
        lambda: lab.tags.create_tag(OTHER_CATEGORY, "zone-c"),
        lambda: lab.tags.attach(OTHER_CATEGORY, "zone-c", lab.find(COMPUTE.format(3))),
    )


def assign_tag_of_other_category(lab: LabHandle) -> Revert:
    return together(
        lambda: lab.tags.detach(ZONE_CATEGORY, "zone-c", lab.find(COMPUTE.format(3))),
        lambda: _other_category(lab),
    )


def tag_resource_pool(lab: LabHandle) -> Revert:
    """Move the zone tag to where the cloud provider still finds it and the CSI driver does not."""
    return together(
        lambda: lab.tags.widen(ZONE_CATEGORY, "ResourcePool"),
        lambda: lab.tags.detach(ZONE_CATEGORY, "zone-c", lab.find(COMPUTE.format(3))),
        lambda: lab.tags.attach(ZONE_CATEGORY, "zone-c", lab.find(POOL.format(3))),
    )


def assign_two_zones(lab: LabHandle) -> Revert:
    # Taking back the cardinality builds the category anew without this attachment, so no detaching is needed.
    return together(
        lambda: lab.tags.allow_many(ZONE_CATEGORY),
        lambda: lab.tags.attach(ZONE_CATEGORY, "zone-b", lab.find(COMPUTE.format(1))),
    )


def tell_zone_by_other_category(lab: LabHandle) -> Revert:
    """Build the failure domain anew, as its spec cannot be changed, with the other category's tag of the same name."""
    return together(lambda: _other_category(lab), lambda: domain_with(lab, {"zone": {"tagCategory": OTHER_CATEGORY}}))


def name_missing_network(lab: LabHandle) -> Revert:
    return domain_with(lab, {"topology": {"networks": ["workload-old"]}})


def name_pool_of_other_cluster(lab: LabHandle) -> Revert:
    """Name the resource pool of the same name in the cluster of another zone."""
    path = lab.object_of("VSphereDeploymentZone", "zone-c")
    return lab.patch(path, {"spec": {"placementConstraint": {"resourcePool": POOL.format(2)}}})


def rename_zone_of_running_nodes(lab: LabHandle) -> Revert:
    """Give cluster3 a new zone tag, and the failure domain with it, after its Nodes were labelled."""
    compute = lab.find(COMPUTE.format(3))
    return together(
        lambda: lab.tags.create_tag(ZONE_CATEGORY, "zone-d"),
        lambda: lab.tags.detach(ZONE_CATEGORY, "zone-c", compute),
        lambda: lab.tags.attach(ZONE_CATEGORY, "zone-d", compute),
        lambda: domain_with(lab, {"zone": {"name": "zone-d"}}),
    )


def domain_with(lab: LabHandle, changes: Mapping[str, Mapping[str, object]]) -> Revert:
    """Replace the VSphereFailureDomain zone-c by one that differs in these parts of its spec."""
    path = lab.object_of("VSphereFailureDomain", "zone-c")
    spec = lab.management.get(path)["spec"]
    domain = {
        "apiVersion": INFRASTRUCTURE_API,
        "kind": "VSphereFailureDomain",
        "metadata": {"name": "zone-c"},
        "spec": {**spec, **{part: {**spec[part], **change} for part, change in changes.items()}},
    }
    return together(lambda: deleted(lab.management, path), lambda: created(lab.management, domain))
