"""From which VM a machine was cloned: vCenter's record of the clone, else what CAPV was told."""

from __future__ import annotations

from dataclasses import dataclass

from tkg_conformance.conformance.ova.imagery import Imagery
from tkg_conformance.fixtures.observation.views.members import Member

EVENTS = ("VmClonedEvent", "VmBeingClonedEvent", "VmDeployedEvent", "VmBeingDeployedEvent")
"""Events that name what a VM was made from (vSphere API, VmCloneEvent and VmDeployedEvent)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of a clone; `moid` is "" where only a name is recorded. `is_recorded` says that vCenter tells it."""

    moid: str
    name: str
    evidence: str
    is_recorded: bool

    def is_from(self, imagery: Imagery, moid: str) -> bool:
        """Return whether the source is this VM, by MoRef, or by name where there is no MoRef."""
        if self.moid:
            return self.moid == moid
        return moid in imagery.vms and imagery.vms[moid].name == self.name


def origin_of(imagery: Imagery, member: Member) -> Origin | None:
    """Return what a machine's VM was cloned from, None if nothing tells."""
    if member.vm is not None:
        for event in reversed(imagery.vcenter.events(member.vm, EVENTS)):
            if event.source or event.source_vm:
                text = f"{event.type} at {event.time} from {event.source or event.source_vm}"
                return Origin(event.source_vm or "", event.source or "", text, True)
    wanted = imagery.template_of(member)
    only = imagery.find(wanted).only if wanted else None
    if only is None:
        return None
    return Origin(only.moid, only.path.rpartition("/")[2], f"{wanted}, as CAPV was told", False)
