"""ZONE-14: every failure domain in use leads to the right place in vCenter."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import (
    conclude_hidden,
    conclude_joins,
    is_placed,
    may_hide,
    require_fresh_conditions,
    require_resource,
    require_vcenter,
    settled_machines,
)
from tkg_conformance.conformance.zone.failure_domains import FailureDomain, failure_domains, machine_domain
from tkg_conformance.conformance.zone.placement import dependencies, node_keys
from tkg_conformance.conformance.zone.zoning import ROLES, ZONE, Zoning, category_ref, tag_ref
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.hops import Hop
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.fixtures.observation.views.vcenter import COMPUTE_TYPES
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("ZONE-14")
def test_failure_domains_hold(check: Check, site: Site, cluster: Cluster) -> None:
    require_resource(check, cluster)
    domains = failure_domains(cluster)
    if not domains:
        check.not_applicable(f"no Machine and no MachineDeployment of {cluster.name} has a failureDomain")
    require_fresh_conditions(check, cluster)
    vcenter = require_vcenter(check, site, cluster)
    source = cluster.hops.naming()
    zoning = Zoning(site, cluster, source or Hop(cluster.ref, "Cluster"), vcenter, tuple(domains))
    hidden: list[str] = []
    whole = {
        domain.name: domain for domain in domains if _judge_chain(check, zoning, domain, hidden, is_zoned=bool(source))
    }
    if hidden and not whole:
        conclude_hidden(check, hidden)
    members = [member for member in settled_machines(check, cluster) if machine_domain(member) in whole]
    for member in members:
        domain = whole[str(machine_domain(member))]
        if source:
            _judge_label(check, zoning, member, domain)
        if is_placed(vcenter, member):
            _judge_place(check, zoning, member, domain)
    conclude_hidden(check, hidden)
    conclude_joins(check, [member for member in members if not is_placed(vcenter, member)])


def _judge_chain(check: Check, zoning: Zoning, domain: FailureDomain, hidden: list[str], *, is_zoned: bool) -> bool:
    """Judge the objects from failureDomain to compute cluster; return whether its members can be judged."""
    zone_ref = zoning.cluster.management.ref("VSphereDeploymentZone", domain.name)
    check.examine(zone_ref)
    if domain.deployment_zone is None:
        _fail_missing(check, zone_ref, domain.name, domain.users)
        return False
    if domain.failure_domain is None:
        name = str(domain.deployment_zone.spec.get("failureDomain"))
        _fail_missing(
            check, zoning.cluster.management.ref("VSphereFailureDomain", name), name, (zone_ref, *domain.users)
        )
        return False
    _judge_ready(check, zoning, domain)
    if is_zoned:
        _judge_categories(check, zoning, domain)
    if domain.topology.get("computeCluster") and domain.compute(zoning.vcenter) is None:
        what = f"compute cluster {domain.topology['computeCluster']} of {domain.failure_domain.ref}"
        if may_hide(check, zoning.vcenter, what, *COMPUTE_TYPES, "Datacenter"):
            hidden.append(what)
            return False
        check.fail(
            domain.failure_domain,
            expected=f"a compute cluster {domain.topology['computeCluster']} in {domain.topology.get('datacenter')}",
            observed="no such compute cluster in the inventory that was read",
            message=f"{domain.failure_domain.ref} names a compute cluster that was not found",
            involves=domain.users,
        )
        return False
    return True


def _fail_missing(check: Check, ref: str, name: str, users: tuple[str, ...]) -> None:
    check.fail(
        ref,
        expected=f"{ref} exists",
        observed="no such object",
        message=f"failureDomain {name} leads to {ref}, which does not exist; CAPV clones no VM for it",
        involves=users,
    )


def _judge_ready(check: Check, zoning: Zoning, domain: FailureDomain) -> None:
    zone = domain.deployment_zone
    if zone is None:
        return
    condition = zone.condition("Ready")
    if (condition.is_true if condition else zone.status.get("ready") is True) and zone.status.get("ready") is not False:
        return
    details = (
        zone.condition(name) for name in ("VCenterAvailable", "PlacementConstraintReady", "FailureDomainValidated")
    )
    told = [each.describe() for each in details if each and not each.is_true] or [
        condition.describe() if condition else f"ready={zone.status.get('ready')}"
    ]
    levels = [domain.level(role) for role in ROLES]
    check.fail(
        zone,
        expected="Ready",
        observed="; ".join(told),
        message=f"{zone.ref} is not Ready: {'; '.join(told)}",
        involves=[
            *domain.refs,
            *(tag_ref(level.category, level.tag) for level in levels if level.tag),
            *(category_ref(level.category) for level in levels if level.category),
            *(carrier.ref for role in ROLES for carrier in domain.carriers(zoning.vcenter, role)),
            *_lenders(zoning, zone),
        ],
    )


def _lenders(zoning: Zoning, zone: KubernetesObject) -> list[str]:
    """The VSphereClusters with whose account CAPV may look at a deployment zone: those on the same vCenter.

    Source: cluster-api-provider-vsphere controllers/vspheredeploymentzone_controller.go `getVCenterSession`.
    """
    available = zone.condition("VCenterAvailable")
    if available is None or available.is_true:
        return []
    clusters = zoning.cluster.management.all("VSphereCluster")
    return [each.ref for each in clusters if each.spec.get("server") == zone.spec.get("server")]


def _judge_categories(check: Check, zoning: Zoning, domain: FailureDomain) -> None:
    """The categories of CAPV and of CPI and CSI have to be the same."""
    for role in ROLES:
        declared, read = domain.level(role).category, zoning.value(role)
        found = zoning.classified(role)
        if found is not None and not found.is_category:
            read = zoning.effective(role)
        if declared and read and declared != read and domain.failure_domain:
            check.fail(
                domain.failure_domain,
                expected=f"{role}.tagCategory {read}, as the cloud provider and the CSI driver are configured",
                observed=f"{role}.tagCategory {declared}",
                message=f"{domain.failure_domain.ref} tells the {role} by category {declared}, the drivers by {read}",
                involves=[zoning.setting(role), category_ref(read), category_ref(declared)],
            )


def _judge_label(check: Check, zoning: Zoning, member: Member, domain: FailureDomain) -> None:
    node = member.node
    wanted = domain.level(ZONE).tag
    label = node.labels.get(node_keys(zoning).zone) if node else None
    if node is None or not label or member.node_transition:
        return
    check.examine(node)
    if label != wanted:
        check.fail(
            node,
            expected=f"zone label {wanted}, the zone of failureDomain {domain.name}",
            observed=f"zone label {label}",
            message=f"{node.ref} is labelled zone {label} and belongs to failureDomain {domain.name} (zone {wanted})",
            involves=[*dependencies(zoning, member, "cpi"), *domain.refs],
        )


def _judge_place(check: Check, zoning: Zoning, member: Member, domain: FailureDomain) -> None:
    vm, vcenter = member.vm, zoning.vcenter
    wanted, actual = domain.compute(vcenter), vcenter.compute_of(vm)
    if vm is None or wanted is None:
        return
    check.examine(vm)
    if actual is not wanted:
        check.fail(
            vm,
            expected=f"in {wanted.ref}, the place of failureDomain {domain.name}",
            observed=actual.ref if actual else "no known compute cluster",
            message=f"{vm.ref} of {member.ref} is not in the compute cluster of failureDomain {domain.name}",
            involves=[*dependencies(zoning, member, "cpi"), *domain.refs],
        )
