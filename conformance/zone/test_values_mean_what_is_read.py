"""ZONE-6: the configured region and zone mean what the cloud provider and the CSI driver read."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import conclude_sight
from tkg_conformance.conformance.zone.failure_domains import FailureDomain
from tkg_conformance.conformance.zone.placement import node_keys
from tkg_conformance.conformance.zone.zoning import ROLES, VARIABLE, Zoning, category_ref, zoning_of
from tkg_conformance.fixtures.models.semantics import Semantics, ValueClass
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("ZONE-6")
def test_values_mean_what_is_read(check: Check, site: Site, cluster: Cluster) -> None:
    zoning = zoning_of(check, site, cluster)
    # Whether a value names a category or a tag is a statement about all of them.
    conclude_sight(check, [zoning.vcenter], "Category", "Tag")
    semantics = Semantics(site.profile.get("region_zone_semantics") or Semantics.AUTO)
    conflicts: list[str] = []
    quoted = 0
    for role in ROLES:
        found = zoning.classified(role)
        if found is None:
            continue
        check.examine(zoning.setting(role))
        if not found.is_tag and not found.is_category:
            _fail_unknown(check, zoning, role, found)
        elif domain := _domain_of_other_role(zoning, role, found):
            _fail_other_role(check, zoning, role, found, domain)
        elif semantics is Semantics.CATEGORIES and not found.is_category:
            _fail_literal(check, zoning, role, found)
        elif semantics is Semantics.TAGS and not found.is_tag:
            _judge_category(check, zoning, role, found, conflicts)
        elif semantics is Semantics.AUTO and not found.is_category:
            conflicts.append(_literal_conflict(zoning, role, found))
            _fail_literal(check, zoning, role, found)
            quoted += 1
    if conflicts and len(check.findings) == quoted:
        check.doc_conflict("; ".join(conflicts))


def _fail_unknown(check: Check, zoning: Zoning, role: str, found: ValueClass) -> None:
    near = f"; {', '.join(found.near)} differs only in case or white space" if found.near else ""
    check.fail(
        zoning.setting(role),
        expected=f"the name of an existing {role} category (or tag, where the profile says so)",
        observed=f"{VARIABLE[role]}={found.value!r}, which names no category and no tag{near}",
        message=f"{VARIABLE[role]} is {found.value!r}, which names neither a category nor a tag in vCenter{near}",
        involves=[category_ref(found.value), *(category_ref(name) for name in found.near)],
    )


def _domain_of_other_role(zoning: Zoning, role: str, found: ValueClass) -> FailureDomain | None:
    """Return a failure domain that tells the other role by the category that is configured for this one."""
    other = next(each for each in ROLES if each != role)
    domains = [each for each in zoning.domains if found.is_category and each.failure_domain]
    if any(each.level(role).category == found.value for each in domains):
        return None
    return next((each for each in domains if each.level(other).category == found.value), None)


def _fail_other_role(check: Check, zoning: Zoning, role: str, found: ValueClass, domain: FailureDomain) -> None:
    other = next(each for each in ROLES if each != role)
    check.fail(
        zoning.setting(role),
        expected=f"the {role} category {domain.level(role).category} of VSphereFailureDomain {domain.name}",
        observed=f"{VARIABLE[role]}={found.value!r}, by which VSphereFailureDomain {domain.name} tells the {other}",
        message=f"{VARIABLE[role]} names the category of the {other}, so Nodes get the {other} for their {role}",
        involves=[category_ref(found.value), *domain.refs],
    )


def _fail_literal(check: Check, zoning: Zoning, role: str, found: ValueClass) -> None:
    category = zoning.effective(role)
    check.fail(
        zoning.setting(role),
        expected=f"the category name {category}",
        observed=f"{VARIABLE[role]}={found.value!r}, the name of a tag of category {category}",
        message=f"{VARIABLE[role]} has the page-literal form: the cloud provider and the CSI driver look for a"
        f" category named {found.value}",
        involves=[category_ref(found.value)],
    )


def _judge_category(check: Check, zoning: Zoning, role: str, found: ValueClass, conflicts: list[str]) -> None:
    """A category where the profile wants a tag: a violation only if it does not work either."""
    labelled = _labelled(zoning)
    if labelled:
        conflicts.append(
            f"the profile wants the page's form (a tag), {VARIABLE[role]} names the category {found.value},"
            f" and {labelled} Nodes carry the labels"
        )
        return
    check.fail(
        zoning.setting(role),
        expected="the name of a tag, as the page sets it",
        observed=f"{VARIABLE[role]}={found.value!r}, the name of a category; no Node carries the labels",
        message=f"{VARIABLE[role]} names a category where the profile wants a tag, and no Node is labelled",
    )


def _literal_conflict(zoning: Zoning, role: str, found: ValueClass) -> str:
    labelled = _labelled(zoning)
    outcome = f"{labelled} Nodes carry the labels" if labelled else "no Node carries the labels"
    return (
        f"the page sets {VARIABLE[role]} to a tag and this site follows it with {found.value}; the cloud provider and"
        f" the CSI driver look for a category of that name, and vCenter has {zoning.effective(role)}: {outcome}"
    )


def _labelled(zoning: Zoning) -> int:
    keys = node_keys(zoning).both()
    nodes = [member.node for member in zoning.cluster.members if member.node]
    return sum(all(node.labels.get(key) for key in keys) for node in nodes)
