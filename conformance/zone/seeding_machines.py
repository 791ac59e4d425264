"""Changes that seed faults of the ZONE area in what is made anew: a machine ordered by a person, a Node's topology."""

from __future__ import annotations

import uuid

from tkg_conformance.conformance.zone.seeding import CLUSTER, node_names
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import removed
from tkg_conformance.fixtures.lab.ordering import ordered

MISSPELT = "zone_b"


def order_into_misspelt_zone(lab: LabHandle) -> Revert:
    return ordered(lab, CLUSTER, "md-zone-b", failureDomain=MISSPELT)


def keep_former_uuid(lab: LabHandle) -> Revert:
    """Let the CSINodeTopology hold another BIOS UUID, as after a VM was replaced under the Node's name."""
    api, node = lab.workload(CLUSTER), node_names(lab)["md-2"]
    path = f"/apis/cns.vmware.com/v1alpha1/csinodetopologies/{node}"
    api.merge_patch(path, {"spec": {"nodeuuid": str(uuid.uuid4())}, "status": None})

    def revert() -> None:
        # The node plugin asks anew, with the right UUID.
        removed(api, path)

    return revert
