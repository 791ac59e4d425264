"""DSC-9: the policy is associated with each VM's home and disks."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.datastore.disks import Part, parts_of, settled_vms
from tkg_conformance.conformance.datastore.storage import Storage, storage_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DSC-9")
def test_policy_is_associated(check: Check, site: Site, cluster: Cluster) -> None:
    storage = storage_of(check, site, cluster)
    if storage.policy is None:
        check.inconclusive(f"{storage.ref} is not known to vCenter, so nothing can be compared with it; see DSC-3")
    unchecked = 0
    for vm in check.each(settled_vms(check, storage)):
        for part in parts_of(storage.vcenter, vm):
            unchecked += not _judge(check, storage, vm, part)
    if unchecked:
        check.note(f"vCenter has not checked the compliance of {unchecked} homes and disks")


def _judge(check: Check, storage: Storage, vm: InventoryObject, part: Part) -> bool:
    """Judge one home or disk; return whether vCenter knows its compliance."""
    use = storage.vcenter.policy_use(part.key)
    given = use.policies if use else ()
    names = [each.name for each in storage.vcenter.policies if each.id in given]
    if storage.policy is None or storage.policy.id not in given:
        observed = f"{part.name}: {', '.join(names) or 'no policy'}"
    elif use is not None and use.compliance == "nonCompliant":
        observed = f"{part.name}: not compliant"
    else:
        return bool(use and use.compliance in ("compliant", "notApplicable"))
    check.fail(
        vm,
        expected=f"{storage.ref} on the {part.name}, and compliant",
        observed=observed,
        message=f"{storage.ref} does not govern the {part.name} of {vm.ref}: {observed}",
        involves=[storage.cluster.ref, storage.ref, *([part.datastore] if part.datastore else [])],
    )
    return True
