"""ZONE-1: the region and zone tag categories exist and fit the objects that carry their tags."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import conclude_sight, may_hide
from tkg_conformance.conformance.zone.failure_domains import TAGGED_TYPE
from tkg_conformance.conformance.zone.zoning import REGION, ROLES, Zoning, category_ref, zoned_clusters
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.reports.check import Check

_DEFAULT_TYPE = {REGION: "Datacenter"}


@pytest.mark.requirement("ZONE-1")
def test_categories_exist(check: Check, site: Site) -> None:
    zonings = zoned_clusters(check, site)
    seen: set[tuple[str, str, str, tuple[str, ...]]] = set()
    for zoning in zonings:
        for role in ROLES:
            name = zoning.expected(role)
            key = (zoning.vcenter.server, role, name or "", tuple(_types(zoning, role)))
            if name and key not in seen:
                seen.add(key)
                _judge(check, zoning, role, name)
    conclude_sight(check, {zoning.vcenter.server: zoning.vcenter for zoning in zonings}.values(), "Category")


def _judge(check: Check, zoning: Zoning, role: str, name: str) -> None:
    ref = category_ref(name)
    check.examine(ref)
    category = zoning.vcenter.category(name)
    if category is None:
        if may_hide(check, zoning.vcenter, ref, "Category"):
            return
        known = ", ".join(sorted(each.name for each in zoning.vcenter.categories)) or "none"
        check.fail(
            ref,
            expected=f"a tag category {name} for the {role}",
            observed=f"no such category; there are: {known}",
            message=f"{zoning.vcenter.ref} has no tag category {name}, by which the {role} is told",
            involves=[zoning.setting(role), *(ref for domain in zoning.domains for ref in domain.refs)],
        )
        return
    for kind in _types(zoning, role):
        if category.associable and kind not in category.associable:
            check.fail(
                ref,
                expected=f"{kind} among its associable types",
                observed=", ".join(category.associable),
                message=f"tags of {name} cannot be assigned to a {kind}, which carries the {role}",
                involves=[zoning.setting(role)],
            )
    if category.cardinality == "MULTIPLE":
        check.note(f"{ref} allows many tags per object; one tag per object keeps the {role} unambiguous")


def _types(zoning: Zoning, role: str) -> list[str]:
    declared = {kind for domain in zoning.domains if (kind := domain.level(role).type)}
    found = {TAGGED_TYPE[kind] for kind in declared if kind in TAGGED_TYPE}
    return sorted(found) or [_DEFAULT_TYPE.get(role, "ClusterComputeResource")]
