"""The constructed site with node images: two templates, pools that ask for them, and what the resolvers wrote."""

from __future__ import annotations

from typing import Any

from conformance.tests.builder import Sample, healthy
from conformance.tests.planes import Item
from tkg_conformance.fixtures.models import ova
from tkg_conformance.fixtures.observation.model import VCenterEvent

WL1, WL2 = "dev/wl1", "dev/wl2"
KUBERNETES = "v1.35.4+vmware.1"
TKR = "v1.35.4---vmware.1-tkg.1"
UBUNTU, WINDOWS = "/dc0/vm/templates/ubuntu", "/dc0/vm/templates/windows"
GIB = 1024**3
_SYSTEMS = {"ubuntu": ("22.04", "vm-u"), "windows": ("2019", "vm-w")}
_OS_IMAGES = {
    "ubuntu": {"osImage": "Ubuntu 22.04.5 LTS", "kernelVersion": "5.15.0-153-generic", "operatingSystem": "linux"},
    "windows": {
        "osImage": "Windows Server 2019 Standard",
        "kernelVersion": "10.0.17763.7558",
        "operatingSystem": "windows",
    },
}


def site(*, with_releases: bool = False, topology_categories: bool = False) -> Sample:
    """Return the healthy site with images; `with_releases` adds the TKr and its OSImages."""
    sample = healthy(topology_categories=topology_categories)
    add(sample, "Folder", "templates", "templates", "Folder:vm")
    add(sample, "Folder", "other", "other", "Folder:vm")
    for name in _SYSTEMS:
        add_image(sample, name, _SYSTEMS[name][1], "Folder:templates")
    config = {"VSPHERE_DATACENTER": "/dc0", "VSPHERE_TEMPLATE": UBUNTU}
    sample.intents[WL1]["config"] |= config
    sample.intents[WL2]["config"] |= {"VSPHERE_DATACENTER": "dc0"}
    for cluster in (WL1, WL2):
        _cluster(sample, cluster)
    sample.events = [_with_source(sample, event) for event in sample.events]
    if with_releases:
        _releases(sample)
    return sample


def add(sample: Sample, kind: str, moid: str, name: str, parent: str, **props: Any) -> dict[str, Any]:
    """Add an inventory object and return it."""
    found = {"type": kind, "moid": moid, "name": name, "parent": parent, "props": props}
    sample.inventory[f"{kind}:{moid}"] = found
    return found


def add_image(sample: Sample, name: str, moid: str, parent: str, **changes: str) -> dict[str, Any]:
    """Add a template of one of the two systems."""
    values = {
        ova.VERSION: f"{KUBERNETES}-tkg.1-{name}",
        ova.SEMVER: KUBERNETES,
        ova.DISTRO_NAME: name,
        ova.DISTRO_VERSION: _SYSTEMS[name][0],
        ova.DISTRO_ARCH: "amd64",
        **changes,
    }
    props = {
        "config.template": True,
        "config.uuid": f"00000000-0000-4000-8000-{moid:0>12.12}".replace("vm-", "000"),
        "config.instanceUuid": f"50000000-0000-4000-8000-0000000000{'1' if name == 'ubuntu' else '2'}0",
        "config.extraConfig": [],
        "config.hardware.device": [{"kind": "disk", "key": 1, "capacityBytes": 40 * GIB}],
        "config.vAppConfig.property": [{"id": k, "category": ova.CATEGORY, "value": v} for k, v in values.items()],
        "runtime.powerState": "poweredOff",
    }
    return add(sample, "VirtualMachine", moid, name, parent, **props)


def image(sample: Sample, name: str) -> dict[str, Any]:
    """Return the properties of a template to change."""
    found: dict[str, Any] = sample.inventory[f"VirtualMachine:{_SYSTEMS[name][1]}"]["props"]
    return found


def set_property(sample: Sample, name: str, property_id: str, value: str) -> None:
    """Change one OVA property of a template."""
    for each in image(sample, name)["config.vAppConfig.property"]:
        if each["id"] == property_id:
            each["value"] = value


def template(sample: Sample, name: str) -> dict[str, Any]:
    """Return the spec of the machines of a VSphereMachineTemplate (`wl1-cp`, `wl2-md-w`) to change."""
    found: dict[str, Any] = sample.find("VSphereMachineTemplate", name).spec["template"]["spec"]
    return found


def vsphere_vm(sample: Sample, machine: str) -> Item:
    """Return a machine's VSphereVM."""
    return sample.find("VSphereVM", f"{machine[:9]}-vm")


def reference(sample: Sample, cluster: str) -> dict[str, Any]:
    """Return the cluster-wide osImageRef to change."""
    for each in sample.find("Cluster", cluster.partition("/")[2]).spec["topology"]["variables"]:
        if each["name"] == "TKR_DATA":
            found: dict[str, Any] = each["value"][KUBERNETES]["osImageRef"]
            return found
    raise LookupError(cluster)


def _data(name: str) -> dict[str, Any]:
    path, moid = f"/dc0/vm/templates/{name}", _SYSTEMS[name][1]
    ref = {"template": path, "moid": moid, "version": f"{KUBERNETES}-tkg.1-{name}"}
    return {"name": "TKR_DATA", "value": {KUBERNETES: {"osImageRef": ref}}}


def _query(name: str) -> dict[str, Any]:
    return {"annotations": {"run.tanzu.vmware.com/resolve-os-image": f"image-type=ova,os-name={name}"}}


def _cluster(sample: Sample, name: str) -> None:
    short = name.partition("/")[2]
    cluster = sample.find("Cluster", short)
    cluster.metadata["labels"] = {"run.tanzu.vmware.com/tkr": TKR}
    topology = cluster.spec["topology"]
    topology["version"] = KUBERNETES
    topology["variables"].append(_data("ubuntu"))
    topology["controlPlane"] = {"metadata": _query("ubuntu")}
    pools = {"md": "ubuntu"} if name == WL1 else {"md-l": "ubuntu", "md-w": "windows"}
    topology["workers"]["machineDeployments"] += [
        {
            "name": pool,
            "class": "tkg-worker" if system == "ubuntu" else "tkg-worker-windows",
            "metadata": _query(system),
            **({"variables": {"overrides": [_data(system)]}} if system != "ubuntu" else {}),
        }
        for pool, system in pools.items()
    ]
    labels = {"cluster.x-k8s.io/cluster-name": short}
    plane = sample.management
    _machine_template(sample, f"{short}-cp", "ubuntu")
    spec: dict[str, Any] = {
        "version": KUBERNETES,
        "machineTemplate": {"spec": {"infrastructureRef": {"name": f"{short}-cp"}}},
    }
    plane.add("KubeadmControlPlane", f"{short}-cp", "dev", metadata={"labels": labels}, spec=spec)
    for pool, system in pools.items():
        _machine_template(sample, f"{short}-{pool}", system)
        inner = {"version": KUBERNETES, "infrastructureRef": {"name": f"{short}-{pool}"}}
        spec = {"clusterName": short, "template": {"spec": inner}}
        named = {"labels": {**labels, "topology.cluster.x-k8s.io/deployment-name": pool}}
        plane.add("MachineDeployment", f"{short}-{pool}", "dev", metadata=named, spec=spec)
        owner = {"ownerReferences": [{"kind": "MachineDeployment", "name": f"{short}-{pool}"}]}
        plane.add("MachineSet", f"{short}-{pool}-1", "dev", metadata=owner, spec=spec)
    for each in sample.machines:
        if each.cluster == name:
            _own(sample, each.name, short, each.windows, name == WL1)


def _own(sample: Sample, machine: str, cluster: str, is_windows: bool, is_linux_only: bool) -> None:
    system = "windows" if is_windows else "ubuntu"
    pool = "md" if is_linux_only else "md-w" if is_windows else "md-l"
    found = sample.find("Machine", machine)
    owner = ("KubeadmControlPlane", f"{cluster}-cp") if "-cp-" in machine else ("MachineSet", f"{cluster}-{pool}-1")
    found.metadata["ownerReferences"] = [{"kind": owner[0], "name": owner[1]}]
    found.metadata["creationTimestamp"] = f"2026-11-22T11:0{machine[-1] if machine[-1].isdigit() else 0}:00Z"
    found.spec["version"] = KUBERNETES
    vsphere_vm(sample, machine).spec["template"] = f"/dc0/vm/templates/{system}"
    info = sample.node(machine, f"dev/{cluster}").status["nodeInfo"]
    info.update({"kubeletVersion": KUBERNETES, **_OS_IMAGES[system]})
    vm = sample.inventory[f"VirtualMachine:vm-{machine}"]["props"]
    vm["config.extraConfig"] = [ova.USER_DATA]
    vm["config.vAppConfig.property"] = image(sample, system)["config.vAppConfig.property"]


def _machine_template(sample: Sample, name: str, system: str) -> None:
    spec = {"template": f"/dc0/vm/templates/{system}", "datacenter": "dc0", "cloneMode": "fullClone", "diskGiB": 40}
    sample.management.add("VSphereMachineTemplate", name, "dev", spec={"template": {"spec": spec}})


def _with_source(sample: Sample, event: VCenterEvent) -> VCenterEvent:
    is_windows = any(each.windows for each in sample.machines if each.name == event.vm_name)
    name = "windows" if is_windows else "ubuntu"
    return VCenterEvent(event.type, event.time, event.user, event.vm, event.vm_name, name, _SYSTEMS[name][1])


def _releases(sample: Sample) -> None:
    images = [f"{TKR}-{name}" for name in _SYSTEMS]
    spec = {"version": TKR, "kubernetes": {"version": KUBERNETES}, "osImages": [{"name": each} for each in images]}
    sample.management.add("TanzuKubernetesRelease", TKR, spec=spec)
    for name, (version, _) in _SYSTEMS.items():
        system = {"name": name, "version": version.replace(".", ""), "arch": "amd64", "type": name}
        ref = {"version": f"{KUBERNETES}-tkg.1-{name}"}
        image_spec = {"kubernetesVersion": KUBERNETES, "os": system, "image": {"type": "ova", "ref": ref}}
        sample.management.add("OSImage", f"{TKR}-{name}", spec=image_spec)
