"""What happens to the workers of both systems after they were made: labels, restores, Pods on the wrong system."""

from __future__ import annotations

from typing import Any, Final

from tkg_conformance.conformance.multios.seeding import CLUSTER, LINUX, WINDOWS, label
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import created, edited, patched

AGENT: Final = "node-problem-detector"
KAPP_CONTROLLER: Final = "/apis/apps/v1/namespaces/tkg-system/deployments/kapp-controller"
RESTORED: Final = {"velero.io/restore-name": "wl2-20261124"}


def label_windows_as_linux(lab: LabHandle) -> Revert:
    return label(lab, WINDOWS, {"kubernetes.io/os": "linux"})


def label_other_architecture(lab: LabHandle) -> Revert:
    return label(lab, LINUX, {"kubernetes.io/arch": "arm64"})


def label_linux_with_build(lab: LabHandle) -> Revert:
    return label(lab, LINUX, {"node.kubernetes.io/windows-build": "10.0.17763"})


def restore_nodes(lab: LabHandle) -> Revert:
    """Leave on a Node what a restore leaves there."""
    return label(lab, LINUX, dict(RESTORED))


def weaken_taint(lab: LabHandle) -> Revert:
    """Let the taint of the Windows worker be a preference only."""

    def weaken(node: dict[str, Any]) -> None:
        for taint in node["spec"]["taints"]:
            if taint["key"] == "os":
                taint["effect"] = "PreferNoSchedule"

    return edited(lab.workload(CLUSTER), f"/api/v1/nodes/{lab.node(CLUSTER, WINDOWS)}", weaken)


def tolerate_everything(lab: LabHandle) -> Revert:
    """Run a Linux image on every Node, by a blanket toleration and without a node selector."""
    labels = {"app": AGENT}
    container = {"name": "agent", "image": "registry.k8s.io/node-problem-detector/node-problem-detector:v0.8.20"}
    pod = {"tolerations": [{"operator": "Exists"}], "containers": [container]}
    daemons = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": AGENT, "namespace": "kube-system"},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }
    return created(lab.workload(CLUSTER), daemons)


def move_kapp_controller(lab: LabHandle) -> Revert:
    """Bind kapp-controller to Windows with a toleration, as a template for Windows workloads would."""
    spec = {
        "nodeSelector": {"kubernetes.io/os": "windows", "node-role.kubernetes.io/control-plane": None},
        "tolerations": [{"key": "os", "value": "windows", "effect": "NoSchedule"}],
    }
    return patched(lab.workload(CLUSTER), KAPP_CONTROLLER, {"spec": {"template": {"spec": spec}}})
