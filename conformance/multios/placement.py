"""The Pods of a cluster with Windows Nodes: whose they are, for which system they are made, and where they run."""

from __future__ import annotations

from tkg_conformance.conformance.subjects import require_workload
from tkg_conformance.conformance.systems import LINUX, OS_LABEL, WINDOWS
from tkg_conformance.fixtures.kube.pods import is_ready, is_system_namespace
from tkg_conformance.fixtures.observation.views.cluster import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import node_system
from tkg_conformance.reports.check import Check

_TEMPLATE_HASH = "pod-template-hash"

# Components that TKG ships for Linux only: binding one to Windows gives it no Windows image.
_LINUX_ONLY = (
    "antrea-controller",
    "coredns",
    "kapp-controller",
    "metrics-server",
    "secretgen-controller",
    "vsphere-cloud-controller-manager",
    "vsphere-csi-controller",
)


def require_pods(check: Check, cluster: Cluster) -> list[KubernetesObject]:
    """Return the Pods that were kept; INCONCLUSIVE if none were read, which is so without a Windows Node."""
    require_workload(check, cluster)
    if not any(node_system(node) == WINDOWS for node in cluster.workload.all("Node")):
        check.inconclusive(f"no Windows Node of {cluster.name} was seen, so its Pods were not read")
    return cluster.workload.all("Pod")


def is_component(pod: KubernetesObject) -> bool:
    """Return whether a Pod belongs to TKG or to Kubernetes itself."""
    return is_system_namespace(pod.namespace)


def is_running(pod: KubernetesObject) -> bool:
    """Return whether a Pod is Running and Ready."""
    return pod.status.get("phase") == "Running" and is_ready(pod.status)


def node_of(cluster: Cluster, pod: KubernetesObject) -> KubernetesObject | None:
    """Return the Node that a Pod is bound to."""
    name = pod.spec.get("nodeName")
    return cluster.workload.get("Node", str(name)) if name else None


def made_for(pod: KubernetesObject) -> str:
    """Return the system for which a Pod is made; what says nothing is Linux.

    Its node selector tells, else names. Of TKG's components for Linux alone the selector tells nothing.
    """
    if is_component(pod) and any(str(owner.get("name")).startswith(_LINUX_ONLY) for owner in pod.owners):
        return LINUX
    selected = (pod.spec.get("nodeSelector") or {}).get(OS_LABEL)
    if selected:
        return str(selected)
    images = [str(each.get("image") or "") for each in pod.spec.get("containers") or ()]
    names = [*(str(owner.get("name") or "") for owner in pod.owners), *images]
    return WINDOWS if any(WINDOWS in name or "-win" in name for name in names) else LINUX


def workload_of(cluster: Cluster, pod: KubernetesObject) -> str:
    """Return the name of what a person manages: the DaemonSet or Deployment of a Pod, or the Pod if nothing made it."""
    owner = next(iter(pod.owners), None)
    if owner is None:
        return pod.ref
    kind, name = str(owner.get("kind")), str(owner.get("name"))
    suffix = f"-{pod.labels.get(_TEMPLATE_HASH)}"
    if kind == "ReplicaSet" and name.endswith(suffix):
        kind, name = "Deployment", name.removesuffix(suffix)
    return cluster.workload.ref(kind, name, None if kind == "Node" else pod.namespace)


def waiting_for(pod: KubernetesObject) -> str:
    """Return the state of a Pod in words."""
    waiting = [
        f"{each.get('reason')}: {each.get('message', '')}".rstrip(": ") for each in pod.status.get("waiting") or ()
    ]
    scheduled = pod.condition("PodScheduled")
    if scheduled is not None and not scheduled.is_true:
        waiting.append(scheduled.describe())
    return "; ".join([str(pod.status.get("phase") or "no phase"), *waiting])
