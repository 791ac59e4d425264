"""DSC-2: every member of the datastore cluster carries the tag."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.datastore.storage import members_of, require_pods, storages
from tkg_conformance.conformance.subjects import conclude_sight
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DSC-2")
def test_members_carry_tag(check: Check, site: Site) -> None:
    found = storages(check, site)
    for storage in found:
        wanted = " or ".join(f"{category}/{tag}" for category, tag in storage.tags)
        for pod in require_pods(check, storage):
            for datastore in check.each(members_of(storage.vcenter, pod)):
                if storage.is_satisfied_by(datastore):
                    continue
                tags = ", ".join("/".join(each) for each in storage.vcenter.attached(datastore))
                check.fail(
                    datastore,
                    expected=f"the tags of {storage.ref}: {wanted or 'it names none'}",
                    observed=tags or "no tag",
                    message=f"{datastore.ref}, a member of {pod.ref}, does not carry the tag of {storage.ref}",
                    involves=[pod, storage.ref, *storage.tag_refs],
                )
    conclude_sight(check, (each.vcenter for each in found), "StoragePod", "Datastore", "Tag", "Category")
