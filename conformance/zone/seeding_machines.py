"""Changes that seed faults of the ZONE area in what is made anew: a machine ordered by a person, a Node's topology."""

from __future__ import annotations

import uuid

from tkg_conformance.conformance.zone.seeding import CLUSTER, COMPUTE, ZONE_CATEGORY, node_names
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import awaited, patched, removed, together
from tkg_conformance.fixtures.lab.ordering import machines_of, ordered

MISSPELT = "zone_b"
UNZONED = "md-unzoned"
_MADE_S, _JOINED_S = 30.0, 90.0


def order_into_misspelt_zone(lab: LabHandle) -> Revert:
    """Order a machine into a failure domain that does not exist, and wait until Cluster API has made its Machine.

    CAPV can neither clone nor delete it then; the revert names one that exists first, as a person has to.
    """

    def machines() -> list[str]:
        return [str(each["metadata"]["name"]) for each in machines_of(lab, CLUSTER, "md-zone-b")]

    def correct() -> None:
        for name in machines():
            patched(lab.management, lab.object_of("Machine", name, "dev"), {"spec": {"failureDomain": "zone-b"}})

    return together(
        lambda: ordered(lab, CLUSTER, "md-zone-b", failureDomain=MISSPELT),
        lambda: awaited(lambda: bool(machines()), _MADE_S, f"No Machine was made for md-zone-b of {CLUSTER}"),
        lambda: correct,
    )


def order_without_zone_tag(lab: LabHandle) -> Revert:
    """Order a machine into cluster3 while its zone tag is detached, and wait until its Node has joined.

    The cloud provider cannot initialise the Node, which keeps its taint; Cluster API therefore never knows it.
    """

    def has_joined() -> bool:
        nodes = lab.workload(CLUSTER).list("/api/v1/nodes")
        return any(each["metadata"]["name"].startswith(f"wl1-{UNZONED}-") for each in nodes)

    return together(
        lambda: ordered(lab, CLUSTER, UNZONED, like="md-2"),
        lambda: lab.tags.detach(ZONE_CATEGORY, "zone-c", lab.find(COMPUTE.format(3))),
        lambda: awaited(has_joined, _JOINED_S, f"The machine of {UNZONED} did not join {CLUSTER}"),
    )


def keep_former_uuid(lab: LabHandle) -> Revert:
    """Let the CSINodeTopology hold another BIOS UUID, as after a VM was replaced under the Node's name."""
    api, node = lab.workload(CLUSTER), node_names(lab)["md-2"]
    path = f"/apis/cns.vmware.com/v1alpha1/csinodetopologies/{node}"
    api.merge_patch(path, {"spec": {"nodeuuid": str(uuid.uuid4())}, "status": None})

    def revert() -> None:
        # The node plugin asks anew, with the right UUID.
        removed(api, path)

    return revert
