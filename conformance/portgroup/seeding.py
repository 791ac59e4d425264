"""How the port group faults change the running lab, through vCenter's public API alone."""

from __future__ import annotations

from typing import Any, Final

from tkg_conformance.fixtures.lab.changes import Revert, together
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.fixtures.lab.vsphere import vim

CLUSTER: Final = "dev/wl2"
WINDOWS: Final = "md-0"
LINUX: Final = "md-0-l"
PORT_GROUP: Final = "/dc0/network/multi-os"
SWITCH: Final = "/dc0/network/dvs0"
PROMISCUOUS, MAC_CHANGES, FORGED = "allowPromiscuous", "macChanges", "forgedTransmits"
_SPELLINGS = vim.dvs.VmwareDistributedVirtualSwitch


def accept_promiscuous(lab: LabHandle) -> Revert:
    return set_port_group(lab, PROMISCUOUS)


def accept_mac_changes(lab: LabHandle) -> Revert:
    return set_port_group(lab, MAC_CHANGES)


def accept_forged_transmits(lab: LabHandle) -> Revert:
    return set_port_group(lab, FORGED)


def override_port(lab: LabHandle, policy: str = PROMISCUOUS) -> Revert:
    """Let the Windows node's own port accept a policy."""
    key = port_of(lab)["port"]
    switch = lab.find(SWITCH)

    def change(setting: Any) -> None:
        spec = vim.dvs.DistributedVirtualPort.ConfigSpec(operation="edit", key=key, setting=setting)
        lab.vcenter.wait(switch.ReconfigureDVPort_Task([spec]))

    change(_setting(policy, value=True))
    return lambda: change(_setting(policy, value=False, inherited=True))


def override_port_mac_changes(lab: LabHandle) -> Revert:
    return override_port(lab, MAC_CHANGES)


def override_port_forged_transmits(lab: LabHandle) -> Revert:
    return override_port(lab, FORGED)


def inherit_accept(lab: LabHandle) -> Revert:
    """Let the switch accept forged transmits and the port group inherit it."""
    group, switch = lab.find(PORT_GROUP), lab.find(SWITCH)

    def of_group(setting: Any) -> None:
        spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(defaultPortConfig=setting)
        lab.vcenter.wait(group.ReconfigureDVPortgroup_Task(spec))

    def of_switch(value: bool) -> None:
        spec = _SPELLINGS.ConfigSpec(defaultPortConfig=_setting(FORGED, value=value))
        lab.vcenter.wait(switch.ReconfigureDvs_Task(spec))

    def inherit() -> Revert:
        of_group(_setting(FORGED, value=False, inherited=True))
        return lambda: of_group(_setting(FORGED, value=False))

    def accept() -> Revert:
        of_switch(True)
        return lambda: of_switch(False)

    return together(inherit, accept)


def duplicate_mac(lab: LabHandle) -> Revert:
    """Connect the Linux worker to the Windows node's network with the Windows node's MAC address."""
    windows, linux = card_of(lab, WINDOWS), card_of(lab, LINUX)
    return _edit_card(lab, LINUX, linux, windows.macAddress, windows.backing.port.portgroupKey)


def remove_adapter(lab: LabHandle) -> Revert:
    """Take the network adapter out of the Windows node's VM."""
    vm, card = lab.vm(CLUSTER, WINDOWS), card_of(lab, WINDOWS)

    def change(operation: str) -> None:
        spec = vim.vm.device.VirtualDeviceSpec(operation=operation, device=card)
        lab.vcenter.wait(vm.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[spec])))

    change("remove")
    return lambda: change("add")


def port_of(lab: LabHandle) -> dict[str, str]:
    """Return the key of the port that the Windows node is connected to, for the names of findings."""
    return {"port": str(card_of(lab, WINDOWS).backing.port.portKey)}


def windows_vm(lab: LabHandle) -> dict[str, str]:
    """Return the inventory path of the Windows node's VM."""
    return {"vm": lab.vm_path(lab.vm(CLUSTER, WINDOWS))}


def windows_host(lab: LabHandle) -> dict[str, str]:
    """Return the inventory path of the host that runs the Windows node."""
    vm = lab.vm(CLUSTER, WINDOWS)
    host = lab.vcenter.properties([vm], vim.VirtualMachine, ["runtime.host"])[vm]["runtime.host"]
    return {"host": lab.vm_path(host)}


def windows_node(lab: LabHandle) -> dict[str, str]:
    """Return the name of the Windows Node, for the names of findings."""
    return {"node": lab.node(CLUSTER, WINDOWS)}


def set_port_group(lab: LabHandle, policy: str, *, path: str = PORT_GROUP) -> Revert:
    """Let a port group accept a policy that it rejects."""
    group = lab.find(path)

    def change(value: bool) -> None:
        spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(defaultPortConfig=_setting(policy, value=value))
        lab.vcenter.wait(group.ReconfigureDVPortgroup_Task(spec))

    change(True)
    return lambda: change(False)


def _setting(policy: str, *, value: bool, inherited: bool = False) -> Any:
    """Return a port setting that states one policy and leaves the others as they are."""
    stated = vim.BoolPolicy(inherited=inherited, value=value)
    security = _SPELLINGS.SecurityPolicy(inherited=False, **{policy: stated})
    return _SPELLINGS.VmwarePortConfigPolicy(securityPolicy=security)


def card_of(lab: LabHandle, deployment: str) -> Any:
    """Return the first network adapter of a machine deployment's VM."""
    vm = lab.vm(CLUSTER, deployment)
    devices = lab.vcenter.properties([vm], vim.VirtualMachine, ["config.hardware.device"])[vm]["config.hardware.device"]
    return next(each for each in devices if isinstance(each, vim.vm.device.VirtualEthernetCard))


def _edit_card(lab: LabHandle, deployment: str, card: Any, mac: str, group: str) -> Revert:
    vm = lab.vm(CLUSTER, deployment)
    former = (card.macAddress, card.backing.port.portgroupKey)

    def change(address: str, portgroup: str) -> None:
        card.macAddress, card.addressType = address, "manual"
        port = vim.dvs.PortConnection(portgroupKey=portgroup, switchUuid=card.backing.port.switchUuid)
        card.backing = vim.vm.device.VirtualEthernetCard.DistributedVirtualPortBackingInfo(port=port)
        spec = vim.vm.device.VirtualDeviceSpec(operation="edit", device=card)
        lab.vcenter.wait(vm.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[spec])))

    change(mac, group)
    return lambda: change(*former)
