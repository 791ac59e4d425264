"""Machines of dev/wl2 that are ordered after their image was replaced or renamed."""

from __future__ import annotations

from typing import Any, Final

from tkg_conformance.conformance.multios.seeding import rename_template
from tkg_conformance.conformance.ova.seeding import WL2
from tkg_conformance.conformance.ova.seeding_templates import upload_windows_again
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import awaited, edited, patched, together
from tkg_conformance.fixtures.lab.ordering import machines_of, ordered

_POOL: Final = "md-0"
_FIRST_TO_GO: Final = "cluster.x-k8s.io/delete-machine"
_GONE_S: Final = 120.0


def order_without_template(lab: LabHandle) -> Revert:
    """Order a Windows machine after its template was renamed."""
    return together(lambda: rename_template(lab), lambda: ordered(lab, WL2, "md-late", like=_POOL))


def scale_after_upload(lab: LabHandle) -> Revert:
    """Ask for a second Windows worker after another template took the place of the first one's."""
    return together(lambda: upload_windows_again(lab), lambda: _scaled(lab))


def _scaled(lab: LabHandle) -> Revert:
    """Scale the Windows workers to two; the revert has the younger one deleted, whatever Cluster API would choose."""
    former = {each["metadata"]["name"] for each in machines_of(lab, WL2, _POOL)}

    def change(cluster: dict[str, Any]) -> None:
        for each in cluster["spec"]["topology"]["workers"]["machineDeployments"]:
            if each["name"] == _POOL:
                each["replicas"] = len(former) + 1

    take_back = edited(lab.management, lab.object_of("Cluster", "wl2", "dev"), change)

    def revert() -> None:
        for each in machines_of(lab, WL2, _POOL):
            name = each["metadata"]["name"]
            if name not in former:
                path = lab.object_of("Machine", name, "dev")
                patched(lab.management, path, {"metadata": {"annotations": {_FIRST_TO_GO: "yes"}}})
        take_back()
        awaited(
            lambda: len(machines_of(lab, WL2, _POOL)) <= len(former),
            _GONE_S,
            f"The younger Machine of {_POOL} was not gone",
        )

    return revert
