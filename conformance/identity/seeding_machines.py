"""Changes that seed faults of the IDENT area in what is made anew: a machine that a person orders for dev/wl1."""

from __future__ import annotations

import time
from typing import Final

from tkg_conformance.conformance.identity.seeding import CLUSTER
from tkg_conformance.conformance.identity.seeding_credentials import use_management_account
from tkg_conformance.fixtures.errors import LabError
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.ordering import machines_of, ordered

DEPLOYMENT: Final = "md-extra"
_CLONED_S: Final = 90.0
_LOOK_S: Final = 1.0


def clone_as_management_account(lab: LabHandle) -> Revert:
    """Order a machine while the Secret holds the management account, and put the right one back once it is cloned.

    Afterwards everything looks right, but for who is on record as the VM's creator.
    """
    put_back = use_management_account(lab)
    try:
        take_back = ordered(lab, CLUSTER, DEPLOYMENT)
        _wait_cloned(lab, take_back)
    finally:
        put_back()
    return take_back


def _wait_cloned(lab: LabHandle, take_back: Revert) -> None:
    deadline = time.monotonic() + _CLONED_S
    while not any(each["spec"].get("providerID") for each in machines_of(lab, CLUSTER, DEPLOYMENT)):
        if time.monotonic() > deadline:
            take_back()
            raise LabError(f"No VM was cloned for {DEPLOYMENT} of {CLUSTER} within {_CLONED_S:.0f} s.")
        time.sleep(_LOOK_S)
