"""ZONE-2: every region and zone tag exists in its own category."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import conclude_hidden, may_hide
from tkg_conformance.conformance.zone.zoning import ROLES, Zoning, category_ref, tag_ref, zoned_clusters
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("ZONE-2")
def test_tags_exist(check: Check, site: Site) -> None:
    seen: set[tuple[str, str]] = set()
    hidden: list[str] = []
    for zoning in zoned_clusters(check, site):
        for role in ROLES:
            for category, tag in _wanted(zoning, role):
                if (zoning.vcenter.server, tag_ref(category, tag)) not in seen:
                    seen.add((zoning.vcenter.server, tag_ref(category, tag)))
                    _judge(check, zoning, role, category, tag, hidden)
            if not _wanted(zoning, role):
                _judge_any(check, zoning, role, hidden)
    conclude_hidden(check, hidden)


def _wanted(zoning: Zoning, role: str) -> list[tuple[str, str]]:
    """Return (category, tag) that failure domains or a page-literal value name."""
    levels = [domain.level(role) for domain in zoning.domains]
    found = [(level.category, level.tag) for level in levels if level.category and level.tag]
    literal = zoning.classified(role)
    category = zoning.expected(role)
    if literal is not None and literal.is_tag and not literal.is_category and category:
        found.append((category, literal.value))
    return list(dict.fromkeys(found))


def _judge(check: Check, zoning: Zoning, role: str, category: str, tag: str, hidden: list[str]) -> None:
    ref = tag_ref(category, tag)
    check.examine(ref)
    holders = [holder.name for holder, _ in zoning.vcenter.tags_named(tag)]
    if category in holders:
        return
    if may_hide(check, zoning.vcenter, ref, "Tag", "Category"):
        hidden.append(ref)
        return
    elsewhere = f"only in category {', '.join(holders)}" if holders else "no tag of this name"
    check.fail(
        ref,
        expected=f"tag {tag} in category {category}",
        observed=elsewhere,
        message=f"the {role} tag {tag} is not in category {category}",
        involves=[category_ref(category), zoning.setting(role)],
    )


def _judge_any(check: Check, zoning: Zoning, role: str, hidden: list[str]) -> None:
    """Without a named tag the category has to hold at least one."""
    name = zoning.expected(role)
    if not name:
        return
    check.examine(category_ref(name))
    category = zoning.vcenter.category(name)
    if category is None or not zoning.vcenter.tags_in(category):
        what = f"a {role} tag in {category_ref(name)}"
        if may_hide(check, zoning.vcenter, what, "Tag", "Category"):
            hidden.append(what)
            return
        check.fail(
            category_ref(name),
            expected=f"at least one {role} tag in category {name}",
            observed="no such category" if category is None else "no tags",
            message=f"category {name} holds no {role} tag",
            involves=[zoning.setting(role)],
        )
