"""Which operating systems a cluster is meant to have, by intent and machine deployments and never by its live Nodes.

What the Nodes really run is what the rows judge, so it cannot say whether they apply.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tkg_conformance.fixtures.models.names import DEPLOYMENT_NAME, RESOLVE_IMAGE
from tkg_conformance.fixtures.models.windows import is_made_of_windows
from tkg_conformance.fixtures.observation.views.cluster import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.fixtures.observation.views.site import Site
from tkg_conformance.reports.check import Check

LINUX, WINDOWS = "linux", "windows"
MULTI_OS = "multi-os"
LINUX_CLASS, WINDOWS_CLASS = "tkg-worker", "tkg-worker-windows"
OS_LABEL = "kubernetes.io/os"


@dataclass(frozen=True, slots=True)
class Workers:
    """A machine deployment of a Cluster's topology, or of a specification: name, class, image query."""

    ref: str
    name: str
    machine_class: str
    query: str | None
    raw: dict[str, Any]

    @property
    def system(self) -> str:
        """The operating system that the class asks for; that of the image query where the class does not say."""
        return system_of(self.machine_class, self.query)


def system_of(machine_class: str, query: str | None) -> str:
    """Return linux or windows for a worker class of TKG, or of a class derived from it."""
    if WINDOWS in machine_class:
        return WINDOWS
    named = query_words(query)
    return WINDOWS if WINDOWS in (named.get("os-name"), named.get("os-type")) else LINUX


def query_words(query: str | None) -> dict[str, str]:
    """Return the equality terms of a `resolve-os-image` query."""
    parts = (part.partition("=") for part in (query or "").split(","))
    return {key.strip(): value.lstrip("=").strip() for key, sign, value in parts if sign and not key.endswith("!")}


def workers(cluster: Cluster) -> list[Workers]:
    """Return the machine deployments of the Cluster's topology."""
    return list(workers_in(cluster.ref, cluster.machine_deployments))


def workers_in(owner: str, deployments: list[dict[str, Any]]) -> Iterator[Workers]:
    """Yield the machine deployments of a topology, named by what they belong to."""
    for index, raw in enumerate(deployments):
        annotations = (raw.get("metadata") or {}).get("annotations") or {}
        query = annotations.get(RESOLVE_IMAGE) if isinstance(annotations, dict) else None
        name = str(raw.get("name") or f"#{index}")
        ref = f"{owner} machineDeployment {name}"
        yield Workers(ref, name, str(raw.get("class") or ""), str(query) if query else None, raw)


def cluster_type(cluster: Cluster) -> str:
    """Return linux, windows or multi-os: as the site file says, else by machine deployments, else by the flat file."""
    if cluster.intent.type:
        return cluster.intent.type
    systems = {each.system for each in workers(cluster)} or {legacy_system(each) for each in cluster.live_deployments}
    if systems == {LINUX, WINDOWS}:
        return MULTI_OS
    if WINDOWS in systems or (not systems and cluster.intent.declares_windows):
        return WINDOWS
    return LINUX


def legacy_system(deployment: KubernetesObject) -> str:
    """Return the system of a MachineDeployment without a topology: by labels, annotations and what it is made from."""
    if is_made_of_windows(deployment.spec):
        return WINDOWS
    return system_of(deployment.labels.get(DEPLOYMENT_NAME, ""), deployment.annotations.get(RESOLVE_IMAGE))


def has_windows(cluster: Cluster) -> bool:
    """Return whether intent or topology give the cluster Windows workers."""
    return cluster_type(cluster) != LINUX or any(each.system == WINDOWS for each in workers(cluster))


def require_windows(check: Check, cluster: Cluster) -> None:
    """Stop with NOT-APPLICABLE for a cluster that is Linux by intent and machine deployments."""
    if not has_windows(cluster):
        check.not_applicable(f"{cluster.name} is a Linux cluster by its intent and its machine deployments")


def require_multi_os(check: Check, cluster: Cluster) -> None:
    """Stop with NOT-APPLICABLE for a cluster that is not meant to have workers of both systems."""
    found = cluster_type(cluster)
    if found != MULTI_OS:
        check.not_applicable(f"{cluster.name} is a {found} cluster by its intent and its machine deployments")


def windows_clusters(check: Check, site: Site) -> list[Cluster]:
    """Return the class-based clusters with Windows workers; NOT-APPLICABLE if there is none.

    A plan-based one takes its Windows image from VSPHERE_WINDOWS_TEMPLATE, and no TKr or OSImage is edited for it.
    """
    found = [cluster for cluster in site.clusters if has_windows(cluster)]
    if not found:
        check.not_applicable("no cluster of the site file has Windows workers, by intent or machine deployments")
    class_based = [cluster for cluster in found if cluster.is_class_based]
    if not class_based:
        check.not_applicable(
            f"{', '.join(each.name for each in found)} is plan-based (legacy mode), so its Windows image comes from"
            " VSPHERE_WINDOWS_TEMPLATE and not from an OSImage"
        )
    return class_based


def wanted_system(cluster: Cluster, member: Member) -> str:
    """Return the system that a Machine's deployment asks for; a control plane runs Linux."""
    deployment = member.owner.deployment
    if deployment is None:
        return LINUX
    name = deployment.labels.get(DEPLOYMENT_NAME)
    declared = next((each for each in workers(cluster) if each.name == name), None)
    return declared.system if declared else legacy_system(deployment)
