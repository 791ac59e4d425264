"""Which OSImage a machine was resolved to, as TKR_DATA of its Cluster and machine deployment tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tkg_conformance.conformance.multios.releases import OS_IMAGE, resolved_data
from tkg_conformance.fixtures.models.names import DEPLOYMENT_NAME, OS_IMAGE_LABEL
from tkg_conformance.fixtures.observation.views.cluster import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.fixtures.observation.views.site import Site

CONTROL_PLANE = "controlPlane"


def data_of(cluster: Cluster, place: str) -> Mapping[str, Any] | None:
    """Return what TKR_DATA holds for a machine deployment, or `controlPlane`, at the topology's version.

    A deployment without data of its own has the cluster's: the resolver writes an override only where they differ.
    """
    version = str(cluster.topology.get("version") or "")
    data = dict(resolved_data(cluster))
    found = (data[place] if place in data else data[CONTROL_PLANE]).get(version)
    return found if isinstance(found, Mapping) else None


def place_of(member: Member) -> str:
    """Return where in TKR_DATA a machine's data are."""
    deployment = member.owner.deployment
    return str(deployment.labels.get(DEPLOYMENT_NAME) or CONTROL_PLANE) if deployment else CONTROL_PLANE


def place_ref(cluster: Cluster, member: Member) -> str:
    """Return the name under which MOS-11 and MOS-12 list what a machine was made for."""
    place = place_of(member)
    return f"{cluster.ref} {place}" if place == CONTROL_PLANE else f"{cluster.ref} machineDeployment {place}"


def image_of(site: Site, cluster: Cluster, member: Member) -> KubernetesObject | None:
    """Return the OSImage that a machine was resolved to, None if none is told or it does not exist any more."""
    data = data_of(cluster, place_of(member))
    name = ((data or {}).get("labels") or {}).get(OS_IMAGE_LABEL)
    return site.management.get(OS_IMAGE, str(name)) if name else None
