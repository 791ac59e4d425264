"""Machines of dev/wl1 that are ordered when their storage cannot be had."""

from __future__ import annotations

from typing import Any, Final

from tkg_conformance.conformance.datastore.seeding import CLUSTER, OUTSIDE
from tkg_conformance.conformance.datastore.seeding_pod import rename_policy
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import together
from tkg_conformance.fixtures.lab.ordering import ordered

DEPLOYMENT: Final = "md-storage"
_VCENTER: Final = "vcenter"


def order_without_policy(lab: LabHandle) -> Revert:
    """Order a machine after the policy was renamed in vCenter."""
    return together(lambda: rename_policy(lab), lambda: ordered(lab, CLUSTER, DEPLOYMENT))


def order_with_datastore(lab: LabHandle) -> Revert:
    """Order a machine whose own settings name a datastore beside the policy, which its account does not see."""
    cluster = lab.management.get(lab.object_of("Cluster", "wl1", "dev"))["spec"]["topology"]
    found: dict[str, Any] = next(each["value"] for each in cluster["variables"] if each["name"] == _VCENTER)
    own = next(each for each in cluster["workers"]["machineDeployments"] if each["name"] == "md-0")
    others = [each for each in (own.get("variables") or {}).get("overrides") or () if each["name"] != _VCENTER]
    overrides = [*others, {"name": _VCENTER, "value": {**found, "datastore": OUTSIDE}}]
    return ordered(lab, CLUSTER, DEPLOYMENT, variables={"overrides": overrides})
