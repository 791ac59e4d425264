"""MOS-14: each machine deployment runs on an image of its own operating system."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.multios.guests import family_of
from tkg_conformance.conformance.multios.images import place_ref
from tkg_conformance.conformance.subjects import conclude_joins, require_vcenter, settled_machines
from tkg_conformance.conformance.systems import require_windows, wanted_system
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject, VCenterView
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("MOS-14")
def test_machines_use_own_image(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    vcenter = require_vcenter(check, site, cluster)
    unresolved = []
    for member in settled_machines(check, cluster):
        if member.vm is None:
            unresolved.append(member)
            continue
        check.examine(member.vm)
        _judge(check, vcenter, cluster, member, member.vm)
    conclude_joins(check, unresolved)


def _judge(check: Check, vcenter: VCenterView, cluster: Cluster, member: Member, vm: InventoryObject) -> None:
    wanted = wanted_system(cluster, member)
    template = _template(vcenter, member)
    told = [("its guest OS", vm)] + ([("its template", template)] if template else [])
    deployment = member.owner.deployment or member.owner.control_plane
    for what, thing in told:
        family = family_of(thing)
        if family is None:
            check.note(f"vCenter tells no guest OS of {thing.ref}")
        elif family != wanted:
            check.fail(
                vm,
                expected=f"a {wanted} image, as {deployment.ref if deployment else 'the control plane'} asks for",
                observed=f"{what}: {thing.props.get('config.guestId')} ({thing.path})",
                message=f"{vm.ref} of a {wanted} machine runs on a {family} image",
                involves=[
                    cluster.ref,
                    place_ref(cluster, member),
                    *([deployment] if deployment else []),
                    *([template] if template else []),
                ],
            )
            return


def _template(vcenter: VCenterView, member: Member) -> InventoryObject | None:
    """Return the template that the VM was cloned from, None if it is not there any more or has several namesakes."""
    path = member.vsphere_vm.spec.get("template") if member.vsphere_vm else None
    found = vcenter.find(str(path), "VirtualMachine") if path else []
    return found[0] if len(found) == 1 else None
