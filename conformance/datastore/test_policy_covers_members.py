"""DSC-4: the policy is compatible with all members of the datastore cluster."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.datastore.storage import Storage, members_of, require_pods, storages
from tkg_conformance.conformance.subjects import conclude_sight
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DSC-4")
def test_policy_covers_members(check: Check, site: Site) -> None:
    found = storages(check, site)
    for storage in found:
        pods = require_pods(check, storage)
        if storage.policy is None or storage.policy.compatible is None:
            check.inconclusive(f"vCenter was not asked which datastores satisfy {storage.ref}; see DSC-3 and DSC-5")
        members = [each for pod in pods for each in members_of(storage.vcenter, pod)]
        for datastore in check.each(members):
            _judge(check, storage, datastore, storage.policy.compatible)
        _note_differences(check, storage, members, storage.policy.compatible)
    conclude_sight(check, (each.vcenter for each in found), "StoragePod", "Datastore", "Tag", "Category")


def _judge(check: Check, storage: Storage, datastore: InventoryObject, compatible: tuple[str, ...]) -> None:
    if datastore.key in compatible:
        return
    by_tags = "by its tags it should be" if storage.is_satisfied_by(datastore) else "its tags are not those asked for"
    check.fail(
        datastore,
        expected=f"compatible with {storage.ref}",
        observed=f"not among the {len(compatible)} datastores that vCenter finds compatible; {by_tags}",
        message=f"vCenter does not find {datastore.ref} compatible with {storage.ref}",
        involves=[storage.ref, *storage.tag_refs],
    )


def _note_differences(
    check: Check, storage: Storage, members: list[InventoryObject], compatible: tuple[str, ...]
) -> None:
    """Say which datastores outside are compatible too, and where tags and vCenter's answer differ."""
    inside = {each.key for each in members}
    for datastore in storage.vcenter.all("Datastore"):
        if datastore.key in compatible and datastore.key not in inside:
            check.note(f"{datastore.ref} is compatible with {storage.ref} and lies outside the datastore cluster")
        if datastore.key in compatible and not storage.is_satisfied_by(datastore):
            check.note(f"{datastore.ref} is compatible with {storage.ref} although its tags are not those asked for")
