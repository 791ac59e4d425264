"""Small changes to the constructed site with images that the OVA rows have to notice."""

from __future__ import annotations

from dataclasses import replace

from conformance.tests.builder import Sample
from conformance.tests.ova_site import (
    WINDOWS,
    WL1,
    WL2,
    add,
    add_image,
    image,
    reference,
    set_property,
    template,
    vsphere_vm,
)
from tkg_conformance.fixtures.models import ova


def tkr_label_edited(sample: Sample) -> None:
    sample.find("Cluster", "wl2").metadata["labels"] = {"run.tanzu.vmware.com/tkr": "v1.34.1---vmware.1-tkg.1"}


def tkr_label_missing(sample: Sample) -> None:
    sample.find("Cluster", "wl2").metadata["labels"] = {}


def windows_image_missing(sample: Sample) -> None:
    del sample.inventory["VirtualMachine:vm-w"]


def not_a_template(sample: Sample) -> None:
    image(sample, "windows")["config.template"] = False


def template_running(sample: Sample) -> None:
    image(sample, "ubuntu")["runtime.powerState"] = "poweredOn"


def template_was_booted(sample: Sample) -> None:
    image(sample, "ubuntu")["config.extraConfig"] = [ova.USER_DATA]


def duplicate_in_other_folder(sample: Sample) -> None:
    add_image(sample, "ubuntu", "vm-u2", "Folder:other")


def second_system(sample: Sample) -> None:
    """Add a template of another Ubuntu release, which the OS query os-name=ubuntu does not tell apart."""
    add_image(sample, "ubuntu", "vm-u3", "Folder:other", DISTRO_VERSION="24.04")["name"] = "ubuntu-2404"


def no_exact_version(sample: Sample) -> None:
    reference(sample, WL2).pop("version")
    second_system(sample)


def bare_name_of_two(sample: Sample) -> None:
    sample.intents[WL1]["config"]["VSPHERE_TEMPLATE"] = "ubuntu"
    add(sample, "VirtualMachine", "vm-x", "ubuntu", "Folder:other", **{"config.template": False})


def bare_name_unknown(sample: Sample) -> None:
    sample.intents[WL1]["config"]["VSPHERE_TEMPLATE"] = "Ubuntu"


def path_without_vm(sample: Sample) -> None:
    sample.intents[WL1]["config"]["VSPHERE_TEMPLATE"] = "/dc0/templates/ubuntu"


def path_relative(sample: Sample) -> None:
    sample.intents[WL1]["config"]["VSPHERE_TEMPLATE"] = "templates/ubuntu"


def path_wrong_case(sample: Sample) -> None:
    sample.intents[WL1]["config"]["VSPHERE_TEMPLATE"] = "/dc0/vm/Templates/ubuntu"


def path_of_plain_vm(sample: Sample) -> None:
    add(sample, "VirtualMachine", "vm-x", "plain", "Folder:other", **{"config.template": False})
    sample.intents[WL1]["config"]["VSPHERE_TEMPLATE"] = "/dc0/vm/other/plain"


def setting_names_other_image(sample: Sample) -> None:
    sample.intents[WL1]["config"]["VSPHERE_TEMPLATE"] = WINDOWS


def deployment_uses_other_image(sample: Sample) -> None:
    template(sample, "wl1-md")["template"] = WINDOWS


def one_vm_of_other_image(sample: Sample) -> None:
    vsphere_vm(sample, "wl1-md-1").spec["template"] = WINDOWS


def legacy_annotation_differs(sample: Sample) -> None:
    sample.find("VSphereMachineTemplate", "wl1-md").metadata["annotations"] = {"vmTemplateMoid": "vm-w"}


def image_moved(sample: Sample) -> None:
    sample.inventory["VirtualMachine:vm-w"]["parent"] = "Folder:other"


def version_edited(sample: Sample) -> None:
    set_property(sample, "windows", ova.VERSION, "v1.34.1+vmware.1-tkg.1-windows")
    set_property(sample, "windows", ova.SEMVER, "v1.34.1+vmware.1")


def kubelet_of_other_build(sample: Sample) -> None:
    sample.node("wl1-md-2").status["nodeInfo"]["kubeletVersion"] = "v1.35.3+vmware.1"


def release_of_other_version(sample: Sample) -> None:
    sample.find("TanzuKubernetesRelease", "v1.35.4---vmware.1-tkg.1").spec["kubernetes"]["version"] = "v1.34.1+vmware.1"


def reference_of_lost_vm(sample: Sample) -> None:
    reference(sample, WL1)["moid"] = "vm-99"
    sample.events = [replace(each, source_vm="vm-99") for each in sample.events]


def node_runs_other_system(sample: Sample) -> None:
    sample.node("wl1-md-0").status["nodeInfo"]["osImage"] = "VMware Photon OS/Linux"


def cloned_from_another_vm(sample: Sample) -> None:
    sample.events = [
        replace(each, source="photon", source_vm="vm-p") if each.vm_name == "wl1-md-2" else each
        for each in sample.events
    ]


def only_machine_cloned_from_another_vm(sample: Sample) -> None:
    sample.events = [
        replace(each, source="photon", source_vm="vm-p") if each.vm_name == "wl2-md-0" else each
        for each in sample.events
    ]


def events_aged_out(sample: Sample) -> None:
    sample.events = []


def linked_without_snapshot(sample: Sample) -> None:
    template(sample, "wl1-md")["cloneMode"] = "linkedClone"


def linked_and_recorded_full(sample: Sample) -> None:
    linked_without_snapshot(sample)
    for index in range(3):
        vsphere_vm(sample, f"wl1-md-{index}").status = {"cloneMode": "fullClone"}


def linked_with_larger_disk(sample: Sample) -> None:
    linked_without_snapshot(sample)
    image(sample, "ubuntu")["snapshot.currentSnapshot"] = "VirtualMachineSnapshot:snapshot-1"
    template(sample, "wl1-md")["diskGiB"] = 41


def linked_and_fitting(sample: Sample) -> None:
    linked_with_larger_disk(sample)
    template(sample, "wl1-md")["diskGiB"] = 40


def named_snapshot_missing(sample: Sample) -> None:
    linked_and_fitting(sample)
    template(sample, "wl1-md")["snapshot"] = "root"


def sight_limited(sample: Sample) -> None:
    sample.sight = {
        "limited": True,
        "reason": "no read right",
        "blind": [{"object": "/dc0", "types": ["VirtualMachine"]}],
    }
