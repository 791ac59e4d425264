"""Versions of everything that a verdict is about: vCenter, TKG, Kubernetes, Cluster API, cloud provider, CSI driver."""

from __future__ import annotations

from collections.abc import Iterator

from tkg_conformance.fixtures.observation.model import Observation, Resource
from tkg_conformance.fixtures.preflight.versions import add_on_versions, provider_versions

_TKG = "TKGVERSION"
_TKR = ("run.tanzu.vmware.com/tkr", "tanzuKubernetesRelease")
"""The label of a class-based and of a plan-based cluster."""


def versions(observation: Observation) -> dict[str, str]:
    """Return versions by what they are of; those of one cluster end in its name, as "CSI node dev/wl1"."""
    return {component: version for component, version in _versions(observation) if version}


def cluster_objects(observation: Observation) -> dict[str, Resource]:
    """Return the Cluster objects by namespace/name."""
    plane = observation.management
    found = plane.resources if plane else ()
    return {f"{each.namespace}/{each.name}": each for each in found if each.kind == "Cluster"}


def _versions(observation: Observation) -> Iterator[tuple[str, str]]:
    for vcenter in observation.vcenters:
        yield f"vCenter {vcenter.server}", vcenter.about.get("fullName", vcenter.about.get("version", ""))
    clusters = cluster_objects(observation)
    if observation.management:
        yield f"Kubernetes {observation.management.name}", observation.management.version
        yield from _tkg(list(clusters.values()))
        yield from provider_versions(observation.management.resources)
    for plane in observation.workloads:
        yield f"Kubernetes {plane.name}", plane.version
        labels = clusters[plane.name].metadata.get("labels") or {} if plane.name in clusters else {}
        yield f"TKr {plane.name}", next((str(labels[each]) for each in _TKR if each in labels), "")
        for component, version in add_on_versions(plane.resources):
            yield f"{component} {plane.name}", version


def _tkg(clusters: list[Resource]) -> Iterator[tuple[str, str]]:
    """Yield TKG's version where its command line left it on Clusters; several if they differ."""
    found = {str((each.metadata.get("annotations") or {}).get(_TKG) or "") for each in clusters}
    yield "TKG", ", ".join(sorted(found - {""}))
