"""DSC-1: the tag category may be assigned to datastores."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.datastore.storage import storages
from tkg_conformance.conformance.subjects import conclude_hidden, may_hide
from tkg_conformance.fixtures.models import tag_policy
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.vcenter import category_ref
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DSC-1")
def test_category_fits_datastores(check: Check, site: Site) -> None:
    hidden: list[str] = []
    for storage in storages(check, site):
        for name in tag_policy.categories(storage.rule_sets):
            ref, category = category_ref(name), storage.vcenter.category(name)
            check.examine(ref)
            if category is None:
                if may_hide(check, storage.vcenter, ref, "Category"):
                    hidden.append(ref)
                    continue
                observed = "there is no such category"
            elif not category.associable or "Datastore" in category.associable:
                continue
            else:
                observed = f"it is for {', '.join(category.associable)}"
            check.fail(
                ref,
                expected="a category whose tags may be assigned to datastores",
                observed=observed,
                message=f"{ref}, which {storage.ref} asks for, cannot be used on datastores: {observed}",
                involves=[storage.ref],
            )
        if not tag_policy.categories(storage.rule_sets):
            check.note(f"{storage.ref} has no tag rule; see DSC-3")
    conclude_hidden(check, hidden)
