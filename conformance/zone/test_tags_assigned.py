"""ZONE-3: region and zone tags are assigned to the right vSphere objects."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import conclude_hidden, conclude_joins, conclude_sight, may_hide
from tkg_conformance.conformance.zone.failure_domains import FailureDomain
from tkg_conformance.conformance.zone.running import computes_in_use
from tkg_conformance.conformance.zone.zoning import (
    REGION,
    ROLES,
    ZONE,
    Zoning,
    category_ref,
    tag_ref,
    zoned_clusters,
)
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.fixtures.observation.views.vcenter import COMPUTE_TYPES, InventoryObject
from tkg_conformance.reports.check import Check

_Judged = set[tuple[str, ...]]
"""(vCenter, object, role) and, for a declaration, also (..., category, tag): two vCenters may have objects of one path,
and two declarations may disagree."""
_Hidden = list[str]
"""What was not seen where tags may be out of sight, and so may be there."""


@pytest.mark.requirement("ZONE-3")
def test_tags_assigned(check: Check, site: Site) -> None:
    zonings = zoned_clusters(check, site)
    judged: _Judged = set()
    hidden: _Hidden = []
    for zoning in zonings:
        for domain in zoning.domains:
            for role in ROLES:
                _judge_declared(check, zoning, domain, role, judged, hidden)
    for zoning in zonings:
        for compute in computes_in_use(zoning):
            _judge_compute(check, zoning, compute, judged, hidden)
            _judge_datacenter(check, zoning, compute, judged, hidden)
    conclude_hidden(check, hidden)
    conclude_joins(check, (member for zoning in zonings for member in zoning.cluster.members if _is_lost(member)))
    vcenters = {zoning.vcenter.server: zoning.vcenter for zoning in zonings}.values()
    conclude_sight(check, vcenters, "Datacenter", *COMPUTE_TYPES, "HostSystem", "Tag", "Category")


def _judge_declared(
    check: Check, zoning: Zoning, domain: FailureDomain, role: str, judged: _Judged, hidden: _Hidden
) -> None:
    """A failure domain says which tag belongs on which object."""
    level = domain.level(role)
    if not level.tag or not level.category:
        return
    for carrier in domain.carriers(zoning.vcenter, role):
        place = _place(zoning, carrier, role)
        declaration = (*place, level.category, level.tag)
        if declaration in judged:
            continue
        judged.update({place, declaration})
        check.examine(carrier)
        attached = zoning.vcenter.attached_in(carrier, level.category)
        if not attached and _may_hide(check, zoning, carrier, level.category, hidden):
            continue
        if level.tag not in attached:
            check.fail(
                carrier,
                expected=f"{role} tag {level.tag} of category {level.category}",
                observed=", ".join(attached) or f"no tag of category {level.category}",
                message=f"{carrier.ref} does not carry the {role} tag {level.tag} that {domain.name} declares",
                involves=[
                    tag_ref(level.category, level.tag),
                    category_ref(level.category),
                    *(tag_ref(level.category, tag) for tag in attached),
                    *domain.refs,
                ],
            )


def _judge_compute(check: Check, zoning: Zoning, compute: InventoryObject, judged: _Judged, hidden: _Hidden) -> None:
    """A compute cluster without a declaration needs some zone tag, its own or one on each of its hosts."""
    category = zoning.expected(ZONE)
    hosts = zoning.vcenter.hosts_of(compute)
    by_host = any(_place(zoning, host, ZONE) in judged for host in hosts)
    place = _place(zoning, compute, ZONE)
    if place in judged or by_host or category is None:
        return
    judged.add(place)
    check.examine(compute)
    if zoning.vcenter.attached_in(compute, category):
        return
    if hosts and all(zoning.vcenter.attached_in(host, category) for host in hosts):
        check.note(f"{compute.ref} has its zone tags on the hosts instead of the compute cluster")
        return
    if _may_hide(check, zoning, compute, category, hidden):
        return
    check.fail(
        compute,
        expected=f"one zone tag of category {category}",
        observed=f"no tag of category {category}",
        message=f"{compute.ref} runs nodes and carries no zone tag",
        involves=[category_ref(category), *(tag_ref(category, tag) for tag in _tags(zoning, category))],
    )


def _judge_datacenter(check: Check, zoning: Zoning, compute: InventoryObject, judged: _Judged, hidden: _Hidden) -> None:
    """The datacenter carries the region tag; one on another level of the ancestry works as well."""
    category = zoning.expected(REGION)
    datacenter = zoning.vcenter.ancestor(compute, "Datacenter")
    if datacenter is None or category is None or (place := _place(zoning, datacenter, REGION)) in judged:
        return
    judged.add(place)
    check.examine(datacenter)
    if zoning.vcenter.attached_in(datacenter, category):
        return
    chain = zoning.vcenter.ancestry(compute)
    carriers = [each.ref for each in chain if zoning.vcenter.attached_in(each, category)]
    if carriers:
        check.note(f"the region tag is on {', '.join(carriers)} instead of {datacenter.ref}")
        return
    if _may_hide(check, zoning, datacenter, category, hidden):
        return
    check.fail(
        datacenter,
        expected=f"one region tag of category {category}",
        observed=f"no tag of category {category}",
        message=f"{datacenter.ref} runs nodes and carries no region tag",
        involves=[category_ref(category), *(tag_ref(category, tag) for tag in _tags(zoning, category))],
    )


def _may_hide(check: Check, zoning: Zoning, carrier: InventoryObject, category: str, hidden: _Hidden) -> bool:
    what = f"a tag of category {category} on {carrier.ref}"
    is_hidden = may_hide(check, zoning.vcenter, what, "Tag", "Category")
    if is_hidden:
        hidden.append(what)
    return is_hidden


def _is_lost(member: Member) -> bool:
    """Where it runs is not known although it should be, so that "every compute cluster that runs nodes" is open."""
    return member.vm is None and member.node is not None and member.node_transition is None


def _place(zoning: Zoning, carrier: InventoryObject, role: str) -> tuple[str, ...]:
    return zoning.vcenter.server, carrier.key, role


def _tags(zoning: Zoning, category: str) -> list[str]:
    found = zoning.vcenter.category(category)
    return [tag.name for tag in zoning.vcenter.tags_in(found)] if found else []
