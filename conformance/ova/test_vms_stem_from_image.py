"""OVA-11: vCenter's record names the chosen image as source of each VM."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.ova.imagery import Imagery
from tkg_conformance.conformance.ova.provenance import origin_of
from tkg_conformance.conformance.subjects import settled_machines
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("OVA-11")
def test_vms_stem_from_image(check: Check, site: Site, cluster: Cluster) -> None:
    imagery = Imagery(check, site, cluster)
    stood_in, without = [], []
    for member in settled_machines(check, cluster):
        pool = next((each for each in imagery.pools if each.holds(member)), None)
        chosen = imagery.chosen(pool) if pool else None
        origin = origin_of(imagery, member)
        if pool is None or chosen is None or origin is None or member.vm is None:
            without.append(member.ref)
            continue
        check.examine(member.vm)
        if not origin.is_recorded:
            stood_in.append(member.vm.ref)
        if not origin.is_from(imagery, chosen[0]):
            check.fail(
                member.vm,
                expected=f"cloned from {imagery.ref(chosen[0])} ({chosen[0]}): {chosen[1]}",
                observed=f"{origin.evidence} ({origin.moid or 'no MoRef recorded'})",
                message=f"{member.vm.ref} was not cloned from {imagery.ref(chosen[0])}: {origin.evidence}",
                involves=[*member.objects, imagery.ref(chosen[0]), pool.ref],
            )
    if stood_in:
        check.note(f"no event tells the source of {', '.join(stood_in)}; CAPV's recorded template stands in")
    if without:
        check.note(f"nothing tells the source of {', '.join(without)}, or which image was chosen: listed, not judged")
    if without and not check.examined.count:
        check.inconclusive(f"nothing tells from which image the VMs of {cluster.name} were cloned; events age out")
