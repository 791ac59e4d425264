"""Templates that are replaced, booted, copied or stripped of a property, and paths that nearly name one."""

from __future__ import annotations

from typing import Any, Final

from tkg_conformance.conformance.ova.seeding import (
    FOLDER,
    HOST,
    LINUX,
    POOL,
    WINDOWS,
    WL1,
    clone_image,
    edit_property,
    reconfigure,
)
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import together
from tkg_conformance.fixtures.lab.vsphere import vim
from tkg_conformance.fixtures.models import ova

COPY: Final = "ubuntu-2204-kube-v1.35.4-v2"
RETIRED: Final = f"{WINDOWS}-old"
_SETTING: Final = "VSPHERE_TEMPLATE"
_USER_DATA: Final = "I2Nsb3VkLWNvbmZpZwo="


def boot_windows(lab: LabHandle) -> Revert:
    """Leave in the template what a node's first boot leaves there."""
    return _given_user_data(lab, lab.find(f"{FOLDER}/{WINDOWS}"))


def copy_without_dot(lab: LabHandle) -> Revert:
    """Upload the image again under another name, whose DISTRO_VERSION has no dot; TKG compares without dots."""
    return together(
        lambda: clone_image(lab, LINUX, FOLDER, to=COPY),
        lambda: edit_property(lab, COPY, ova.DISTRO_VERSION, "2204"),
    )


def upload_windows_again(lab: LabHandle) -> Revert:
    """Put a new template in the place of the Windows template, which is kept as a VM that was booted once."""
    template = lab.find(f"{FOLDER}/{WINDOWS}")

    def retire() -> Revert:
        template.MarkAsVirtualMachine(lab.find(POOL), lab.find(HOST))
        return lambda: template.MarkAsTemplate()

    return together(
        lambda: lab.renamed(f"{FOLDER}/{WINDOWS}", RETIRED),
        lambda: clone_image(lab, RETIRED, FOLDER, to=WINDOWS),
        lambda: _given_user_data(lab, template),
        retire,
    )


def drop_version(lab: LabHandle) -> Revert:
    return edit_property(lab, WINDOWS, ova.VERSION, "")


def name_other_datacenter(lab: LabHandle) -> Revert:
    return lab.variable(WL1, _SETTING, f"/dc1/vm/templates/{LINUX}")


def name_folder_in_other_case(lab: LabHandle) -> Revert:
    return lab.variable(WL1, _SETTING, f"/dc0/vm/Templates/{LINUX}")


def escape_slash(lab: LabHandle) -> Revert:
    return lab.variable(WL1, _SETTING, f"/dc0/vm/templates%2f{LINUX}")


def leave_blank(lab: LabHandle) -> Revert:
    return lab.variable(WL1, _SETTING, f'"{FOLDER}/{LINUX} "')


def _given_user_data(lab: LabHandle, template: Any) -> Revert:
    """Write guestinfo.userdata into a template; an empty value takes it away."""

    def write(value: str) -> None:
        option = vim.option.OptionValue(key=ova.USER_DATA, value=value)
        reconfigure(lab, template, vim.vm.ConfigSpec(extraConfig=[option]))

    write(_USER_DATA)
    return lambda: write("")
