"""DSC-13: Storage DRS keeps the nodes inside the datastore cluster."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.datastore.disks import has_volumes, parts_of, settled_vms
from tkg_conformance.conformance.datastore.storage import members_of, require_pods, storage_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject
from tkg_conformance.reports.check import Check

_SETTINGS = "podStorageDrsEntry.storageDrsConfig.podConfig."


@pytest.mark.requirement("DSC-13")
def test_storage_drs_keeps_inside(check: Check, site: Site, cluster: Cluster) -> None:
    storage = storage_of(check, site, cluster)
    pods = require_pods(check, storage)
    unknown = [pod for pod in pods if pod.props.get(f"{_SETTINGS}enabled") is None]
    for pod in unknown:
        check.note(f"the Storage DRS settings of {pod.ref} were not seen")
    active = [pod for pod in pods if _is_on(pod)]
    if unknown and not active:
        check.inconclusive(f"the Storage DRS settings of {unknown[0].ref} were not seen; the account must read them")
    if not active:
        check.not_applicable(f"Storage DRS is off for {', '.join(pod.ref for pod in pods)}")
    vms = settled_vms(check, storage)
    for pod in check.each(active):
        inside = {each.key for each in members_of(storage.vcenter, pod)}
        below = [
            vm for vm in vms if any(p.datastore and p.datastore.key in inside for p in parts_of(storage.vcenter, vm))
        ]
        with_volumes = [vm for vm in below if has_volumes(vm)]
        behavior = pod.props.get(f"{_SETTINGS}defaultVmBehavior")
        if behavior is None and with_volumes:
            check.inconclusive(f"the automation level of {pod.ref} was not seen; the account must read it")
        if behavior == "automated" and with_volumes:
            check.fail(
                pod,
                expected="manual mode beneath nodes with container volumes",
                observed=f"fully automated; {len(with_volumes)} nodes have container volumes attached",
                message=f"Storage DRS of {pod.ref} may move nodes that have container volumes attached",
                involves=with_volumes,
            )
    check.note(f"VMs outside are told by DSC-8; {len(vms)} VMs were looked at")


def _is_on(pod: InventoryObject) -> bool:
    return pod.props.get(f"{_SETTINGS}enabled") in (True, "true")
