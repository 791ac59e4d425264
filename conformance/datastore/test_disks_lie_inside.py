"""DSC-8: every node disk lies inside the datastore cluster; the page's limit is measured."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.datastore.disks import parts_of, settled_vms
from tkg_conformance.conformance.datastore.storage import DATASTORE, members_of, require_pods, storage_of
from tkg_conformance.conformance.subjects import conclude_hidden
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DSC-8")
def test_disks_lie_inside(check: Check, site: Site, cluster: Cluster) -> None:
    storage = storage_of(check, site, cluster)
    vcenter, pods = storage.vcenter, require_pods(check, storage)
    inside = {each.key for pod in pods for each in members_of(vcenter, pod)}
    used: dict[str, int] = {}
    hidden: list[str] = []
    for vm in check.each(settled_vms(check, storage)):
        for part in parts_of(vcenter, vm):
            if part.datastore is None:
                hidden.append(f"the datastore of the {part.name} of {vm.ref}")
                continue
            used[part.datastore.name] = used.get(part.datastore.name, 0) + 1
            if part.datastore.key not in inside:
                check.fail(
                    vm,
                    expected=f"a member of {' or '.join(pod.ref for pod in pods)}",
                    observed=f"{part.name} on {part.datastore.ref}",
                    message=f"the {part.name} of {vm.ref} lies outside the datastore cluster, on {part.datastore.ref}",
                    involves=[part.datastore, cluster.ref, cluster.intent.ref(DATASTORE), storage.ref],
                )
    for name in hidden:
        check.note(f"{name} was not seen: listed, not judged")
    conclude_hidden(check, hidden)
    spread = ", ".join(f"{name}: {count}" for name, count in sorted(used.items()))
    check.note(f"homes and disks by datastore: {spread}")
    if len(used) == 1:
        reason = f"all VMs of {cluster.name} lie on one of {len(inside)} datastores, {spread}, as the page says"
        check.known_limit(reason, observed=len(inside) > 1)
    else:
        check.known_limit(f"{cluster.name} uses {len(used)} datastores ({spread})", observed=False)
