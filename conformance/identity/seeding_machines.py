"""Changes that seed faults of the IDENT area in what is made anew: a machine that a person orders for dev/wl1."""

from __future__ import annotations

from typing import Final

from tkg_conformance.conformance.identity.seeding import CLUSTER
from tkg_conformance.conformance.identity.seeding_credentials import use_management_account
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import awaited, together
from tkg_conformance.fixtures.lab.ordering import machines_of, ordered

DEPLOYMENT: Final = "md-extra"
_CLONED_S: Final = 90.0


def clone_as_management_account(lab: LabHandle) -> Revert:
    """Order a machine while the Secret holds the management account, and put the right one back once it is cloned.

    Afterwards everything looks right, but for who is on record as the VM's creator.
    """
    put_back = use_management_account(lab)
    try:
        return together(
            lambda: ordered(lab, CLUSTER, DEPLOYMENT),
            lambda: awaited(
                lambda: any(each["spec"].get("providerID") for each in machines_of(lab, CLUSTER, DEPLOYMENT)),
                _CLONED_S,
                f"No VM was cloned for {DEPLOYMENT} of {CLUSTER}",
            ),
        )
    finally:
        put_back()
