"""ZONE-4: every host resolves to exactly one region and one zone."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import conclude_sight, may_hide
from tkg_conformance.conformance.zone.failure_domains import DomainLevel
from tkg_conformance.conformance.zone.running import hosts_in_use
from tkg_conformance.conformance.zone.zoning import ROLES, Zoning, category_ref, tag_ref, zoned_clusters
from tkg_conformance.fixtures.models.topology import values_by_category
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.vcenter import COMPUTE_TYPES, InventoryObject
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("ZONE-4")
def test_one_value_per_host(check: Check, site: Site) -> None:
    zonings = zoned_clusters(check, site)
    reported: set[tuple[str, ...]] = set()
    judged: set[tuple[str, ...]] = set()
    blind: list[str] = []
    for zoning in zonings:
        for host in hosts_in_use(zoning):
            key = (zoning.vcenter.server, host.key, *_categories(zoning).values())
            if key not in judged:
                judged.add(key)
                if zoning.vcenter.ancestor(host, "Datacenter") is None:
                    blind.append(host.ref)
                else:
                    _judge(check, zoning, host, reported)
        _note_disagreement(check, zoning)
    if blind and not check.findings:
        check.inconclusive(f"what is above {', '.join(blind)} is out of the observing account's sight, tags included")
    vcenters = {zoning.vcenter.server: zoning.vcenter for zoning in zonings}.values()
    conclude_sight(check, vcenters, "Datacenter", *COMPUTE_TYPES, "HostSystem", "Tag", "Category")


def _judge(check: Check, zoning: Zoning, host: InventoryObject, reported: set[tuple[str, ...]]) -> None:
    chain = [each.ref for each in zoning.vcenter.ancestry(host)]
    levels = zoning.vcenter.levels(host)
    categories = _categories(zoning)
    if categories:
        check.examine(host)
    for role, category in categories.items():
        found = values_by_category(levels, (category,))[category]
        values = sorted({tag for _, tag in found})
        if len(values) == 1:
            continue
        if not values and may_hide(check, zoning.vcenter, f"a {role} tag above {host.ref}", "Tag", "Category"):
            continue
        on = tuple(f"{carrier} {tag}" for carrier, tag in found) or (host.ref, role)
        carriers = (zoning.vcenter.server, *on)
        if carriers in reported:
            continue
        reported.add(carriers)
        check.fail(
            found[0][0] if found else host,
            expected=f"one value of category {category} from host to root folder",
            observed=", ".join(f"{tag} on {carrier}" for carrier, tag in found) or "no value",
            message=f"{host.ref} resolves to {len(values) or 'no'} {role} values: {', '.join(values) or 'none'}",
            involves=[
                *chain,
                category_ref(category),
                *(tag_ref(category, tag) for _, tag in found),
                *(ref for domain in zoning.domains for ref in _domain_tags(domain.level(role))),
            ],
        )


def _categories(zoning: Zoning) -> dict[str, str]:
    """Return the category of each role for which one is known."""
    found = ((role, zoning.effective(role) or zoning.expected(role)) for role in ROLES)
    return {role: category for role, category in found if category}


def _domain_tags(level: DomainLevel) -> list[str]:
    return [tag_ref(level.category, level.tag)] if level.category and level.tag else []


def _note_disagreement(check: Check, zoning: Zoning) -> None:
    """Tags on resource pools and VM folders: the CPI falls back to them, the CSI driver never does."""
    vcenter = zoning.vcenter
    categories = {name for role in ROLES if (name := zoning.effective(role))}
    for member in zoning.cluster.members:
        if member.vm is None:
            continue
        above_host = {each.ref for each in vcenter.ancestry(vcenter.host_of(member.vm))}
        pools = vcenter.ancestry(vcenter.get(member.vm.props.get("resourcePool")))
        for each in (*vcenter.ancestry(member.vm), *pools):
            tags = [tag for category, tag in vcenter.attached(each) if category in categories]
            if tags and each.ref not in above_host:
                check.note(
                    f"{each.ref} carries {', '.join(tags)}: the cloud provider falls back to it where the host's"
                    " ancestry is incomplete, the CSI driver never does"
                )
