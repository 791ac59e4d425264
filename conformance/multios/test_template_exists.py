"""MOS-1: the Windows template that the OSImage names exists."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tkg_conformance.conformance.multios.guests import family_of, properties_of
from tkg_conformance.conformance.multios.releases import require_images
from tkg_conformance.conformance.refusals import refusal_told
from tkg_conformance.conformance.subjects import conclude_hidden, conclude_sight, may_hide, require_vcenter
from tkg_conformance.conformance.systems import WINDOWS, windows_clusters
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject, VCenterView
from tkg_conformance.reports.check import Check

_NEEDED = ("VERSION", "DISTRO_NAME", "DISTRO_VERSION", "DISTRO_ARCH")


@pytest.mark.requirement("MOS-1")
def test_template_exists(check: Check, site: Site) -> None:
    images = require_images(check, site)
    clusters = windows_clusters(check, site)
    vcenters = {each.server: each for each in (require_vcenter(check, site, cluster) for cluster in clusters)}
    hidden = []
    for vcenter in vcenters.values():
        for image in images:
            if _judge(check, vcenter, image, clusters):
                hidden.append(str(image.at("spec.image.ref.template")))
    conclude_hidden(check, hidden)
    conclude_sight(check, vcenters.values(), "VirtualMachine")


def _judge(check: Check, vcenter: VCenterView, image: KubernetesObject, clusters: Iterable[Cluster]) -> bool:
    """Judge one OSImage's template; say whether it may be out of sight."""
    path = str(image.at("spec.image.ref.template") or "")
    check.examine(image)
    found = vcenter.find(path, "VirtualMachine") if path else []
    if not found:
        if path and may_hide(check, vcenter, path, "VirtualMachine"):
            return True
        told = refusal_told(clusters, lambda vm, _: bool(path) and vm.spec.get("template") == path)
        problem = f"nothing is at {path} in {vcenter.ref}{told}" if path else "it names no template"
    elif len(found) > 1:
        problem = f"{path} names {len(found)} VMs: {', '.join(each.path for each in found)}"
    else:
        problem = _unfit(found[0])
    if problem:
        check.fail(
            image,
            expected="one Windows template at spec.image.ref.template, with readable image properties",
            observed=problem,
            message=f"the template of {image.ref}: {problem}",
            involves=found,
        )
    return False


def _unfit(vm: InventoryObject) -> str:
    if not vm.props.get("config.template"):
        return f"{vm.path} is a VM and not a template"
    if family_of(vm) != WINDOWS:
        return f"{vm.path} has the guest OS {vm.props.get('config.guestId') or 'unknown'}, which is not Windows"
    properties = properties_of(vm)
    missing = [name for name in _NEEDED if not properties.get(name)]
    return f"{vm.path} lacks the image properties {', '.join(missing)}" if missing else ""
