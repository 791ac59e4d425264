"""OVA-1: exactly one template answers what the cluster asks for, and the Cluster carries the TKr asked for."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.ova.imagery import VM, Imagery
from tkg_conformance.conformance.ova.pools import Pool
from tkg_conformance.conformance.ova.releases import judge_release
from tkg_conformance.conformance.subjects import conclude_hidden, conclude_sight, may_hide
from tkg_conformance.fixtures.models.builds import same_build
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("OVA-1")
def test_one_template_matches(check: Check, site: Site, cluster: Cluster) -> None:
    imagery = Imagery(check, site, cluster)
    wanted = imagery.configured()
    if wanted:
        check.not_applicable(f"VSPHERE_TEMPLATE of {cluster.name} names {wanted}; OVA-4 and OVA-5 judge it")
    if not cluster.intent.is_known:
        check.note(f"the site file names no configuration of {cluster.name}; VSPHERE_TEMPLATE is taken as not set")
    hidden: list[str] = []
    for pool in check.each(imagery.pools):
        found = imagery.candidates(pool)
        if not found:
            _none(check, imagery, pool, hidden)
        elif len(found) > 1:
            _several(check, imagery, pool)
    judge_release(check, cluster, imagery.version)
    conclude_hidden(check, hidden)
    conclude_sight(check, [imagery.vcenter], VM)


def _none(check: Check, imagery: Imagery, pool: Pool, hidden: list[str]) -> None:
    what = f"a template of {pool.version} for {pool.query}"
    if may_hide(check, imagery.vcenter, what, VM):
        hidden.append(what)
        return
    plain = [each for each in imagery.fitting(pool) if not each.is_template]
    versions = sorted({each.version for each in imagery.images})
    likely = [each for each in imagery.images if same_build(each.version, pool.version)]
    resolved = str(pool.reference.get("moid") or "")
    seen = f"VERSION values seen: {', '.join(versions)}" if versions else "no VM carries the properties of an image"
    only = f"; only plain VMs do: {', '.join(each.path for each in plain)}" if plain else ""
    check.fail(
        pool,
        expected="exactly one template",
        observed=f"none{only}; {seen}",
        message=f"no template in {imagery.datacenter} answers {pool.name}: {pool.version}, {pool.query}{only}",
        involves=[
            *(imagery.ref(each.moid) for each in (*plain, *likely)),
            *([imagery.ref(resolved)] if resolved else []),
        ],
    )


def _several(check: Check, imagery: Imagery, pool: Pool) -> None:
    found = imagery.candidates(pool)
    check.fail(
        pool,
        expected="exactly one template",
        observed=", ".join(f"{each.path} ({each.version}, {each.system})" for each in found),
        message=f"{len(found)} templates answer {pool.name} ({pool.version}, {pool.query}); TKG takes any, silently",
        involves=[*(imagery.ref(each.moid) for each in found), imagery.setting(pool)],
    )
