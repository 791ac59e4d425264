"""IDENT-9: the cluster's VMs were created by the alternate account."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import identity_of, spoilt_username, username_of
from tkg_conformance.conformance.subjects import conclude_joins, require_vcenter, settled_machines
from tkg_conformance.fixtures.models.identity import same_account
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check

CREATION = ("VmClonedEvent", "VmDeployedEvent", "VmCreatedEvent", "VmBeingClonedEvent", "VmBeingDeployedEvent")
"""Events that record who made a VM (vSphere API, VmEvent)."""


@pytest.mark.requirement("IDENT-9")
def test_account_created_vms(check: Check, site: Site, cluster: Cluster) -> None:
    identity = identity_of(check, site, cluster)
    username = username_of(check, site, identity)
    vcenter = require_vcenter(check, site, cluster)
    members = settled_machines(check, cluster)
    aged_out = []
    for member in members:
        if member.vm is None:
            continue
        events = [event for event in vcenter.events(member.vm, CREATION) if event.user]
        if not events:
            aged_out.append(member.vm.ref)
            continue
        check.examine(member.vm)
        other = next((event for event in events if not same_account(event.user, username)), None)
        if other is not None:
            check.fail(
                member.vm,
                expected=f"created by {username}",
                observed=f"{other.type} at {other.time} by {other.user}",
                message=f"{member.vm.ref} was created by {other.user} at {other.time}, not by {username}",
                involves=[
                    *(ref.ref for ref in (cluster.vsphere_cluster, cluster.resource) if ref),
                    identity.ref,
                    *spoilt_username(site, identity),
                ],
            )
    if aged_out:
        check.note(f"the creation of {', '.join(aged_out)} is on record no more: listed, not judged")
    if not check.examined.count and aged_out:
        check.inconclusive(
            "vCenter keeps no event of the creation of any VM of the cluster; they age out after 30 days"
        )
    conclude_joins(check, [member for member in members if member.vm is None])
