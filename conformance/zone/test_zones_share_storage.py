"""ZONE-13: workers in a zone without its own storage use shared storage."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import conclude_joins, conclude_sight, is_placed
from tkg_conformance.conformance.zone.placement import zone_of
from tkg_conformance.conformance.zone.running import computes_in_use
from tkg_conformance.conformance.zone.zoning import Zoning, zoning_of
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.vcenter import COMPUTE_TYPES, InventoryObject
from tkg_conformance.fixtures.probes.model import Probe, ProbeRun, Volume
from tkg_conformance.reports.check import Check

_WRITTEN, _NOT_WRITTEN, _BOUND = "Succeeded", "Failed", "Bound"
# vsphere-csi-driver, issues 1864 and 3010.
_NO_STORAGE = ("failed to get shared datastores for topology requirement", "No compatible datastore found")


@pytest.mark.requirement("ZONE-13")
def test_zones_share_storage(check: Check, site: Site, cluster: Cluster) -> None:
    zoning = zoning_of(check, site, cluster)
    zones = _hosts_by_zone(zoning)
    if not zones:
        check.inconclusive(f"no host of {cluster.name} resolves to a zone, so its zones are not known; see ZONE-3")
    if len(zones) == 1:
        conclude_joins(check, (each for each in cluster.members if each.node and not is_placed(zoning.vcenter, each)))
        conclude_sight(check, [zoning.vcenter], *COMPUTE_TYPES, "HostSystem", "Tag")
        check.not_applicable(f"{cluster.name} runs in one zone, so no storage has to be shared between zones")
    datastores = {zone: _visible(zoning, hosts) for zone, hosts in zones.items()}
    shared = set.intersection(*datastores.values())
    without_own = [zone for zone, seen in sorted(datastores.items()) if not seen - _others(datastores, zone)]
    if not without_own and not cluster.intent.variable(variables.STORAGE_POLICY):
        check.not_applicable("every zone has a datastore of its own, and the intent declares no shared storage")
    for zone in sorted(zones):
        check.examine(f"zone {zone}")
    if not shared:
        conclude_sight(check, [zoning.vcenter], "Datastore", "HostSystem", "Tag")
        check.fail(
            f"zone {(without_own or sorted(zones))[0]}",
            expected="at least one datastore mounted by hosts of every zone",
            observed="; ".join(
                f"{zone}: {', '.join(sorted(seen)) or 'none'}" for zone, seen in sorted(datastores.items())
            ),
            message="no datastore is mounted in all zones of the cluster",
            involves=[
                *sorted(set.union(*datastores.values())),
                *(host.ref for hosts in zones.values() for host in hosts),
            ],
        )
        return
    check.note(f"mounted in all zones: {', '.join(sorted(shared))}")
    run = site.probe(Probe.VOLUMES, cluster.name)
    if run is None:
        check.inconclusive(
            "needs a live probe, a volume and a Pod pinned to each zone: --probe volumes, where the site file says"
            " allow: [probe]"
        )
    _judge_volumes(check, zones, shared, run)


def _judge_volumes(check: Check, zones: dict[str, list[InventoryObject]], shared: set[str], run: ProbeRun) -> None:
    """Judge each zone: its Pod wrote to its volume, or it is known why not; anything else proves nothing."""
    for event in run.events:
        check.note(f"{event.object}: {event.reason}: {event.message}")
    tried = {each.zone: each for each in run.volumes}
    open_zones = []
    for zone, hosts in sorted(zones.items()):
        volume = tried.get(zone)
        if volume is not None and volume.pod_phase == _WRITTEN and volume.claim_phase == _BOUND:
            check.note(f"zone {zone}: {volume.volume} was bound, mounted and written to on {volume.node}")
        elif volume is not None and (reason := _known_reason(volume, run)):
            check.fail(
                f"zone {zone}",
                expected="a volume that is bound, mounted and written to by a Pod in the zone",
                observed=f"claim {volume.claim_phase or 'unseen'}, Pod {volume.pod_phase or 'unseen'}: {reason}",
                message=f"no Pod in zone {zone} could use a volume of the StorageClass",
                involves=[*sorted(shared), *(host.ref for host in hosts)],
                evidence=run.evidence,
            )
        else:
            open_zones.append(zone)
    if open_zones and not check.findings:
        missing = [zone for zone in open_zones if zone not in tried]
        told = f"zone {missing[0]} has no Linux worker to try it on" if missing and not run.reason else run.reason
        check.inconclusive(f"the probe volumes proves nothing: {told}")


def _known_reason(volume: Volume, run: ProbeRun) -> str:
    """Return why a volume cannot be used, if that was said in so many words; "" else."""
    # Without its client's own words a Pod may have failed for anything, such as an eviction.
    if volume.pod_phase == _NOT_WRITTEN and volume.claim_phase == _BOUND and volume.told:
        return volume.told
    name = volume.claim.rpartition("/")[2]
    about = [each for each in run.events if each.object == f"PersistentVolumeClaim {name}"]
    return next((each.message for each in about if any(text in each.message for text in _NO_STORAGE)), "")


def _hosts_by_zone(zoning: Zoning) -> dict[str, list[InventoryObject]]:
    zones: dict[str, list[InventoryObject]] = {}
    for compute in computes_in_use(zoning):
        for host in zoning.vcenter.hosts_of(compute):
            zone = zone_of(zoning, host)
            if zone:
                zones.setdefault(zone, []).append(host)
    return zones


def _visible(zoning: Zoning, hosts: list[InventoryObject]) -> set[str]:
    return {
        datastore.ref
        for host in hosts
        for datastore in zoning.vcenter.datastores_of(host)
        if datastore.props.get("summary.accessible", True)
    }


def _others(datastores: dict[str, set[str]], zone: str) -> set[str]:
    return set[str]().union(*(seen for other, seen in datastores.items() if other != zone))
