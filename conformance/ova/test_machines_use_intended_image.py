"""OVA-6: control plane, machine deployments and their VMs are cloned from the intended image, compared by MoRef."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tkg_conformance.conformance.ova.imagery import VM, Imagery
from tkg_conformance.conformance.ova.naming import hint
from tkg_conformance.conformance.ova.pools import Pool
from tkg_conformance.conformance.subjects import conclude_hidden, may_hide, settled_machines
from tkg_conformance.fixtures.models.names import TEMPLATE_MOID
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("OVA-6")
def test_machines_use_intended_image(check: Check, site: Site, cluster: Cluster) -> None:
    imagery = Imagery(check, site, cluster)
    members = settled_machines(check, cluster)
    hidden: list[str] = []
    by_resolver: list[bool] = []
    for pool in imagery.pools:
        intended = imagery.intended(pool)
        if intended is None:
            check.note(f"nothing says which image {pool.name} was meant to have: listed, not judged")
            continue
        for thing, wanted in _named(imagery, pool, members):
            check.examine(thing)
            _judge(check, imagery, pool, thing, wanted, intended, hidden, by_resolver)
        _judge_annotation(check, imagery, pool, intended[0])
    if not check.examined.count:
        check.inconclusive(
            f"neither VSPHERE_TEMPLATE nor a single matching image says which image {cluster.name} was meant to have"
        )
    if by_resolver and all(by_resolver):
        check.doc_conflict(
            "the page says that VSPHERE_TEMPLATE selects the image; on this class-based cluster the machines follow"
            " TKR_DATA, which the template resolver filled, and that is another image"
        )
    conclude_hidden(check, hidden)


def _named(imagery: Imagery, pool: Pool, members: list[Member]) -> Iterator[tuple[KubernetesObject, str]]:
    """Yield the objects of a pool that name a template: what Machines were made from, and each VSphereVM."""
    own = [member for member in members if pool.holds(member)]
    names = dict.fromkeys(filter(None, (member.owner.template for member in own)))
    made_from = [
        imagery.cluster.management.get("VSphereMachineTemplate", each, pool.resource.namespace) for each in names
    ]
    for template in dict.fromkeys((*([pool.template] if pool.template else []), *filter(None, made_from))):
        if template.at("spec.template.spec.template"):
            yield template, str(template.at("spec.template.spec.template"))
    for member in own:
        thing = member.vsphere_vm or member.vsphere_machine
        wanted = imagery.template_of(member)
        if thing is not None and wanted:
            yield thing, wanted


def _judge(
    check: Check,
    imagery: Imagery,
    pool: Pool,
    thing: KubernetesObject,
    wanted: str,
    intended: tuple[str, str],
    hidden: list[str],
    by_resolver: list[bool],
) -> None:
    lookup = imagery.find(wanted)
    moid, source = intended
    if lookup.only is not None and lookup.only.moid == moid:
        return
    if not lookup.machines and may_hide(check, imagery.vcenter, f"{VM} {wanted}", VM):
        hidden.append(f"{VM} {wanted}")
        return
    follows = lookup.only is not None and lookup.only.moid == pool.reference.get("moid")
    by_resolver.append(bool(follows and imagery.configured(pool) and imagery.cluster.is_class_based))
    observed = f"{lookup.only.path} ({lookup.only.moid})" if lookup.only else str(lookup.error)
    check.fail(
        thing,
        expected=f"{imagery.ref(moid)} ({moid}): {source}",
        observed=f"{wanted}: {observed}",
        message=f"{thing.ref} of {pool.name} names {wanted}, not {imagery.ref(moid)}{hint(wanted, imagery)}",
        involves=[
            pool.ref,
            imagery.setting(pool),
            imagery.ref(moid),
            *(imagery.ref(each.moid) for each in lookup.machines),
        ],
    )


def _judge_annotation(check: Check, imagery: Imagery, pool: Pool, moid: str) -> None:
    recorded = pool.template.annotations.get(TEMPLATE_MOID) if pool.template else None
    if not recorded or pool.template is None or recorded.removeprefix("VirtualMachine:") == moid:
        return
    check.fail(
        pool.template,
        expected=f"annotation {TEMPLATE_MOID} {moid}",
        observed=recorded,
        message=f"{pool.template.ref} was made for {imagery.ref(recorded)}, not for {imagery.ref(moid)}",
        involves=[imagery.ref(moid), imagery.setting(pool)],
    )
