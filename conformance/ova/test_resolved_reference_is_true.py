"""OVA-9: what the template resolver wrote into TKR_DATA still names one and the same template."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.ova.imagery import VM, Imagery
from tkg_conformance.conformance.ova.naming import hint
from tkg_conformance.conformance.ova.pools import Pool
from tkg_conformance.conformance.subjects import conclude_hidden, may_hide, require_class_based
from tkg_conformance.fixtures.models import ova
from tkg_conformance.fixtures.models.names import TKR_DATA
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("OVA-9")
def test_resolved_reference_is_true(check: Check, site: Site, cluster: Cluster) -> None:
    imagery = Imagery(check, site, cluster)
    require_class_based(check, cluster, "has no TKR_DATA that a resolver wrote")
    pools = [pool for pool in imagery.pools if pool.reference.get("template")]
    if not pools:
        check.not_applicable(f"{TKR_DATA} of {cluster.name} holds no osImageRef with a template")
    hidden: list[str] = []
    for pool in check.each(pools):
        _judge(check, imagery, pool, hidden)
    conclude_hidden(check, hidden)


def _judge(check: Check, imagery: Imagery, pool: Pool, hidden: list[str]) -> None:
    wanted = str(pool.reference["template"])
    moid = str(pool.reference.get("moid") or "").removeprefix("VirtualMachine:")
    version = str(pool.reference.get("version") or "")
    lookup = imagery.find(wanted)
    if not lookup.machines and may_hide(check, imagery.vcenter, f"{VM} {wanted}", VM):
        hidden.append(f"{VM} {wanted}")
        return
    if lookup.only is None:
        moved = f"; {moid} is now {imagery.vms[moid].path}" if moid in imagery.vms else hint(wanted, imagery)
        _fail(check, imagery, pool, f"{wanted} resolves to one template", f"{lookup.error}{moved}")
        return
    if moid and lookup.only.moid != moid:
        now = f"{lookup.only.moid}; {moid} is now {imagery.vms[moid].path if moid in imagery.vms else 'gone'}"
        _fail(check, imagery, pool, f"{wanted} is {moid}", f"it is {now}")
    properties = imagery.vms[lookup.only.moid].props.get("config.vAppConfig.property") or ()
    present = ova.properties_of(properties).get(ova.VERSION, "")
    if version and present != version:
        _fail(check, imagery, pool, f"VERSION {version}", f"VERSION of {wanted} is {present or 'missing'}")


def _fail(check: Check, imagery: Imagery, pool: Pool, expected: str, observed: str) -> None:
    wanted, moid = str(pool.reference["template"]), str(pool.reference.get("moid") or "")
    involved = [*(each.moid for each in imagery.find(wanted).machines), *([moid] if moid else [])]
    check.fail(
        pool,
        expected=expected,
        observed=observed,
        message=f"osImageRef in {TKR_DATA} for {pool.name} is stale: {observed}",
        involves=[
            imagery.cluster.ref,
            *([pool.template] if pool.template else []),
            *(imagery.ref(each) for each in involved),
        ],
    )
