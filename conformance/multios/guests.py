"""What a VM or template is inside, as vCenter tells it."""

from __future__ import annotations

from tkg_conformance.conformance.systems import LINUX, WINDOWS
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject

# vim.vm.GuestOsDescriptor: ids of Windows begin with win (windows2019srv_64Guest, winNetEnterpriseGuest).
_WINDOWS_IDS = "win"


def family_of(vm: InventoryObject) -> str | None:
    """Return linux or windows by the configured guest OS, None if vCenter does not tell it."""
    guest = str(vm.props.get("config.guestId") or "").lower()
    if not guest:
        return None
    return WINDOWS if guest.startswith(_WINDOWS_IDS) else LINUX


def properties_of(vm: InventoryObject) -> dict[str, str]:
    """Return the image properties that could be read, by id."""
    found = vm.props.get("config.vAppConfig.property") or ()
    return {str(each.get("id")): str(each["value"]) for each in found if each.get("value") is not None}
