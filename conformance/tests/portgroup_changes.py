"""Small changes to the constructed site that the DVPG rows have to notice."""

from __future__ import annotations

from typing import Any

from conformance.tests.builder import SWITCH, Sample, port_setting_of

WL2 = "dev/wl2"
GROUP = "DistributedVirtualPortgroup:multi-os"
GROUP_REF = "DistributedVirtualPortgroup /dc0/network/multi-os"
SWITCH_REF = "DistributedVirtualSwitch /dc0/network/dvs0"
VM_REF = "VirtualMachine /dc0/vm/wl2-md-0"
PORT_REF = "DistributedVirtualPort /dc0/network/multi-os/port 8"


def setting(sample: Sample, key: str = GROUP) -> dict[str, Any]:
    props: dict[str, Any] = sample.inventory[key]["props"]
    found: dict[str, Any] = props["config.setting" if "Port:" in key else "config.defaultPortConfig"]
    return found


def nic(sample: Sample, machine: str = "wl2-md-0") -> dict[str, Any]:
    found: dict[str, Any] = sample.inventory[f"VirtualMachine:vm-{machine}"]["props"]["config.hardware.device"][0]
    return found


def accept(target: dict[str, Any], policy: str) -> None:
    target["security"][policy] = {"inherited": False, "value": True}
    target["security"]["inherited"] = target["mac"]["inherited"] = False
    target["mac"][policy] = True


def promiscuous_accepted(sample: Sample) -> None:
    accept(setting(sample), "allowPromiscuous")


def promiscuous_accepted_in_new_spelling_only(sample: Sample) -> None:
    setting(sample)["mac"]["allowPromiscuous"] = True


def mac_changes_accepted(sample: Sample) -> None:
    accept(setting(sample), "macChanges")


def forged_transmits_accepted(sample: Sample) -> None:
    accept(setting(sample), "forgedTransmits")


def port_overridden(sample: Sample) -> None:
    accept(setting(sample, f"DistributedVirtualPort:{SWITCH}/8"), "allowPromiscuous")


def inherited_from_accepting_switch(sample: Sample) -> None:
    sample.inventory[GROUP]["props"]["config.defaultPortConfig"] = port_setting_of(accept=True, inherited=True)
    sample.inventory["DistributedVirtualSwitch:dvs"]["props"]["config.defaultPortConfig"] = port_setting_of(accept=True)


def adapter_removed(sample: Sample) -> None:
    sample.inventory["VirtualMachine:vm-wl2-md-0"]["props"]["config.hardware.device"] = []


def adapter_on_unknown_network(sample: Sample) -> None:
    nic(sample)["portgroupKey"] = "dvportgroup-gone"


def next_machine_on(sample: Sample, network: str) -> None:
    """Let the template of the next Windows machine name a network, whatever those there are connected to."""
    machine = {"spec": {"network": {"devices": [{"networkName": network}]}}}
    sample.management.add("VSphereMachineTemplate", "wl2-md-0-t", "dev", spec={"template": machine})


def mac_duplicated(sample: Sample) -> None:
    nic(sample, "wl2-md-0-l").update(mac=nic(sample)["mac"].upper(), portgroupKey="multi-os")


def windows_node_not_ready(sample: Sample) -> None:
    ready = {"type": "Ready", "status": "Unknown", "lastTransitionTime": "2026-11-22T11:58:00Z"}
    sample.node("wl2-md-0", WL2).status["conditions"] = [ready]


def unset_everywhere(sample: Sample) -> None:
    setting(sample).clear()
    setting(sample, "DistributedVirtualSwitch:dvs").clear()
    setting(sample, f"DistributedVirtualPort:{SWITCH}/8").clear()


def inherited_from_rejecting_switch(sample: Sample) -> None:
    sample.inventory[GROUP]["props"]["config.defaultPortConfig"] = port_setting_of(accept=False, inherited=True)


def on_nsx(sample: Sample) -> None:
    sample.inventory[GROUP]["props"]["config.backingType"] = "nsx"


def on_standard_switch(sample: Sample, accepts: bool = False) -> None:
    nic(sample).pop("portgroupKey")
    nic(sample).pop("portKey")
    nic(sample)["networkName"] = "VM Network"
    policy = dict.fromkeys(("allowPromiscuous", "macChanges", "forgedTransmits"), accepts)
    sample.inventory["HostPortGroup:host-11/VM Network"] = {
        "type": "HostPortGroup",
        "moid": "host-11/VM Network",
        "name": "VM Network",
        "parent": "HostSystem:host-11",
        "props": {"vswitch": "vSwitch0", "computedPolicy.security": policy},
    }


def windows_called_linux(sample: Sample) -> None:
    sample.intents[WL2]["type"] = "linux"
    topology = sample.find("Cluster", "wl2").spec["topology"]
    topology["workers"]["machineDeployments"].append({"class": "tkg-worker-windows", "name": "md-0"})
