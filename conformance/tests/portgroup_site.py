"""The constructed site with port groups: the workers of dev/wl2 are on `multi-os`, everything else on `workload`."""

from __future__ import annotations

import copy
from typing import Any

from conformance.tests.builder import Sample, healthy

WL1, WL2 = "dev/wl1", "dev/wl2"
MULTI_OS, WORKLOAD = "DistributedVirtualPortgroup:pg-multi-os", "DistributedVirtualPortgroup:pg-workload"
SWITCH = "DistributedVirtualSwitch:dvs"
WINDOWS_VM = "VirtualMachine:vm-wl2-md-0"
REJECT: dict[str, Any] = {
    "macManagement": {"inherited": False, "allowPromiscuous": False, "macChanges": False, "forgedTransmits": False},
    "security": {
        "inherited": False,
        **{
            name: {"inherited": False, "value": False} for name in ("allowPromiscuous", "macChanges", "forgedTransmits")
        },
    },
    "macLearning": {},
}
_DEPLOYMENT = "topology.cluster.x-k8s.io/deployment-name"


def site() -> Sample:
    """Return the healthy site; its switch states nothing."""
    sample = healthy()
    add = sample.inventory.__setitem__
    add("Folder:network", _object("Folder", "network", "network", "Datacenter:dc"))
    add(SWITCH, _object("DistributedVirtualSwitch", "dvs", "dvs0", "Folder:network"))
    for name in ("multi-os", "workload"):
        props = {
            "key": f"pg-{name}",
            "config.distributedVirtualSwitch": SWITCH,
            "config.defaultPortConfig": copy.deepcopy(REJECT),
            "config.policy": {"securityPolicyOverrideAllowed": False},
        }
        found = _object("DistributedVirtualPortgroup", f"pg-{name}", name, "Folder:network", **props)
        add(f"DistributedVirtualPortgroup:pg-{name}", found)
    for number, machine in enumerate(sample.machines):
        network = "multi-os" if machine.name.startswith("wl2-md") else "workload"
        nic = {"kind": "nic", "key": 4000, "mac": f"00:50:56:00:00:{number:02x}", "portgroupKey": f"pg-{network}"}
        sample.inventory[f"VirtualMachine:vm-{machine.name}"]["props"]["config.hardware.device"] = [nic]
    _deployments(sample)
    return sample


def setting(sample: Sample, key: str = MULTI_OS) -> dict[str, Any]:
    """Return the default port configuration of a port group or switch, to be changed."""
    found: dict[str, Any] = sample.inventory[key]["props"].setdefault("config.defaultPortConfig", {})
    return found


def nic(sample: Sample, vm: str = WINDOWS_VM) -> dict[str, Any]:
    """Return the adapter of a VM, to be changed."""
    found: dict[str, Any] = sample.inventory[vm]["props"]["config.hardware.device"][0]
    return found


def _object(type_: str, moid: str, name: str, parent: str, **props: Any) -> dict[str, Any]:
    return {"type": type_, "moid": moid, "name": name, "parent": parent, "props": props}


def _deployments(sample: Sample) -> None:
    topology = sample.find("Cluster", "wl2").spec["topology"]
    topology["workers"]["machineDeployments"] = [
        {"class": "tkg-worker-windows", "name": "md-0"},
        {"class": "tkg-worker", "name": "md-0-l"},
    ]
    for name, system in (("md-0", "Windows"), ("md-0-l", "Linux")):
        reference = {"kind": "VSphereMachineTemplate", "name": f"wl2-{name}"}
        sample.management.add(
            "MachineDeployment",
            f"wl2-{name}",
            "dev",
            metadata={"labels": {_DEPLOYMENT: name}},
            spec={"clusterName": "wl2", "template": {"spec": {"infrastructureRef": reference}}},
        )
        devices = [{"networkName": "multi-os"}]
        template = {"template": {"spec": {"os": system, "network": {"devices": devices}}}}
        sample.management.add("VSphereMachineTemplate", f"wl2-{name}", "dev", spec=template)
        sample.find("Machine", f"wl2-{name}").metadata["labels"] = {_DEPLOYMENT: name}
