"""Changes that seed the faults of the DVPG area: dev/wl2 of the default scenario, whose workers are on `multi-os`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.vsphere import vim

CLUSTER = "dev/wl2"
WINDOWS, LINUX = "md-0", "md-0-l"
PORTGROUP = "/dc0/network/multi-os"
_STANDARD = "VM Network"


def accepting(policy: str) -> Callable[[LabHandle], Revert]:
    """Return a change that sets one policy of the port group to Accept."""

    def apply(lab: LabHandle) -> Revert:
        _set(lab, policy, accepts=True)
        return lambda: _set(lab, policy, accepts=False)

    return apply


def use_standard_network(lab: LabHandle) -> Revert:
    """Connect the Windows node to a standard port group; its policy lies on the host then."""
    former = _adapter(lab, WINDOWS).backing
    backing = vim.vm.device.VirtualEthernetCard.NetworkBackingInfo(deviceName=_STANDARD)
    _edit(lab, WINDOWS, lambda adapter: setattr(adapter, "backing", backing))
    return lambda: _edit(lab, WINDOWS, lambda adapter: setattr(adapter, "backing", former))


def copy_address(lab: LabHandle) -> Revert:
    """Put the Linux node on the Windows node's port group, with the Windows node's MAC address."""
    former, other = _adapter(lab, LINUX), _adapter(lab, WINDOWS)
    _edit(lab, LINUX, lambda adapter: _address(adapter, other))
    return lambda: _edit(lab, LINUX, lambda adapter: _address(adapter, former))


def windows_vm(lab: LabHandle) -> dict[str, str]:
    """Return the inventory path of the Windows node's VM."""
    return {"vm": lab.vm_path(lab.vm(CLUSTER, WINDOWS))}


def linux_vm(lab: LabHandle) -> dict[str, str]:
    """Return the inventory path of the Linux node's VM."""
    return {"vm": lab.vm_path(lab.vm(CLUSTER, LINUX))}


def _set(lab: LabHandle, policy: str, *, accepts: bool) -> None:
    security = vim.dvs.VmwareDistributedVirtualSwitch.MacManagementPolicy(inherited=False, **{policy: accepts})
    setting = vim.dvs.VmwareDistributedVirtualSwitch.VmwarePortConfigPolicy(macManagementPolicy=security)
    spec = vim.dvs.DistributedVirtualPortgroup.ConfigSpec(defaultPortConfig=setting)
    lab.vcenter.wait(lab.find(PORTGROUP).ReconfigureDVPortgroup_Task(spec))


def _adapter(lab: LabHandle, deployment: str) -> Any:
    devices = lab.vm(CLUSTER, deployment).config.hardware.device
    return next(each for each in devices if isinstance(each, vim.vm.device.VirtualEthernetCard))


def _edit(lab: LabHandle, deployment: str, change: Callable[[Any], None]) -> None:
    adapter = _adapter(lab, deployment)
    change(adapter)
    edit = vim.vm.device.VirtualDeviceSpec(operation="edit", device=adapter)
    lab.vcenter.wait(lab.vm(CLUSTER, deployment).ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[edit])))


def _address(adapter: Any, like: Any) -> None:
    adapter.backing, adapter.macAddress, adapter.addressType = like.backing, like.macAddress, "manual"
