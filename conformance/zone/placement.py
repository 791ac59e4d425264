"""Where the VM of a Node runs now, which tags are in force there, and what a judgement about it depends on."""

from __future__ import annotations

from collections.abc import Iterable

from tkg_conformance.conformance.subjects import may_hide
from tkg_conformance.conformance.zone.failure_domains import machine_domain
from tkg_conformance.conformance.zone.zoning import ROLES, ZONE, Zoning, category_ref, tag_ref
from tkg_conformance.fixtures.models import topology
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject
from tkg_conformance.reports.check import Check


def in_force(zoning: Zoning, member: Member, component: str) -> dict[str, str]:
    """Return role to tag name as `cpi` or `csi` would derive it for the VM's present host.

    A role without a known category, or without a value in the ancestry, is left out.
    """
    vm = member.vm
    categories = {role: name for role in ROLES if (name := zoning.effective(role))}
    if vm is None or not categories:
        return {}
    vcenter = zoning.vcenter
    host = vcenter.levels(vcenter.host_of(vm))
    found: dict[str, str] = {}
    for role, category in categories.items():
        if component == "cpi":
            pool = vcenter.levels(vcenter.get(vm.props.get("resourcePool")))
            values = topology.cpi_values(host, pool, vcenter.levels(vm), categories.values())
        else:
            values = topology.csi_values(host, categories.values())
        values = values or topology.lookup(host, (category,)) or {}
        if values.get(category):
            found[role] = values[category]
    return found


def unseen_tags(check: Check, zoning: Zoning, member: Member, roles: Iterable[str]) -> list[str]:
    """Return, and note, the tags of these roles that may be in force for a VM's host but out of the account's sight."""
    host = zoning.vcenter.host_of(member.vm)
    wanted = [f"a {role} tag above {host.ref}" for role in roles] if host else []
    return [what for what in wanted if may_hide(check, zoning.vcenter, what, "Tag", "Category")]


def dependencies(zoning: Zoning, member: Member, component: str) -> list[str]:
    """Return the names of everything on which a Node's region and zone depend.

    These are the VM, its host, compute cluster and datacenter, the tags in force and those its failure
    domain wants, the categories, and every hop of the component's configuration.
    """
    vcenter, vm = zoning.vcenter, member.vm
    refs = [part.ref for part in member.objects]
    chain = vcenter.ancestry(vcenter.host_of(vm)) if vm else []
    refs += [each.ref for each in chain]
    refs += [tag_ref(category, tag) for each in chain for category, tag in _topology_tags(zoning, each)]
    refs += wanted_tags(zoning, machine_domain(member))
    refs += [category_ref(name) for role in ROLES if (name := zoning.expected(role))]
    refs += [category_ref(value) for role in ROLES if (value := zoning.value(role))]
    return [*refs, *zoning.cluster.hops.refs(component), *zoning.settings()]


def wanted_tags(zoning: Zoning, domain_name: str | None = None) -> list[str]:
    """Return the names of the tags that the failure domains (or one of them) want."""
    levels = (
        domain.level(role)
        for domain in zoning.domains
        if domain_name is None or domain.name == domain_name
        for role in ROLES
    )
    return [tag_ref(level.category, level.tag) for level in levels if level.tag]


def node_keys(zoning: Zoning) -> topology.Keys:
    """Return the label keys that Nodes have to carry.

    The profile's family if it names one; else the beta keys if the cloud provider's configuration names
    region and zone; else the CSI driver's own keys; the documented beta keys are the fallback.
    """
    region, zone = (zoning.effective(role) or zoning.value(role) or "" for role in ROLES)
    family = zoning.site.profile.get("topology_key_family")
    if family:
        return topology.family_keys(str(family), region, zone)
    cpi = zoning.cluster.hops.cloud_config()
    if cpi is not None and cpi.region and cpi.zone:
        return topology.BETA
    driver = zoning.cluster.hops.driver_config()
    keys = driver.topology_keys() if driver else {}
    if region in keys and zone in keys:
        return topology.Keys(keys[region], keys[zone])
    return topology.BETA


def role_of(zoning: Zoning, key: str) -> str | None:
    """Return the role that a topology key tells, None if it is about neither."""
    family, name = topology.family_of(key), key.partition("/")[2]
    if family is None:
        return None
    if family != "csi-domain":
        return name if name in ROLES else None
    named = next((role for role in ROLES if name in (zoning.effective(role), zoning.value(role))), None)
    if named:
        return named
    driver = zoning.cluster.hops.driver_config()
    own = driver.own_keys if driver else {}
    return next((role for role in ROLES if own.get(zoning.effective(role) or "") == key), None)


def labels_by_family(zoning: Zoning, labels: Iterable[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """Return family to role to value for all topology labels."""
    found: dict[str, dict[str, str]] = {}
    for key, value in labels:
        family = topology.family_of(key)
        role = role_of(zoning, key) if family and value else None
        if family and role:
            found.setdefault(family, {})[role] = value
    return found


def zone_of(zoning: Zoning, thing: InventoryObject) -> str | None:
    """Return the zone tag in force for a host."""
    category = zoning.effective(ZONE)
    values = topology.lookup(zoning.vcenter.levels(thing), (category,)) if category else None
    return values[category] if values and category else None


def _topology_tags(zoning: Zoning, thing: InventoryObject) -> list[tuple[str, str]]:
    wanted = {zoning.effective(role) for role in ROLES} | {zoning.expected(role) for role in ROLES}
    return [(category, tag) for category, tag in zoning.vcenter.attached(thing) if category in wanted]
