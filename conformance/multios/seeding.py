"""Changes that seed the faults of the MOS area: dev/wl2 of the default scenario, workers md-0 (Windows) and md-0-l."""

from __future__ import annotations

from typing import Any, Final

import yaml

from tkg_conformance.fixtures.errors import LabError
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.api import KubernetesAPI
from tkg_conformance.fixtures.lab.changes import (
    awaited,
    created,
    deleted,
    edited,
    patched,
    together,
    unasked,
)
from tkg_conformance.fixtures.lab.errors import NotFound
from tkg_conformance.fixtures.lab.tkgwebhooks import TKR_RESOLVER
from tkg_conformance.fixtures.lab.vsphere import vim

CLUSTER: Final = "dev/wl2"
WINDOWS, LINUX = "md-0", "md-0-l"
TEMPLATE: Final = "/dc0/vm/templates/windows-2019-kube-v1.35.4"
SYSTEM_NAMESPACE: Final = "tkg-system"
PROXY: Final = "/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy"
CSI_NODES: Final = "/apis/apps/v1/namespaces/kube-system/daemonsets/vsphere-csi-node"
TAINT: Final = {"key": "os", "value": "windows", "effect": "NoSchedule"}
_TANZU: Final = "run.tanzu.vmware.com/v1alpha3"
PACKAGES_API: Final = "data.packaging.carvel.dev/v1alpha1"
_PREFIX: Final = "tkg-windows"
_OTHER_RELEASE: Final = "v1.34.1---vmware.1-tkg.1"
_SERVED_S: Final = 10.0


def release_names(lab: LabHandle) -> dict[str, str]:
    """Return the TKr of the cluster, its Windows OSImage and its tkg-windows package."""
    cluster = lab.management.get(lab.object_of("Cluster", "wl2", "dev"))
    tkr = str(cluster["metadata"]["labels"]["run.tanzu.vmware.com/tkr"])
    listed = lab.management.get(release_path(lab, tkr))["spec"]
    packages = [each["name"] for each in listed["bootstrapPackages"] if each["name"].startswith(_PREFIX)]
    images = [each["name"] for each in listed["osImages"] if _is_windows(lab, each["name"])]
    if not packages or not images:
        raise LabError(f"TKr {tkr} of the lab lists no Windows OSImage or no {_PREFIX} package.")
    return {"tkr": tkr, "image": images[0], "package": packages[0]}


def node_names(lab: LabHandle) -> dict[str, str]:
    """Return the Nodes of the two machine deployments."""
    return {"windows": lab.node(CLUSTER, WINDOWS), "linux": lab.node(CLUSTER, LINUX)}


def vm_paths(lab: LabHandle) -> dict[str, str]:
    """Return the inventory path of the Windows worker's VM."""
    return {"vm": lab.vm_path(lab.vm(CLUSTER, WINDOWS))}


def rename_template(lab: LabHandle) -> Revert:
    return lab.renamed(TEMPLATE, f"{TEMPLATE.rpartition('/')[2]}-old")


def drop_image_version(lab: LabHandle) -> Revert:
    return lab.patch(image_path(lab), {"spec": {"image": {"ref": {"version": None}}}})


def change_image_version(lab: LabHandle) -> Revert:
    return lab.patch(image_path(lab), {"spec": {"kubernetesVersion": "v1.34.9+vmware.1"}})


def replace_images(lab: LabHandle) -> Revert:
    names = release_names(lab)
    return lab.patch(release_path(lab, names["tkr"]), {"spec": {"osImages": [{"name": names["image"]}]}})


def add_second_package(lab: LabHandle) -> Revert:
    names = release_names(lab)
    path = release_path(lab, names["tkr"])
    listed = lab.management.get(path)["spec"]["bootstrapPackages"]
    more = [*listed, {"name": "tkg-windows.tanzu.vmware.com.0.99.0+vmware.1"}]
    return lab.patch(path, {"spec": {"bootstrapPackages": more}})


def replace_packages(lab: LabHandle) -> Revert:
    names = release_names(lab)
    return lab.patch(release_path(lab, names["tkr"]), {"spec": {"bootstrapPackages": [{"name": names["package"]}]}})


def remove_package(lab: LabHandle) -> Revert:
    name = release_names(lab)["package"]
    return deleted(lab.management, lab.management.path(PACKAGES_API, "Package", name, SYSTEM_NAMESPACE))


def deactivate_release(lab: LabHandle) -> Revert:
    return lab.patch(release_path(lab, release_names(lab)["tkr"]), {"metadata": {"labels": {"deactivated": ""}}})


def unset_variable(lab: LabHandle) -> Revert:
    return lab.variable(CLUSTER, "IS_WINDOWS_WORKLOAD_CLUSTER", None)


def give_log_lines(lab: LabHandle) -> Revert:
    return give_specification(lab, f"Validating the pre-requisites...\n{specification()}")


def add_workers_below_spec(lab: LabHandle) -> Revert:
    """Put the Linux workers where the page prints them, in lines that YAML can read."""
    annotations = {"run.tanzu.vmware.com/resolve-os-image": "image-type=ova,os-name=ubuntu"}
    workers = {"class": "tkg-worker", "name": LINUX, "replicas": 1, "metadata": {"annotations": annotations}}
    document = yaml.safe_load(specification())
    document["spec"]["workers"] = {"machineDeployments": [workers]}
    return give_specification(lab, yaml.safe_dump(document, sort_keys=False))


def change_data_release(lab: LabHandle) -> Revert:
    """Let the data of the Windows workers name another TKr, while the resolver that would put it right is not asked.

    The label reaches no Node, so nothing is rolled out.
    """
    path = lab.object_of("Cluster", "wl2", "dev")
    return unasked(
        lab.management,
        TKR_RESOLVER,
        lambda: edited(lab.management, path, _name_other_release),
        lambda: _OTHER_RELEASE in str(lab.management.get(path)["spec"]),
    )


def _name_other_release(cluster: dict[str, Any]) -> None:
    for each in cluster["spec"]["topology"]["workers"]["machineDeployments"]:
        if each["name"] == WINDOWS:
            for data in each["variables"]["overrides"][0]["value"].values():
                data["labels"]["run.tanzu.vmware.com/tkr"] = _OTHER_RELEASE


def give_specification(lab: LabHandle, text: str) -> Revert:
    """Name a generated specification with this text in the site file, as a person would who keeps it."""
    return lab.dry_run(CLUSTER, "wl2-spec.yaml", text)


def specification() -> str:
    """Return the dry run of the cluster's Windows workers, as a person keeps it."""
    annotations = {"run.tanzu.vmware.com/resolve-os-image": "image-type=ova,os-name=windows"}
    workers = {"class": "tkg-worker-windows", "name": WINDOWS, "replicas": 1, "metadata": {"annotations": annotations}}
    cluster = {
        "apiVersion": "cluster.x-k8s.io/v1beta1",
        "kind": "Cluster",
        "metadata": {"name": "wl2", "namespace": "dev"},
        "spec": {"topology": {"workers": {"machineDeployments": [workers]}}},
    }
    return yaml.safe_dump(cluster, sort_keys=False)


def fail_install(lab: LabHandle) -> Revert:
    why = "Expected to find at least one version, but did not (details: all=0)"
    status = {"conditions": [{"type": "ReconcileFailed", "status": "True"}], "usefulErrorMessage": why}
    path = f"/apis/packaging.carvel.dev/v1alpha1/namespaces/{SYSTEM_NAMESPACE}/packageinstalls/wl2-{_PREFIX}"
    return patched(lab.workload(CLUSTER), path, {"status": status}, subresource="status")


def change_guest(lab: LabHandle) -> Revert:
    vm = lab.vm(CLUSTER, WINDOWS)
    former = lab.vcenter.properties([vm], vim.VirtualMachine, ["config.guestId"])[vm]["config.guestId"]
    _reconfigure(lab, vm, "ubuntu64Guest")

    def revert() -> None:
        _reconfigure(lab, vm, former)

    return revert


def stop_kubelet(lab: LabHandle) -> Revert:
    def fail(condition: dict[str, Any]) -> None:
        condition |= {"status": "False", "reason": "KubeletNotReady", "message": "container runtime is down"}

    path = f"/api/v1/nodes/{lab.node(CLUSTER, WINDOWS)}"
    conditions = lab.workload(CLUSTER).get(path)["status"]["conditions"]
    for condition in conditions:
        if condition["type"] == "Ready":
            fail(condition)
    return patched(lab.workload(CLUSTER), path, {"status": {"conditions": conditions}}, subresource="status")


def change_build_label(lab: LabHandle) -> Revert:
    return label(lab, WINDOWS, {"node.kubernetes.io/windows-build": "10.0.20348"})


def remove_taint(lab: LabHandle) -> Revert:
    path = f"/api/v1/nodes/{lab.node(CLUSTER, WINDOWS)}"

    def remove(node: dict[str, Any]) -> None:
        node["spec"]["taints"] = [each for each in node["spec"].get("taints") or () if each["key"] != TAINT["key"]]

    return edited(lab.workload(CLUSTER), path, remove)


def taint_linux_node(lab: LabHandle) -> Revert:
    path = f"/api/v1/nodes/{lab.node(CLUSTER, LINUX)}"

    def add(node: dict[str, Any]) -> None:
        node["spec"]["taints"] = [*(node["spec"].get("taints") or ()), TAINT]

    return edited(lab.workload(CLUSTER), path, add)


def remove_image_label(lab: LabHandle) -> Revert:
    return label(lab, WINDOWS, {"os-name": None})


def drop_node_selector(lab: LabHandle) -> Revert:
    return patched(lab.workload(CLUSTER), PROXY, {"spec": {"template": {"spec": {"nodeSelector": None}}}})


def keep_plugin_off_workers(lab: LabHandle) -> Revert:
    selector = {"node-role.kubernetes.io/control-plane": ""}
    return patched(lab.workload(CLUSTER), CSI_NODES, {"spec": {"template": {"spec": {"nodeSelector": selector}}}})


def schedule_backup(lab: LabHandle) -> Revert:
    return together(
        lambda: created_and_served(lab.management, velero("Schedule", "schedules")),
        lambda: created(
            lab.management,
            {
                "apiVersion": "velero.io/v1",
                "kind": "Schedule",
                "metadata": {"name": "nightly", "namespace": "default"},
                "spec": {"schedule": "0 1 * * *", "template": {"includedNamespaces": ["dev"]}},
            },
        ),
    )


def created_and_served(api: KubernetesAPI, definition: dict[str, Any]) -> Revert:
    """Create a definition and wait until its kind can be used."""
    kind = definition["spec"]["names"]["kind"]
    return together(
        lambda: created(api, definition),
        lambda: awaited(lambda: _is_served(api, kind), _SERVED_S, f"The API server did not serve {kind}"),
    )


def _is_served(api: KubernetesAPI, kind: str) -> bool:
    try:
        api.list(api.path("velero.io/v1", kind))
    except NotFound:
        return False
    return True


def velero(kind: str, plural: str) -> dict[str, Any]:
    """Return Velero's definition of a kind, without its schema, which plays no part here."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": kind.lower()}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.velero.io"},
        "spec": {"group": "velero.io", "scope": "Namespaced", "names": names, "versions": [version]},
    }


def label(lab: LabHandle, deployment: str, labels: dict[str, str | None]) -> Revert:
    """Label the Node of a machine deployment's first Machine."""
    path = f"/api/v1/nodes/{lab.node(CLUSTER, deployment)}"
    return patched(lab.workload(CLUSTER), path, {"metadata": {"labels": labels}})


def _reconfigure(lab: LabHandle, vm: Any, guest: str) -> None:
    lab.vcenter.wait(vm.ReconfigVM_Task(vim.vm.ConfigSpec(guestId=guest)))


def release_path(lab: LabHandle, name: str) -> str:
    """Return the management API's path of a TKr."""
    return lab.management.path(_TANZU, "TanzuKubernetesRelease", name)


def image_path(lab: LabHandle) -> str:
    """Return the management API's path of the Windows OSImage."""
    return lab.management.path(_TANZU, "OSImage", release_names(lab)["image"])


def _is_windows(lab: LabHandle, image: str) -> bool:
    found = lab.management.get(lab.management.path(_TANZU, "OSImage", image))
    return bool(found["spec"]["os"]["type"] == "windows")
