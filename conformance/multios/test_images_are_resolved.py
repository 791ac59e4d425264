"""MOS-12: TKr resolution found one image for the control plane and each machine deployment, of one TKr.

A machine deployment whose data equal the cluster's has no data of its own: that is normal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tkg_conformance.conformance.multios.images import CONTROL_PLANE, data_of
from tkg_conformance.conformance.multios.releases import (
    OS_IMAGE,
    TKR,
    names_in,
    tkr_name,
)
from tkg_conformance.conformance.multios.resolution import explain
from tkg_conformance.conformance.subjects import require_class_based, require_resource
from tkg_conformance.conformance.systems import LINUX, require_windows, workers
from tkg_conformance.fixtures.models.names import OS_IMAGE_LABEL, TKR_LABEL
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.reports.check import Check

_WANTED = "in TKR_DATA one OSImage of its own system, of the Cluster's TKr"


@pytest.mark.requirement("MOS-12")
def test_images_are_resolved(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    require_resource(check, cluster)
    require_class_based(check, cluster, "has no image that a resolver chose")
    if not site.management.serves(OS_IMAGE):
        check.inconclusive("the management cluster serves no OSImage (run.tanzu.vmware.com)")
    name = tkr_name(cluster)
    tkr = site.management.get(TKR, name) if name else None
    for place, ref, system in _places(cluster):
        check.examine(ref)
        data = data_of(cluster, place)
        problem = _problem(site, tkr, name, data, system)
        if problem:
            told = explain(site, cluster, place)
            check.fail(
                ref,
                expected=_WANTED,
                observed=_told(data) + (f"; {told}" if told else ""),
                message=f"{ref}: {problem}" + (f"; {told}" if told else ""),
                involves=_involved(site, cluster, tkr, data),
            )


def _places(cluster: Cluster) -> Iterator[tuple[str, str, str]]:
    """Yield place, name and wanted system of the control plane and each machine deployment."""
    yield CONTROL_PLANE, f"{cluster.ref} controlPlane", LINUX
    for each in workers(cluster):
        yield each.name, each.ref, each.system


def _problem(
    site: Site, tkr: KubernetesObject | None, name: str | None, data: Mapping[str, Any] | None, system: str
) -> str | None:
    """Return what is wrong with the data of one place; what could not be looked up is left out."""
    labels = (data or {}).get("labels") or {}
    image_name, of_tkr = labels.get(OS_IMAGE_LABEL), labels.get(TKR_LABEL)
    if name is None:
        return f"the Cluster has no label {TKR_LABEL}, so it was not resolved"
    if data is None or not image_name:
        return "TKR_DATA holds no OSImage for the topology's version"
    if of_tkr != name:
        return f"its data are of TKr {of_tkr or 'none'}, the Cluster's TKr is {name}"
    if tkr is not None and image_name not in names_in(tkr, "osImages"):
        return f"its OSImage {image_name} is not listed in {tkr.ref}"
    image = site.management.get(OS_IMAGE, str(image_name))
    if image is None:
        return f"its OSImage {image_name} does not exist"
    found = str(image.at("spec.os.type") or labels.get("os-type") or "")
    return f"its OSImage {image_name} is for {found}, its class for {system}" if found != system else None


def _involved(
    site: Site, cluster: Cluster, tkr: KubernetesObject | None, data: Mapping[str, Any] | None
) -> list[KubernetesObject | str]:
    name = ((data or {}).get("labels") or {}).get(OS_IMAGE_LABEL)
    image = [site.management.ref(OS_IMAGE, str(name))] if name else []
    return [cluster.ref, *([tkr] if tkr else []), *image]


def _told(data: Mapping[str, Any] | None) -> str:
    labels = (data or {}).get("labels") or {}
    if not labels:
        return "no data"
    return f"OSImage {labels.get(OS_IMAGE_LABEL)} ({labels.get('os-name')}) of TKr {labels.get(TKR_LABEL)}"
