"""A Windows machine of dev/wl2 that is ordered when its network is not there under the configured name."""

from __future__ import annotations

from tkg_conformance.conformance.portgroup.seeding import CLUSTER, WINDOWS
from tkg_conformance.conformance.portgroup.seeding_networks import rename_group
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import together
from tkg_conformance.fixtures.lab.ordering import ordered


def order_without_network(lab: LabHandle) -> Revert:
    """Order a Windows machine after its port group was renamed."""
    return together(lambda: rename_group(lab), lambda: ordered(lab, CLUSTER, "md-network", like=WINDOWS))
