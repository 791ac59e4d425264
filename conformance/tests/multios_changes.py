"""Small changes to the constructed multi-OS site that the MOS rows have to notice."""

from __future__ import annotations

from typing import Any

from conformance.tests import multios_site as site
from conformance.tests.builder import Sample
from conformance.tests.multios_site import LINUX_IMAGE, PACKAGE, TKR, WINDOWS_IMAGE, WL2
from conformance.tests.planes import Item

NEW_PACKAGE = "tkg-windows.tanzu.vmware.com.0.32.0+vmware.1"


def tkr(sample: Sample) -> Item:
    return sample.find("TanzuKubernetesRelease", TKR)


def image(sample: Sample) -> Item:
    return sample.find("OSImage", WINDOWS_IMAGE)


def topology(sample: Sample) -> dict[str, Any]:
    found: dict[str, Any] = sample.find("Cluster", "wl2").spec["topology"]
    return found


def deployment(sample: Sample, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = topology(sample)["workers"]["machineDeployments"]
    return next(each for each in found if each["name"] == name)


def windows_node(sample: Sample) -> Item:
    return sample.node(site.WINDOWS_NODE, WL2)


def specification(sample: Sample, **changes: Any) -> dict[str, Any]:
    """Give the cluster the output of a dry run: its own topology."""
    spec: dict[str, Any] = {
        "topology": {"workers": {"machineDeployments": [site.workers("tkg-worker-windows", "md-0", "windows")]}}
    }
    document = {"kind": "Cluster", "metadata": {"name": "wl2", "namespace": "dev"}, "spec": spec}
    sample.intents[WL2] |= {"dry_run": "wl2-spec.yaml", "objects": (document,), **changes}
    return spec


def template_renamed(sample: Sample) -> None:
    sample.inventory["VirtualMachine:windows-2019-kube-v1.35.4"]["name"] = "windows-2019-old"


def template_is_a_vm(sample: Sample) -> None:
    sample.inventory["VirtualMachine:windows-2019-kube-v1.35.4"]["props"]["config.template"] = False


def template_is_linux(sample: Sample) -> None:
    image(sample).spec["image"]["ref"]["template"] = site.template_path(LINUX_IMAGE)


def template_without_properties(sample: Sample) -> None:
    sample.inventory["VirtualMachine:windows-2019-kube-v1.35.4"]["props"].pop("config.vAppConfig.property")


def image_version_missing(sample: Sample) -> None:
    del image(sample).spec["image"]["ref"]["version"]


def os_version_is_a_number(sample: Sample) -> None:
    image(sample).spec["os"]["version"] = 2019


def os_type_is_linux(sample: Sample) -> None:
    image(sample).spec["os"]["type"] = "linux"


def image_of_other_version(sample: Sample) -> None:
    image(sample).spec["kubernetesVersion"] = "v1.34.1+vmware.1"


def list_replaced(sample: Sample) -> None:
    tkr(sample).spec["osImages"] = [{"name": WINDOWS_IMAGE}]


def image_not_listed(sample: Sample) -> None:
    tkr(sample).spec["osImages"].pop()


def image_listed_twice(sample: Sample) -> None:
    tkr(sample).spec["osImages"].append({"name": WINDOWS_IMAGE})


def dangling_image(sample: Sample) -> None:
    tkr(sample).spec["osImages"].append({"name": f"{TKR}-photon-5"})


def package_not_listed(sample: Sample) -> None:
    tkr(sample).spec["bootstrapPackages"].pop()


def two_windows_packages(sample: Sample) -> None:
    tkr(sample).spec["bootstrapPackages"].append({"name": NEW_PACKAGE})
    sample.management.add("Package", NEW_PACKAGE, "tkg-system")


def packages_replaced(sample: Sample) -> None:
    tkr(sample).spec["bootstrapPackages"] = [{"name": PACKAGE}]


def package_not_in_repository(sample: Sample) -> None:
    sample.management.remove("Package", PACKAGE)


def release_reinstalled(sample: Sample) -> None:
    image_not_listed(sample)
    package_not_listed(sample)
    edits = [
        {
            "manager": "manager",
            "time": "2026-11-22T11:30:00Z",
            "fields": ["bootstrapPackages", "osImages", "version"],
        }
    ]
    tkr(sample).metadata["edits"] = edits


def release_made_again(sample: Sample) -> None:
    release_reinstalled(sample)
    tkr(sample).metadata["creationTimestamp"] = "2026-11-22T11:30:00Z"


def release_reverted_by_another_controller(sample: Sample) -> None:
    release_reinstalled(sample)
    version = {"manager": "manager", "time": "2026-11-20T08:00:00Z", "fields": ["version"]}
    edits = tkr(sample).metadata["edits"]
    edits[0] |= {"manager": "argocd-controller", "fields": ["bootstrapPackages", "osImages"]}
    edits.append(version)


def release_deactivated(sample: Sample) -> None:
    tkr(sample).metadata["labels"] = {"deactivated": ""}


def image_incompatible(sample: Sample) -> None:
    image(sample).metadata["labels"] = {"run.tanzu.vmware.com/incompatible": ""}


def release_not_compatible(sample: Sample) -> None:
    condition = next(each for each in tkr(sample).status["conditions"] if each["type"] == "Compatible")
    condition |= {"status": "False", "reason": "Incompatible", "message": "the management cluster is too old"}


def variable_unset(sample: Sample) -> None:
    del sample.intents[WL2]["config"]["IS_WINDOWS_WORKLOAD_CLUSTER"]


def ipv6(sample: Sample) -> None:
    sample.intents[WL2]["config"]["TKG_IP_FAMILY"] = "ipv4,ipv6"


def specification_unreadable(sample: Sample) -> None:
    specification(sample, objects=(), spec_problem="wl2-spec.yaml cannot be used: line 3: it is not YAML.")


def specification_with_log_lines(sample: Sample) -> None:
    specification(sample, preamble=("Validating configuration...",))


def specification_without_topology(sample: Sample) -> None:
    specification(sample).pop("topology")


def specification_for_linux(sample: Sample) -> None:
    md = specification(sample)["topology"]["workers"]["machineDeployments"]
    md[:] = [site.workers("tkg-worker", "md-0", "ubuntu")]


def annotation_missing(sample: Sample) -> None:
    deployment(sample, "md-0-l")["metadata"]["annotations"] = {}


def annotation_of_other_system(sample: Sample) -> None:
    deployment(sample, "md-0")["metadata"]["annotations"] = {site.QUERY: "image-type=ova,os-name=ubuntu"}


def linux_workers_missing(sample: Sample) -> None:
    del topology(sample)["workers"]["machineDeployments"][0]


def two_of_one_name(sample: Sample) -> None:
    topology(sample)["workers"]["machineDeployments"].append(site.workers("tkg-worker", "md-0-l", "ubuntu"))


def snippet_as_printed(sample: Sample) -> None:
    snippet = "- class: tkg-worker\n    metadata:"
    specification(sample, objects=(), spec_problem="line 9: mapping values are not allowed here.", snippet=snippet)


def workers_below_spec(sample: Sample) -> None:
    specification(sample)["workers"] = {"machineDeployments": []}


def override_missing(sample: Sample) -> None:
    del deployment(sample, "md-0")["variables"]


def data_of_other_release(sample: Sample) -> None:
    data = deployment(sample, "md-0")["variables"]["overrides"][0]["value"]
    data[site.VERSION]["labels"]["run.tanzu.vmware.com/tkr"] = "v1.34.1---vmware.1-tkg.1"


def never_resolved(sample: Sample) -> None:
    topology(sample)["variables"].pop()
    del deployment(sample, "md-0")["variables"]


def bootstrap_without_package(sample: Sample) -> None:
    sample.find("ClusterBootstrap", "wl2").spec["additionalPackages"].pop()


def install_failed(sample: Sample) -> None:
    install = sample.workloads[WL2].find("PackageInstall", "wl2-tkg-windows")
    install.status = {
        "conditions": [{"type": "ReconcileFailed", "status": "True"}],
        "usefulErrorMessage": "Expected to find at least one version, but did not",
    }


def install_missing(sample: Sample) -> None:
    sample.workloads[WL2].remove("PackageInstall", "wl2-tkg-windows")


def windows_machine_from_linux_template(sample: Sample) -> None:
    vm = sample.inventory[f"VirtualMachine:vm-{site.WINDOWS_NODE}"]
    vm["props"]["config.guestId"] = "ubuntu64Guest"
    sample.find("VSphereVM", f"{site.WINDOWS_NODE[:9]}-vm").spec["template"] = site.template_path(LINUX_IMAGE)


def windows_node_not_ready(sample: Sample) -> None:
    windows_node(sample).status["conditions"] = [{"type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown"}]


def windows_node_gone(sample: Sample) -> None:
    sample.workloads[WL2].remove("Node", site.WINDOWS_NODE)
    machine = sample.find("Machine", site.WINDOWS_NODE)
    machine.status.pop("nodeRef")


def build_label_wrong(sample: Sample) -> None:
    windows_node(sample).metadata["labels"]["node.kubernetes.io/windows-build"] = "10.0.20348"


def build_label_on_linux(sample: Sample) -> None:
    sample.node(site.LINUX_NODE, WL2).metadata["labels"]["node.kubernetes.io/windows-build"] = "10.0.17763"


def arch_label_missing(sample: Sample) -> None:
    del sample.node(site.LINUX_NODE, WL2).metadata["labels"]["kubernetes.io/arch"]


def taint_removed(sample: Sample) -> None:
    windows_node(sample).spec["taints"] = []


def taint_on_linux(sample: Sample) -> None:
    sample.node(site.LINUX_NODE, WL2).spec["taints"] = [{"key": "os", "value": "windows", "effect": "NoSchedule"}]


def image_label_missing(sample: Sample) -> None:
    del windows_node(sample).metadata["labels"]["os-name"]


def linux_component_on_windows(sample: Sample) -> None:
    found = site.pod(sample.workloads[WL2], "antrea-agent-y", "kube-system", site.WINDOWS_NODE, owner="antrea-agent")
    del found.spec["nodeSelector"]


def linux_component_bound_to_windows(sample: Sample) -> None:
    found = site.pod(
        sample.workloads[WL2], "kapp-controller-y", "tkg-system", site.WINDOWS_NODE, owner="kapp-controller"
    )
    found.spec["nodeSelector"] = {"kubernetes.io/os": "windows"}


def component_not_ready(sample: Sample) -> None:
    found = sample.workloads[WL2].find("Pod", "metrics-server-x")
    found.status = {"phase": "Pending", "waiting": [{"reason": "ImagePullBackOff"}]}


def driver_unregistered(sample: Sample) -> None:
    sample.workloads[WL2].find("CSINode", site.LINUX_NODE).spec["drivers"] = []


def kubelet_of_other_build(sample: Sample) -> None:
    windows_node(sample).status["nodeInfo"]["kubeletVersion"] = "v1.35.1+vmware.1"


def docker(sample: Sample) -> None:
    windows_node(sample).status["nodeInfo"]["containerRuntimeVersion"] = "docker://20.10.9"


def schedule_of_the_namespace(sample: Sample) -> None:
    sample.management.add(
        "Schedule", "nightly", "velero", spec={"includedNamespaces": ["dev"], "schedule": "0 1 * * *"}
    )


def restored_node(sample: Sample) -> None:
    sample.node(site.LINUX_NODE, WL2).metadata["labels"]["velero.io/restore-name"] = "r1"


def removed_image_still_resolved(sample: Sample) -> None:
    """Both clusters' images stay listed but the one that only the resolver's index still knows."""
    old = f"{TKR}-windows-2016"
    data = site.tkr_data(WINDOWS_IMAGE)
    data[site.VERSION]["labels"]["run.tanzu.vmware.com/os-image"] = old
    deployment(sample, "md-0")["variables"]["overrides"][0]["value"] = data
