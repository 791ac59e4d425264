"""DSC-3: the storage policy is a tag rule for that category and tag."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tkg_conformance.conformance.datastore.storage import Storage, storages
from tkg_conformance.conformance.refusals import refusal_told
from tkg_conformance.fixtures.models import tag_policy
from tkg_conformance.fixtures.observation.model import StoragePolicy
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DSC-3")
def test_policy_is_tag_rule(check: Check, site: Site) -> None:
    for storage in storages(check, site):
        check.examine(storage.ref)
        for observed in _faults(site, storage):
            check.fail(
                storage.ref,
                expected="a requirement policy for storage whose tag rule names an existing category and tag",
                observed=observed,
                message=f"{storage.ref}, which {storage.setting} names: {observed}",
                involves=storage.tag_refs,
            )


def _faults(site: Site, storage: Storage) -> Iterator[str]:
    policy = storage.policy
    if policy is None:
        told = refusal_told(site.clusters, lambda vm, _: vm.spec.get("storagePolicyName") == storage.name)
        yield f"there is no storage policy of this name or identifier{told}"
        return
    yield from _form(policy)
    for category, tag in storage.tags:
        if not any(found.name == category for found, _ in storage.vcenter.tags_named(tag)):
            yield f"its rule names tag {tag} of category {category}, which does not exist or cannot be seen"


def _form(policy: StoragePolicy) -> Iterator[str]:
    if policy.category != "REQUIREMENT":
        yield f"its category is {policy.category or 'unset'}, not REQUIREMENT"
    if policy.resource_type != "STORAGE":
        yield f"its resource type is {policy.resource_type or 'unset'}, not STORAGE"
    if not tag_policy.only_tags(policy.rule_sets):
        others = {rule.namespace for rules in policy.rule_sets for rule in rules if not rule.is_tag}
        yield f"its rules are no tag rules ({', '.join(sorted(others)) or 'it has none'})"
    elif not tag_policy.positive_tags(policy.rule_sets):
        yield 'it has no rule "Use storage tagged with", only the contrary'
