"""OVA-12: machines that were created later stem from the same image as the first of their pool."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.ova.imagery import Imagery
from tkg_conformance.conformance.ova.pools import Pool
from tkg_conformance.conformance.ova.provenance import origin_of
from tkg_conformance.conformance.subjects import settled_machines
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("OVA-12")
def test_later_machines_use_image(check: Check, site: Site, cluster: Cluster) -> None:
    imagery = Imagery(check, site, cluster)
    members = settled_machines(check, cluster)
    unknown: list[str] = []
    compared = False
    for pool in imagery.pools:
        own = sorted((each for each in members if pool.holds(each)), key=_created)
        if len({_created(each) for each in own}) > 1:
            compared = True
            _judge(check, imagery, pool, own, unknown)
    if not compared:
        check.not_applicable(f"no pool of {cluster.name} has Machines of different age")
    if unknown:
        check.note(f"nothing tells the source of {', '.join(unknown)}: listed, not judged")
    if unknown and not check.examined.count:
        check.inconclusive(f"nothing tells from which image the later Machines of {cluster.name} were cloned")


def _judge(check: Check, imagery: Imagery, pool: Pool, members: list[Member], unknown: list[str]) -> None:
    """Compare each Machine with the first of its version; the intended image decides if the first's is not known."""
    intended = imagery.intended(pool)
    first: dict[str | None, str] = {}
    for member in members:
        origin, version = origin_of(imagery, member), member.owner.version
        if origin is None or member.machine is None:
            unknown.append(member.ref)
            continue
        check.examine(member.machine)
        expected = first.setdefault(version, origin.moid or (intended[0] if intended else ""))
        if expected and not origin.is_from(imagery, expected):
            check.fail(
                member.machine,
                expected=f"{imagery.ref(expected)}, as for the first Machine of {pool.name}",
                observed=origin.evidence,
                message=f"{member.machine.ref} was created later, from another image: {origin.evidence}",
                involves=[*member.objects, imagery.ref(expected), imagery.ref(origin.moid), pool.ref],
            )


def _created(member: Member) -> str:
    return member.machine.created if member.machine else ""
