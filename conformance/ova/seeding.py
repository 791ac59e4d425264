"""Changes that seed the faults of the OVA area: templates in /dc0/vm/templates, clusters dev/wl1 and dev/wl2."""

from __future__ import annotations

from typing import Any

from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import edited, together, unasked
from tkg_conformance.fixtures.lab.tkgwebhooks import TKR_RESOLVER
from tkg_conformance.fixtures.lab.vsphere import vim
from tkg_conformance.fixtures.models import ova
from tkg_conformance.fixtures.models.names import TKR_LABEL

LINUX, WINDOWS = "ubuntu-2204-kube-v1.35.4", "windows-2019-kube-v1.35.4"
FOLDER = "/dc0/vm/templates"
POOL = "/dc0/host/cluster1/Resources/tkg"
HOST = "/dc0/host/cluster1/cluster1-host1.lab.example"
WL1, WL2 = "dev/wl1", "dev/wl2"
_GONE = "vm-99999"


def clone_image(lab: LabHandle, name: str, folder: str, *, to: str = "") -> Revert:
    """Clone a template into a folder, under the same name unless `to` is another."""
    template = lab.find(f"{FOLDER}/{name}")
    location = vim.vm.RelocateSpec(pool=lab.find(POOL), host=lab.find(HOST))
    spec = vim.vm.CloneSpec(location=location, powerOn=False, template=True)
    lab.vcenter.wait(template.CloneVM_Task(lab.find(folder), to or name, spec))

    def revert() -> None:
        lab.vcenter.wait(lab.find(f"{folder}/{to or name}").Destroy_Task())

    return revert


def unmark(lab: LabHandle, name: str) -> Revert:
    """Convert a template to a plain VM."""
    template = lab.find(f"{FOLDER}/{name}")
    template.MarkAsVirtualMachine(lab.find(POOL), lab.find(HOST))

    def revert() -> None:
        template.MarkAsTemplate()

    return revert


def edit_property(lab: LabHandle, name: str, property_id: str, value: str) -> Revert:
    """Change an OVA property (vSphere Client > Configure > vApp Options)."""
    template = lab.find(f"{FOLDER}/{name}")
    path = "config.vAppConfig.property"
    properties = lab.vcenter.properties([template], vim.VirtualMachine, [path])[template][path]
    known = next(each for each in properties if each.id == property_id and each.category == ova.CATEGORY)
    former = known.defaultValue

    def write(text: str) -> None:
        info = vim.vApp.PropertyInfo(
            key=known.key, id=property_id, category=ova.CATEGORY, defaultValue=text, type="string"
        )
        change = vim.vApp.PropertySpec(operation="edit", info=info)
        reconfigure(lab, template, vim.vm.ConfigSpec(vAppConfig=vim.vApp.VmConfigSpec(property=[change])))

    write(value)
    return lambda: write(former)


def reconfigure(lab: LabHandle, template: Any, spec: Any) -> None:
    """Reconfigure a template, which is a VM meanwhile."""
    template.MarkAsVirtualMachine(lab.find(POOL), lab.find(HOST))
    lab.vcenter.wait(template.ReconfigVM_Task(spec))
    template.MarkAsTemplate()


def move(lab: LabHandle, name: str, folder: str) -> Revert:
    """Move a template into another folder."""
    template = lab.find(f"{FOLDER}/{name}")
    lab.vcenter.wait(lab.find(folder).MoveIntoFolder_Task([template]))

    def revert() -> None:
        lab.vcenter.wait(lab.find(FOLDER).MoveIntoFolder_Task([template]))

    return revert


def relabel_release(lab: LabHandle) -> Revert:
    """Let the Cluster carry the label of another TKr, while the resolver that would put it right is not asked."""
    path, other = lab.object_of("Cluster", "wl2", "dev"), "v1.34.1---vmware.1-tkg.1"
    return unasked(
        lab.management,
        TKR_RESOLVER,
        lambda: lab.patch(path, {"metadata": {"labels": {TKR_LABEL: other}}}),
        lambda: lab.management.get(path)["metadata"]["labels"][TKR_LABEL] == other,
    )


def duplicate(lab: LabHandle) -> Revert:
    return clone_image(lab, LINUX, "/dc0/vm/tkg/wl2")


def bare_name_twice(lab: LabHandle) -> Revert:
    return together(
        lambda: clone_image(lab, LINUX, "/dc0/vm/tkg"),
        lambda: lab.variable(WL1, "VSPHERE_TEMPLATE", LINUX),
    )


def misspell_name(lab: LabHandle) -> Revert:
    return lab.variable(WL1, "VSPHERE_TEMPLATE", LINUX.replace("ubuntu", "Ubuntu"))


def leave_vm_out(lab: LabHandle) -> Revert:
    return lab.variable(WL1, "VSPHERE_TEMPLATE", f"/dc0/templates/{LINUX}")


def name_other_image(lab: LabHandle) -> Revert:
    return lab.variable(WL1, "VSPHERE_TEMPLATE", f"{FOLDER}/{WINDOWS}")


def unmark_windows(lab: LabHandle) -> Revert:
    return unmark(lab, WINDOWS)


def move_windows(lab: LabHandle) -> Revert:
    return move(lab, WINDOWS, "/dc0/vm/tkg")


def edit_version(lab: LabHandle) -> Revert:
    return edit_property(lab, WINDOWS, ova.VERSION, "v1.34.1+vmware.1-tkg.1-windows-2019")


def edit_system(lab: LabHandle) -> Revert:
    return edit_property(lab, WINDOWS, ova.DISTRO_VERSION, "2022")


def edit_reference(lab: LabHandle) -> Revert:
    """Let TKR_DATA of the Windows deployment name another MoRef, as after a restore of vCenter.

    The resolver, which would resolve an override again, is not asked meanwhile.
    """

    def change(cluster: dict[str, Any]) -> None:
        for deployment in cluster["spec"]["topology"]["workers"]["machineDeployments"]:
            for override in (deployment.get("variables") or {}).get("overrides") or ():
                if override["name"] == "TKR_DATA":
                    for entry in override["value"].values():
                        entry["osImageRef"]["moid"] = _GONE

    path = lab.object_of("Cluster", "wl2", "dev")
    return unasked(
        lab.management,
        TKR_RESOLVER,
        lambda: edited(lab.management, path, change),
        lambda: _GONE in str(lab.management.get(path)["spec"]),
    )


def first_machine(lab: LabHandle) -> dict[str, str]:
    """Return the name of the first Machine of md-0 of dev/wl1, which is also its VSphereVM's."""
    return {"machine": str(lab.machine(WL1, deployment="md-0")["metadata"]["name"])}


def windows_deployment(lab: LabHandle) -> dict[str, str]:
    """Return the names of the Windows MachineDeployment of dev/wl2, of its template, its Node and its VM."""
    machine = lab.machine(WL2, deployment="md-0")
    name = machine["metadata"]["labels"]["cluster.x-k8s.io/deployment-name"]
    path = lab.object_of("Machine", name, "dev").replace("/machines/", "/machinedeployments/")
    template = lab.management.get(path)["spec"]["template"]["spec"]["infrastructureRef"]["name"]
    vm = lab.vm_path(lab.vm(WL2, "md-0"))
    return {"deployment": str(name), "template": str(template), "node": lab.node(WL2, "md-0"), "vm": vm}
