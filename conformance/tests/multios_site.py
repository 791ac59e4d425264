"""The constructed site completed for the multi-OS cluster dev/wl2: release, images, packages, workers, Pods."""

from __future__ import annotations

from typing import Any

from conformance.tests.builder import Sample, healthy
from conformance.tests.planes import CREATED, Item, Plane

WL2 = "dev/wl2"
VERSION = "v1.35.4+vmware.1"
TKR = "v1.35.4---vmware.1-tkg.1"
LINUX_IMAGE, WINDOWS_IMAGE = f"{TKR}-ubuntu-2204", f"{TKR}-windows-2019"
PACKAGE = "tkg-windows.tanzu.vmware.com.0.31.0+vmware.1"
CORE = {
    "cni": "antrea.tanzu.vmware.com.1.11.2+vmware.1",
    "csi": "vsphere-csi.tanzu.vmware.com.2.6.2+vmware.2",
    "cpi": "vsphere-cpi.tanzu.vmware.com.1.24.3+vmware.1",
    "kapp": "kapp-controller.tanzu.vmware.com.0.41.5+vmware.1",
}
METRICS = "metrics-server.tanzu.vmware.com.0.6.2+vmware.1"
QUERY = "run.tanzu.vmware.com/resolve-os-image"
TEMPLATES = {
    LINUX_IMAGE: ("ubuntu-2204-kube-v1.35.4", "ubuntu64Guest", "ubuntu", "22.04", "linux"),
    WINDOWS_IMAGE: ("windows-2019-kube-v1.35.4", "windows2019srv_64Guest", "windows", "2019", "windows"),
}
WINDOWS_NODE, LINUX_NODE, CONTROL_PLANE_NODE = "wl2-md-0", "wl2-md-0-l", "wl2-cp-0"
_CONDITION = {"status": "True", "reason": "AsWanted", "message": ""}
_LIST_EDITED = "2026-11-22T10:00:00Z"
_RELEASE_BROUGHT = "2026-11-20T08:00:00Z"


def multi_os() -> Sample:
    """Return the healthy site with everything that the MOS rows look at."""
    sample = healthy()
    _release(sample.management)
    _vms(sample)
    _cluster(sample)
    for name in (WINDOWS_NODE, LINUX_NODE, CONTROL_PLANE_NODE):
        _node(sample, name)
    plane = sample.workloads[WL2]
    for name in (*CORE.values(), METRICS, PACKAGE):
        package_install(plane, name)
    _pods(plane)
    return sample


def template_path(image: str) -> str:
    """Return the inventory path of an OSImage's template."""
    return f"/dc0/vm/{TEMPLATES[image][0]}"


def tkr_data(image: str) -> dict[str, Any]:
    """Return what the resolvers leave in TKR_DATA for an OSImage."""
    _, _, name, version, system = TEMPLATES[image]
    labels = {
        "image-type": "ova",
        "os-arch": "amd64",
        "os-name": name,
        "os-type": system,
        "os-version": version,
        "ova-version": image,
        "run.tanzu.vmware.com/os-image": image,
        "run.tanzu.vmware.com/tkr": TKR,
    }
    reference = {"template": template_path(image), "version": image.replace("---", "+"), "moid": "vm-1"}
    return {VERSION: {"kubernetesSpec": {"version": VERSION}, "labels": labels, "osImageRef": reference}}


def _release(plane: Plane) -> None:
    listed = [{"name": LINUX_IMAGE}, {"name": WINDOWS_IMAGE}]
    packages = [{"name": name} for name in (*CORE.values(), METRICS, PACKAGE)]
    edits = [
        {"manager": "manager", "time": _RELEASE_BROUGHT, "fields": ["version"]},
        {"manager": "kubectl-edit", "time": _LIST_EDITED, "fields": ["bootstrapPackages", "osImages"]},
    ]
    plane.add(
        "TanzuKubernetesRelease",
        TKR,
        metadata={"edits": edits, "labels": {}, "creationTimestamp": _RELEASE_BROUGHT},
        spec={
            "version": "v1.35.4+vmware.1-tkg.1",
            "kubernetes": {"version": VERSION},
            "osImages": listed,
            "bootstrapPackages": packages,
        },
        status={"conditions": [{"type": "Ready", **_CONDITION}, {"type": "Compatible", **_CONDITION}]},
    )
    for image, (_, _, name, version, system) in TEMPLATES.items():
        reference = {"template": template_path(image), "version": image.replace("---", "+")}
        spec = {
            "kubernetesVersion": VERSION,
            "os": {"type": system, "name": name, "version": version, "arch": "amd64"},
            "image": {"type": "ova", "ref": reference},
        }
        plane.add("OSImage", image, spec=spec)
    for package in packages:
        plane.add("Package", package["name"], "tkg-system")
    core = {key: {"refName": name} for key, name in CORE.items()}
    plane.add(
        "ClusterBootstrapTemplate", TKR, "tkg-system", spec={**core, "additionalPackages": [{"refName": METRICS}]}
    )
    additional = [{"refName": METRICS}, {"refName": PACKAGE}]
    plane.add(
        "ClusterBootstrap",
        "wl2",
        "dev",
        spec={**core, "additionalPackages": additional},
        status={"resolvedTKR": TKR},
    )


def _vms(sample: Sample) -> None:
    for image, (name, guest, distribution, version, _) in TEMPLATES.items():
        found = {"DISTRO_NAME": distribution, "DISTRO_VERSION": version, "DISTRO_ARCH": "amd64", "VERSION": image}
        properties = [{"id": key, "category": "CAPI", "value": value} for key, value in found.items()]
        props = {"config.template": True, "config.guestId": guest, "config.vAppConfig.property": properties}
        key = f"VirtualMachine:{name}"
        sample.inventory[key] = {
            "type": "VirtualMachine", "moid": name, "name": name, "parent": "Folder:vm", "props": props,
        }  # fmt: skip
    for name in (WINDOWS_NODE, LINUX_NODE, CONTROL_PLANE_NODE):
        image = WINDOWS_IMAGE if name == WINDOWS_NODE else LINUX_IMAGE
        sample.inventory[f"VirtualMachine:vm-{name}"]["props"]["config.guestId"] = TEMPLATES[image][1]
        sample.find("VSphereVM", f"{name[:9]}-vm").spec["template"] = template_path(image)


def _cluster(sample: Sample) -> None:
    cluster = sample.find("Cluster", "wl2")
    cluster.metadata["labels"] = {"run.tanzu.vmware.com/tkr": TKR}
    topology = cluster.spec["topology"]
    topology["version"] = VERSION
    topology["controlPlane"] = {"metadata": {"annotations": {QUERY: "image-type=ova,os-name=ubuntu"}}, "replicas": 1}
    topology["variables"].append({"name": "TKR_DATA", "value": tkr_data(LINUX_IMAGE)})
    override = {"overrides": [{"name": "TKR_DATA", "value": tkr_data(WINDOWS_IMAGE)}]}
    topology["workers"]["machineDeployments"] = [
        workers("tkg-worker", "md-0-l", "ubuntu"),
        {**workers("tkg-worker-windows", "md-0", "windows"), "variables": override},
    ]
    for name, node in (("md-0-l", LINUX_NODE), ("md-0", WINDOWS_NODE)):
        _deployment(sample, name, node)
    sample.find("Machine", CONTROL_PLANE_NODE).metadata["labels"] = {"cluster.x-k8s.io/control-plane": ""}
    sample.find("Machine", CONTROL_PLANE_NODE).spec["version"] = VERSION


def workers(machine_class: str, name: str, os_name: str) -> dict[str, Any]:
    """Return a machine deployment of a topology."""
    annotations = {QUERY: f"image-type=ova,os-name={os_name}"}
    return {"class": machine_class, "name": name, "replicas": 1, "metadata": {"annotations": annotations}}


def _deployment(sample: Sample, name: str, node: str) -> None:
    labels = {"topology.cluster.x-k8s.io/deployment-name": name}
    template = {"spec": {"version": VERSION, "infrastructureRef": {"name": f"wl2-{name}-t"}}}
    spec = {"clusterName": "wl2", "replicas": 1, "template": template}
    sample.management.add("MachineDeployment", f"wl2-{name}-d", "dev", metadata={"labels": labels}, spec=spec)
    owner = {"ownerReferences": [{"kind": "MachineDeployment", "name": f"wl2-{name}-d"}]}
    sample.management.add("MachineSet", f"wl2-{name}-s", "dev", metadata=owner, spec=spec)
    machine = sample.find("Machine", node)
    machine.metadata["ownerReferences"] = [{"kind": "MachineSet", "name": f"wl2-{name}-s"}]
    machine.spec["version"] = VERSION


def _node(sample: Sample, name: str) -> None:
    node = sample.node(name, WL2)
    windows = name == WINDOWS_NODE
    system = "windows" if windows else "linux"
    _, _, os_name, _, _ = TEMPLATES[WINDOWS_IMAGE if windows else LINUX_IMAGE]
    node.metadata["labels"] |= {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "image-type": "ova",
        "os-name": os_name,
        "os-type": system,
    }
    if windows:
        node.metadata["labels"]["node.kubernetes.io/windows-build"] = "10.0.17763"
        node.spec["taints"] = [{"key": "os", "value": "windows", "effect": "NoSchedule"}]
    if name == CONTROL_PLANE_NODE:
        node.metadata["labels"]["node-role.kubernetes.io/control-plane"] = ""
    node.status["nodeInfo"] |= {
        "operatingSystem": system,
        "architecture": "amd64",
        "kernelVersion": "10.0.17763.7558" if windows else "5.15.0-153-generic",
        "kubeletVersion": VERSION,
        "containerRuntimeVersion": "containerd://2.1.4",
    }
    node.status["addresses"] = [{"type": "Hostname", "address": name}]
    node.status["conditions"] = [{"type": "Ready", "status": "True", "reason": "KubeletReady"}]


def package_install(plane: Plane, name: str) -> Item:
    """Add a reconciled PackageInstall of a package's full name."""
    package, _, version = name.partition(".vmware.com.")
    reference = {"refName": f"{package}.vmware.com", "versionSelection": {"constraints": version}}
    status = {"conditions": [{"type": "ReconcileSucceeded", "status": "True"}]}
    installed = f"wl2-{name.partition('.')[0]}"
    return plane.add("PackageInstall", installed, "tkg-system", spec={"packageRef": reference}, status=status)


def _pods(plane: Plane) -> None:
    plane.add(
        "DaemonSet",
        "vsphere-csi-node",
        "kube-system",
        spec={"template": {"spec": {"nodeSelector": {"kubernetes.io/os": "linux"}}}},
    )
    for node in (LINUX_NODE, CONTROL_PLANE_NODE):
        pod(plane, f"antrea-agent-{node}", "kube-system", node, owner="antrea-agent")
    pod(plane, "antrea-agent-windows-x", "kube-system", WINDOWS_NODE, owner="antrea-agent-windows", system="windows")
    pod(plane, "metrics-server-x", "kube-system", LINUX_NODE, owner="metrics-server", kind="ReplicaSet")
    pod(plane, "shop-linux-x", "shop", LINUX_NODE, owner="shop-linux", kind="ReplicaSet")
    pod(plane, "shop-windows-x", "shop", WINDOWS_NODE, owner="shop-windows", kind="ReplicaSet", system="windows")


def pod(
    plane: Plane, name: str, namespace: str, node: str, *, owner: str, kind: str = "DaemonSet", system: str = "linux"
) -> Item:
    """Add a Ready Pod made for a system."""
    return plane.add(
        "Pod",
        name,
        namespace,
        metadata={"ownerReferences": [{"kind": kind, "name": owner}], "creationTimestamp": CREATED},
        spec={
            "nodeName": node,
            "nodeSelector": {"kubernetes.io/os": system},
            "containers": [{"name": owner, "image": owner}],
        },
        status={"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]},
    )
