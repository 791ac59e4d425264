"""Workers of dev/wl2 that are made or unmade by whoever edits the cluster's topology."""

from __future__ import annotations

from typing import Any, Final

from tkg_conformance.conformance.multios.seeding import CLUSTER, LINUX
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import awaited, edited
from tkg_conformance.fixtures.lab.ordering import machines_of

_BACK_S: Final = 180.0


def scale_linux_to_zero(lab: LabHandle) -> Revert:
    """Scale the Linux workers to none; the revert returns when there are as many again, and ready."""
    former = len(machines_of(lab, CLUSTER, LINUX))

    def change(cluster: dict[str, Any]) -> None:
        for each in cluster["spec"]["topology"]["workers"]["machineDeployments"]:
            if each["name"] == LINUX:
                each["replicas"] = 0

    take_back = edited(lab.management, lab.object_of("Cluster", "wl2", "dev"), change)

    def revert() -> None:
        take_back()
        awaited(
            lambda: sum(map(_is_ready, machines_of(lab, CLUSTER, LINUX))) == former,
            _BACK_S,
            f"The Linux workers of {CLUSTER} were not ready again",
        )

    return revert


def _is_ready(machine: dict[str, Any]) -> bool:
    conditions = {each["type"]: each["status"] for each in machine.get("status", {}).get("conditions", ())}
    return conditions.get("NodeHealthy") == conditions.get("Ready") == "True"
