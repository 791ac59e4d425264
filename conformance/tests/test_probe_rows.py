"""What the live rows make of what probes saw: proof, a finding, or nothing that is proven."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conformance.tests.builder import ZONES, Sample, healthy
from conformance.tests.judging import catalogue, functions
from conformance.tests.multios_site import LINUX_IMAGE, PACKAGE, TKR, WINDOWS_IMAGE, WINDOWS_NODE, WL2, multi_os
from tkg_conformance.fixtures.observation.model import SecondLook
from tkg_conformance.fixtures.observation.views import Site, SiteIndex
from tkg_conformance.fixtures.probes.model import (
    Caller,
    IdentityTrial,
    NodeReading,
    Outcome,
    Probe,
    ProbeRun,
    Probes,
    SeenEvent,
    TkrReading,
    Volume,
    WatchedNode,
    WatchedTkr,
)
from tkg_conformance.fixtures.probes.targets import Target, targets
from tkg_conformance.fixtures.site_model import SiteFile
from tkg_conformance.plugins.engine import Judge
from tkg_conformance.reports.records import Result, Verdict

WL1 = "dev/wl1"
START, END = "2026-11-22T12:00:05Z", "2026-11-22T12:20:05Z"


def run(probe: Probe, scope: str, outcome: Outcome = Outcome.COMPLETED, **seen: Any) -> ProbeRun:
    reason = "" if outcome is Outcome.COMPLETED else "within 60 s: this was seen last"
    return ProbeRun(probe, scope, START, END, 60.0, outcome, reason, **seen)


def judged(sample: Sample, requirement: str, scope: str, *runs: ProbeRun) -> Result:
    probes = Probes("schema", "0", "digest", runs)
    found = Judge(sample.build(), catalogue(), functions(), probes).result(requirement, scope)
    assert not found.crashed, found.reason
    return found


def reading(ready: str = "True", since: str = "2026-11-22T11:00:00Z", uid: str = "u1") -> NodeReading:
    return NodeReading(START, ready, since, "KubeletReady" if ready == "True" else "NodeStatusUnknown", uid)


def soak(*readings: NodeReading, outcome: Outcome = Outcome.COMPLETED, **seen: Any) -> ProbeRun:
    return run(Probe.NODES, WL2, outcome, nodes=(WatchedNode(WINDOWS_NODE, readings, END),), **seen)


FLAP = (reading(), reading("Unknown", "2026-11-22T12:05:00Z"), reading("True", "2026-11-22T12:06:00Z"))


def test_nodes_that_stay_ready_pass() -> None:
    found = judged(multi_os(), "DVPG-7", WL2, soak(reading()))
    assert (found.verdict, found.examined.objects) == (Verdict.PASS, (f"Node {WL2}/{WINDOWS_NODE}",))


@pytest.mark.parametrize("outcome", [Outcome.COMPLETED, Outcome.INTERRUPTED, Outcome.FAILED])
def test_a_flap_fails_with_its_times_however_the_watch_ended(outcome: Outcome) -> None:
    event = SeenEvent(f"Node {WINDOWS_NODE}", "2026-11-22T12:05:01Z", "NodeNotReady", "not ready")
    found = judged(multi_os(), "DVPG-7", WL2, soak(*FLAP, outcome=outcome, events=(event,)))
    assert found.verdict is Verdict.FAIL
    (finding,) = found.findings
    assert finding.object == f"Node {WL2}/{WINDOWS_NODE}"
    assert "Ready Unknown (NodeStatusUnknown) since 2026-11-22T12:05:00Z" in finding.observed
    assert "NodeNotReady at 2026-11-22T12:05:01Z" in finding.observed
    assert finding.evidence == f"probes.json: nodes {WL2}, {START} to {END}"


def test_a_flap_on_a_promiscuous_port_group_is_its_consequence() -> None:
    sample = multi_os()
    group = sample.inventory["DistributedVirtualPortgroup:multi-os"]["props"]["config.defaultPortConfig"]
    group["security"]["allowPromiscuous"]["value"] = group["mac"]["allowPromiscuous"] = True
    found = judged(sample, "DVPG-7", WL2, soak(*FLAP))
    assert (found.verdict, found.blocked_by) == (Verdict.BLOCKED, "DVPG-2"), found.reason


def test_a_flap_that_a_probe_saw_needs_no_second_look() -> None:
    sample = multi_os()
    first = sample.build()
    seen = replace(first, second=SecondLook(started=END, changed=(f"Node {WL2}/{WINDOWS_NODE}",)))
    probes = Probes("schema", "0", "digest", (soak(*FLAP),))
    assert Judge(seen, catalogue(), functions(), probes).result("DVPG-7", WL2).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("watch", "words"),
    [
        (soak(reading(), outcome=Outcome.INTERRUPTED), "did not come to its end"),
        (soak(reading(since="2026-11-22T12:15:00Z")), "only since 2026-11-22T12:15:00Z"),
        (soak(reading(), reading(uid="u2")), "removed or replaced while it was watched"),
        (soak(reading(), reading("", "", uid="")), "removed or replaced while it was watched"),
        (run(Probe.NODES, WL2), "was not seen by the probe"),
    ],
)
def test_a_watch_that_tells_too_little_proves_nothing(watch: ProbeRun, words: str) -> None:
    found = judged(multi_os(), "DVPG-7", WL2, watch)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert words in found.reason


def test_a_probe_without_anything_to_probe_is_as_none() -> None:
    found = judged(multi_os(), "DVPG-7", WL2, run(Probe.NODES, WL2, Outcome.NOTHING))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "watch it with --probe nodes" in found.reason


def tkr_reading(images: tuple[str, ...], manager: str, version: str = "1", when: str = "12:10:00") -> TkrReading:
    edits = ({"manager": manager, "time": f"2026-11-22T{when}Z", "fields": ["osImages"]},)
    return TkrReading(START, version, images, (PACKAGE,), edits)


WHOLE = tkr_reading((LINUX_IMAGE, WINDOWS_IMAGE), "kubectl-edit", when="11:59:00")
OVERWRITTEN = tkr_reading((LINUX_IMAGE,), "manager", "2")


def tkr_watch(*readings: TkrReading) -> ProbeRun:
    return run(Probe.TKR, "site", tkrs=(WatchedTkr(TKR, readings, END),))


def test_an_edit_that_a_watch_saw_survive_passes_though_it_is_young() -> None:
    sample = multi_os()
    for edit in sample.find("TanzuKubernetesRelease", TKR).metadata["edits"]:
        edit["time"] = "2026-11-22T11:59:00Z"
    assert judged(sample, "MOS-7", "site").verdict is Verdict.INCONCLUSIVE
    assert judged(sample, "MOS-7", "site", tkr_watch(WHOLE)).verdict is Verdict.PASS


def test_a_write_between_two_readings_is_not_taken_for_a_survival() -> None:
    again = tkr_reading((LINUX_IMAGE, WINDOWS_IMAGE), "kubectl-edit", "3")
    found = judged(multi_os(), "MOS-7", "site", tkr_watch(WHOLE, again))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "kubectl-edit at 2026-11-22T12:10:00Z" in found.reason


def test_a_short_watch_proves_no_more_than_none() -> None:
    short = replace(soak(reading(since="2026-11-22T11:52:00Z")), started="2026-11-22T12:20:00Z")
    assert judged(multi_os(), "DVPG-7", WL2, short).verdict is Verdict.INCONCLUSIVE
    long_ready = replace(soak(reading(since="2026-11-22T11:00:00Z")), started="2026-11-22T12:20:00Z")
    assert judged(multi_os(), "DVPG-7", WL2, long_ready).verdict is Verdict.PASS


@pytest.mark.parametrize("after", [(), (replace(WHOLE, resource_version="3"),)], ids=["gone", "restored"])
def test_an_overwrite_names_who_wrote(after: tuple[TkrReading, ...]) -> None:
    found = judged(multi_os(), "MOS-7", "site", tkr_watch(WHOLE, OVERWRITTEN, *after))
    assert found.verdict is Verdict.DOC_CONFLICT, "the page promises that the controller never does"
    assert "manager at 2026-11-22T12:10:00Z, resourceVersion 2" in found.findings[0].observed
    by_hand = replace(OVERWRITTEN, edits=tkr_reading((), "kubectl-edit").edits)
    assert judged(multi_os(), "MOS-7", "site", tkr_watch(WHOLE, by_hand)).verdict is Verdict.FAIL


def caller(system: str, code: int | None = 0, **more: Any) -> Caller:
    values: dict[str, Any] = {
        "system": system,
        "pod": f"probe/{system}",
        "node": f"wl2-{system}",
        "phase": "Running",
        "serves": True,
        "serving": "2026-11-22T12:01:00Z",
        "exit_code": code,
        "called": "2026-11-22T12:05:00Z" if code is not None else "",
        "told": "TIMEOUT" if code else "",
    }
    return Caller(**(values | more))


def traffic(*callers: Caller, outcome: Outcome = Outcome.COMPLETED) -> ProbeRun:
    return run(Probe.TRAFFIC, WL2, outcome, callers=callers)


def test_two_calls_that_came_through_pass() -> None:
    found = judged(multi_os(), "MOS-20", WL2, traffic(caller("linux"), caller("windows")))
    assert (found.verdict, found.examined.count) == (Verdict.PASS, 2)


def test_a_call_that_fails_while_the_other_serves_is_a_finding() -> None:
    run_ = traffic(caller("linux", 1), caller("windows"), outcome=Outcome.OUT_OF_TIME)
    found = judged(multi_os(), "MOS-20", WL2, run_)
    assert found.verdict is Verdict.FAIL
    (finding,) = found.findings
    assert finding.message == "the linux Pod on wl2-linux does not reach the windows Pod on wl2-windows"
    assert "TIMEOUT" in finding.observed


@pytest.mark.parametrize(
    "run_",
    [
        traffic(caller("linux", None), caller("windows", None), outcome=Outcome.OUT_OF_TIME),
        traffic(caller("linux", 1), caller("windows", serves=False), outcome=Outcome.OUT_OF_TIME),
        traffic(caller("linux", 1, called="2026-11-22T12:00:30Z"), caller("windows"), outcome=Outcome.OUT_OF_TIME),
        traffic(caller("linux", 1), caller("windows"), outcome=Outcome.INTERRUPTED),
        traffic(caller("linux"), outcome=Outcome.FAILED),
        traffic(outcome=Outcome.REFUSED),
    ],
    ids=["not-ended", "other-does-not-serve", "called-too-early", "interrupted", "failed", "refused"],
)
def test_calls_that_tell_too_little_prove_nothing(run_: ProbeRun) -> None:
    found = judged(multi_os(), "MOS-20", WL2, run_)
    assert (found.verdict, found.reason) == (
        Verdict.INCONCLUSIVE,
        "the probe traffic proves nothing: within 60 s: this was seen last",
    )


def shared() -> Sample:
    """Return the site with shared storage declared."""
    sample = healthy()
    sample.intents[WL1]["config"]["VSPHERE_STORAGE_POLICY_ID"] = "gold"
    return sample


def volume(zone: str, claim: str = "Bound", pod: str = "Succeeded", told: str = "") -> Volume:
    return Volume(zone, f"probe/{zone}", claim, "pvc-1", f"probe/{zone}", pod, "node", told)


def volumes(*tried: Volume, outcome: Outcome = Outcome.COMPLETED, **seen: Any) -> ProbeRun:
    return run(Probe.VOLUMES, WL1, outcome, volumes=tried, **seen)


def test_a_volume_written_in_every_zone_passes() -> None:
    found = judged(shared(), "ZONE-13", WL1, volumes(*map(volume, ZONES)))
    assert found.verdict is Verdict.PASS, found.reason
    assert [judged(shared(), "ZONE-13", WL1).verdict] == [Verdict.INCONCLUSIVE]


def test_a_zone_without_a_usable_datastore_is_a_finding_by_what_csi_says() -> None:
    event = SeenEvent("PersistentVolumeClaim zone-b", END, "ProvisioningFailed", "x: No compatible datastore found y")
    tried = [volume("zone-a"), volume("zone-b", "Pending", "Pending"), volume("zone-c")]
    found = judged(shared(), "ZONE-13", WL1, volumes(*tried, outcome=Outcome.OUT_OF_TIME, events=(event,)))
    assert found.verdict is Verdict.FAIL
    assert [each.object for each in found.findings] == ["zone zone-b"]
    failed = [volume("zone-a"), volume("zone-b", pod="Failed", told="read-only file system"), volume("zone-c")]
    assert "read-only" in judged(shared(), "ZONE-13", WL1, volumes(*failed)).findings[0].observed


@pytest.mark.parametrize(
    ("tried", "words"),
    [
        ([volume("zone-a"), volume("zone-b", "Pending", "Pending"), volume("zone-c")], "this was seen last"),
        ([volume("zone-a"), volume("zone-b", "Bound", "Running"), volume("zone-c")], "this was seen last"),
    ],
    ids=["pending", "merely-running"],
)
def test_a_zone_that_is_not_done_proves_nothing(tried: list[Volume], words: str) -> None:
    found = judged(shared(), "ZONE-13", WL1, volumes(*tried, outcome=Outcome.OUT_OF_TIME))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert words in found.reason


def test_a_zone_that_was_not_tried_proves_nothing() -> None:
    found = judged(shared(), "ZONE-13", WL1, volumes(volume("zone-a"), volume("zone-b")))
    assert (found.verdict, "zone zone-c has no Linux worker" in found.reason) == (Verdict.INCONCLUSIVE, True)


def trial(outcome: Outcome = Outcome.COMPLETED, **seen: bool) -> ProbeRun:
    return run(Probe.IDENTITY, "site", outcome, identity=IdentityTrial("throw-away", "capv-system/throw-away", **seen))


def test_a_secret_that_goes_with_its_identity_passes() -> None:
    gone = trial(is_taken_up=True, is_deleted=True, is_secret_gone=True)
    assert judged(healthy(), "IDENT-14", "site", gone).verdict is Verdict.PASS


def test_a_secret_that_stays_is_a_finding() -> None:
    found = judged(healthy(), "IDENT-14", "site", trial(Outcome.OUT_OF_TIME, is_taken_up=True, is_deleted=True))
    assert found.verdict is Verdict.FAIL
    assert found.findings[0].object == "Secret management/capv-system/throw-away"


@pytest.mark.parametrize(
    "run_",
    [trial(Outcome.OUT_OF_TIME), trial(Outcome.INTERRUPTED, is_taken_up=True, is_deleted=True), trial(Outcome.REFUSED)],
)
def test_an_identity_that_was_not_taken_up_or_not_awaited_proves_nothing(run_: ProbeRun) -> None:
    assert judged(healthy(), "IDENT-14", "site", run_).verdict is Verdict.INCONCLUSIVE


def wanted(sample: Sample, *probes: Probe, **more: Any) -> list[Target]:
    return targets(SiteFile.model_validate(more.pop("site", {})), Site(SiteIndex.of(sample.build())), probes, **more)


def test_what_is_probed_follows_from_the_observation() -> None:
    (unknown,) = wanted(multi_os(), Probe.VOLUMES, clusters=[WL1])
    assert "no StorageClass, or several" in unknown.nothing
    site = {"probes": {"storage_class": "default"}}
    found = {(each.probe, each.scope): each for each in wanted(multi_os(), *Probe, site=site)}
    assert {key for key, each in found.items() if not each.nothing} == {
        (Probe.TKR, "site"),
        (Probe.NODES, WL2),
        (Probe.TRAFFIC, WL2),
        (Probe.VOLUMES, WL1),
        (Probe.IDENTITY, "site"),
    }
    assert found[Probe.VOLUMES, WL1].values == ZONES
    assert found[Probe.TKR, "site"].paths[0][1].endswith(f"/tanzukubernetesreleases/{TKR}")
    assert found[Probe.NODES, WL1].nothing == f"{WL1} has no Windows Node"
    assert found[Probe.IDENTITY, "site"].namespace == "capv-system"
    assert [each.seconds for each in wanted(multi_os(), Probe.NODES, clusters=[WL2], seconds=7.0)] == [7.0]


def test_the_time_of_the_tkr_follows_the_discovery_period() -> None:
    site = {"profile": {"discovery_period_s": 60}}
    assert [each.seconds for each in wanted(multi_os(), Probe.TKR, site=site)] == [120.0]
    assert [each.seconds for each in wanted(multi_os(), Probe.TKR)] == [1200.0]
