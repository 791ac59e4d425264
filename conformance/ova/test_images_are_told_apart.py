"""OVA-3: where several images match one Kubernetes version, the configuration singles one out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tkg_conformance.conformance.ova.imagery import VM, Imagery
from tkg_conformance.conformance.ova.pools import Pool
from tkg_conformance.conformance.subjects import conclude_sight
from tkg_conformance.fixtures.models.ova import Image
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("OVA-3")
def test_images_are_told_apart(check: Check, site: Site, cluster: Cluster) -> None:
    imagery = Imagery(check, site, cluster)
    matching = [each for each in imagery.of_version() if each.is_template]
    if len(matching) < 2:
        conclude_sight(check, [imagery.vcenter], VM)
        names = ", ".join(each.path for each in matching) or "none"
        check.not_applicable(f"fewer than two templates match {imagery.version} in {imagery.datacenter}: {names}")
    for pool in check.each(imagery.pools):
        found = imagery.candidates(pool)
        wanted = imagery.configured(pool)
        chosen = imagery.find(wanted).only if wanted else None
        if chosen is not None and len(found) > 1:
            check.note(
                f"{imagery.setting(pool)} singles out {chosen.path} among {len(found)} templates for {pool.name}"
            )
        elif len(found) > 1:
            _ambiguous(check, imagery, pool, found)
    conclude_sight(check, [imagery.vcenter], VM)


def _ambiguous(check: Check, imagery: Imagery, pool: Pool, found: Sequence[Image]) -> None:
    """Report each template that TKG may pick beside the one it did pick, or all if none was picked yet."""
    picked = str(pool.reference.get("moid") or "")
    is_known = picked in {each.moid for each in found}
    for image in found:
        if is_known and image.moid == picked:
            continue
        others = [each for each in found if each.moid != image.moid]
        check.fail(
            imagery.ref(image.moid),
            expected=f"one template of {pool.version} for {pool.query}, or VSPHERE_TEMPLATE naming one",
            observed=f"{len(found)} templates: {', '.join(each.path for each in found)}",
            message=(
                f"{image.path} can be picked for {pool.name} as well as {', '.join(each.path for each in others)}:"
                f" {_cause(image, others)}; TKG takes the first that vCenter lists and says nothing"
            ),
            involves=[pool.ref, imagery.setting(pool), *(imagery.ref(each.moid) for each in others)],
        )


def _cause(image: Image, others: Sequence[Image]) -> str:
    """Name the page's two causes: another operating system, or one name in several folders."""
    causes = []
    if any(each.query != image.query for each in others):
        systems = dict.fromkeys(each.system for each in (image, *others))
        causes.append(f"the operating systems differ ({', '.join(systems)})")
    name = image.path.rpartition("/")[2]
    if any(each.path.rpartition("/")[2] == name for each in others):
        causes.append(f"the name {name} stands in several folders")
    return " and ".join(causes) or "both carry the same properties under different names"
