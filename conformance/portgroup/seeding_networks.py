"""Changes of the networks themselves: which one the Windows node is on, and what it is called."""

from __future__ import annotations

from typing import Any, Final

from tkg_conformance.conformance.portgroup.seeding import (
    CLUSTER,
    PORT_GROUP,
    PROMISCUOUS,
    WINDOWS,
    card_of,
    set_port_group,
)
from tkg_conformance.fixtures.lab.changes import Revert, together
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.fixtures.lab.vsphere import vim

OTHER_GROUP: Final = "/dc0/network/workload"
STANDARD: Final = "VM Network"
_BACKINGS = vim.vm.device.VirtualEthernetCard


def move_to_accepting_group(lab: LabHandle) -> Revert:
    """Connect the Windows node to the Linux nodes' port group, which accepts promiscuous mode."""
    group = lab.find(OTHER_GROUP)
    key = lab.vcenter.properties([group], vim.dvs.DistributedVirtualPortgroup, ["key"])[group]["key"]
    switch = card_of(lab, WINDOWS).backing.port.switchUuid
    port = vim.dvs.PortConnection(portgroupKey=key, switchUuid=switch)
    return together(
        lambda: set_port_group(lab, PROMISCUOUS, path=OTHER_GROUP),
        lambda: _connected(lab, _BACKINGS.DistributedVirtualPortBackingInfo(port=port)),
    )


def move_to_standard_switch(lab: LabHandle) -> Revert:
    """Connect the Windows node to a port group of its host's own switch, which has the defaults of such switches."""
    return _connected(lab, _BACKINGS.NetworkBackingInfo(deviceName=STANDARD))


def rename_group(lab: LabHandle) -> Revert:
    group = lab.find(PORT_GROUP)
    name = PORT_GROUP.rpartition("/")[2]

    def rename(to: str) -> None:
        spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(name=to)
        lab.vcenter.wait(group.ReconfigureDVPortgroup_Task(spec))

    rename(f"{name}-110")
    return lambda: rename(name)


def _connected(lab: LabHandle, backing: Any) -> Revert:
    vm, card = lab.vm(CLUSTER, WINDOWS), card_of(lab, WINDOWS)
    former = card.backing

    def connect(target: Any) -> None:
        card.backing = target
        spec = vim.vm.device.VirtualDeviceSpec(operation="edit", device=card)
        lab.vcenter.wait(vm.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[spec])))

    connect(backing)
    return lambda: connect(former)
