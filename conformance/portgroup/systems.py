"""To which clusters the port group rules apply: by intent and machine deployments, never by live Nodes alone."""

from __future__ import annotations

from tkg_conformance.conformance.systems import (
    OS_LABEL,
    WINDOWS,
    legacy_system,
    workers,
)
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.models.names import DEPLOYMENT_NAME
from tkg_conformance.fixtures.observation.views.cluster import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.reports.check import Check


def require_windows(check: Check, cluster: Cluster) -> None:
    """Stop with NOT-APPLICABLE for a cluster that is Linux by its intent and its machine deployments."""
    if not has_windows(cluster):
        check.not_applicable(f"{cluster.name} is Linux-only by its intent and its machine deployments")


def has_windows(cluster: Cluster) -> bool:
    """Return whether intent or machine deployments give the cluster Windows workers, at zero replicas too."""
    return is_declared(cluster) or bool(declared_deployments(cluster)) or bool(windows_deployments(cluster))


def is_declared(cluster: Cluster) -> bool:
    """Return whether the site file or the configuration says that the cluster has Windows workers."""
    if cluster.intent.type:
        return cluster.intent.type != "linux"
    return str(cluster.intent.variable(variables.WINDOWS)).lower() == "true"


def declared_deployments(cluster: Cluster) -> list[str]:
    """Return the names of the topology's Windows machine deployments."""
    return [each.name for each in workers(cluster) if each.system == WINDOWS]


def windows_deployments(cluster: Cluster) -> list[KubernetesObject]:
    """Return the live MachineDeployments of Windows."""
    names = declared_deployments(cluster)
    return [
        each
        for each in cluster.live_deployments
        if each.labels.get(DEPLOYMENT_NAME) in names or legacy_system(each) == WINDOWS
    ]


def is_windows(cluster: Cluster, member: Member) -> bool:
    """Return whether a machine is of a Windows deployment, or anything else says that it runs Windows."""
    deployment = member.owner.deployment
    if deployment is not None and deployment.ref in {each.ref for each in windows_deployments(cluster)}:
        return True
    infra = (member.vsphere_machine, member.vsphere_vm)
    if any(str(each.spec.get("os", "")).lower() == WINDOWS for each in infra if each):
        return True
    if member.node is not None and member.node.labels.get(OS_LABEL) == WINDOWS:
        return True
    return member.vm is not None and str(member.vm.props.get("config.guestId", "")).lower().startswith("win")
