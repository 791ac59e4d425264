"""What CAPV itself says of a machine that it cannot make.

Such a Machine is in creation for as long as the cause lasts, so that checks of settled Machines never come to judge it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import Condition, KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member

# CAPV: the older contract's reason; the newer one has the error as message of a VM that is not provisioned.
_OLD, _OLD_REASON = "VMProvisioned", "CloningFailed"
_NEW, _NEW_REASON = "VirtualMachineProvisioned", "NotProvisioned"


def refusal_of(member: Member) -> Condition | None:
    """Return the condition with which CAPV says that it cannot clone a machine's VM, None if it says no such thing."""
    vm = member.vsphere_vm
    if vm is None:
        return None
    old, new = vm.condition(_OLD), vm.condition(_NEW)
    if old is not None and not old.is_true and old.reason == _OLD_REASON:
        return old
    if new is not None and not new.is_true and new.reason == _NEW_REASON and new.message:
        return new
    return None


def refusal_told(clusters: Iterable[Cluster], concerns: Callable[[KubernetesObject, str], bool]) -> str:
    """Return "; CAPV on VSphereVM ...: condition" of the first machine that fails so, "" if none does.

    `concerns` says, by the VSphereVM and CAPV's message, whether a refusal has the cause in question.
    """
    for cluster in clusters:
        for member in cluster.members:
            refusal, vm = refusal_of(member), member.vsphere_vm
            if refusal is not None and vm is not None and concerns(vm, refusal.message):
                return f"; CAPV on {vm.ref}: {refusal.describe()}"
    return ""
