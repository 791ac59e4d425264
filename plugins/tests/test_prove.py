from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import jsonschema
import pytest

from plugins.tests.rows import result
from tkg_conformance.fixtures.errors import LabError, UsageError
from tkg_conformance.fixtures.faults import Fault
from tkg_conformance.plugins import proofs
from tkg_conformance.plugins import prove as proving
from tkg_conformance.plugins import prover as prover_module
from tkg_conformance.plugins.prove import Wanted, units
from tkg_conformance.plugins.prover import Prover, Stopped, Verdicts, shortcoming
from tkg_conformance.reports import proof as stored
from tkg_conformance.reports.errors import ResultsError
from tkg_conformance.reports.records import Verdict

NO_LAB = cast("Any", object())
CLUSTER2 = "ClusterComputeResource /dc0/host/cluster2"
HEALTHY: Verdicts = {
    ("ZONE-3", "site"): result("ZONE-3", Verdict.PASS),
    ("ZONE-8", "dev/wl1"): result("ZONE-8", Verdict.PASS, scope="dev/wl1"),
    ("ZONE-9", "dev/wl1"): result("ZONE-9", Verdict.PASS, scope="dev/wl1"),
}


def fault(id_: str = "zone-tag-detached", requirement: str = "ZONE-3", **changes: Any) -> Fault:
    settings: dict[str, Any] = {"object": CLUSTER2, "apply": lambda lab: lambda: None, "settle_s": 0, **changes}
    return Fault(id=id_, requirement=requirement, sentence="the zone tag of cluster2 was detached", **settings)


FAULT = fault(consequences={"ZONE-9": "FAIL"})
OTHER = fault("node-relabelled", "ZONE-9", object="Node dev/wl1/a", scope="dev/wl1")


def seen(**verdicts: Verdict) -> Verdicts:
    rows = dict(HEALTHY)
    for name, verdict in verdicts.items():
        id_ = name.replace("_", "-")
        (key,) = [each for each in HEALTHY if each[0] == id_]
        objects = (CLUSTER2,) if verdict is Verdict.FAIL else ()
        rows[key] = result(id_, verdict, *objects, scope=key[1])
    return rows


def prover(looks: Callable[[], Verdicts], stop: threading.Event | None = None) -> Prover:
    return Prover(NO_LAB, looks, HEALTHY, stop=stop)


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("POLL_S", "HEAL_S"):
        monkeypatch.setattr(f"tkg_conformance.plugins.prover.{name}", 0.0)


@pytest.mark.parametrize(
    ("after", "short"),
    [
        (seen(ZONE_3=Verdict.FAIL), ""),
        (seen(ZONE_3=Verdict.FAIL, ZONE_8=Verdict.BLOCKED), ""),
        (seen(ZONE_3=Verdict.FAIL, ZONE_9=Verdict.FAIL), ""),
        (seen(), "ZONE-3 is PASS instead of FAIL"),
        (seen(ZONE_3=Verdict.INCONCLUSIVE), "ZONE-3 is INCONCLUSIVE instead of FAIL"),
        (seen(ZONE_3=Verdict.FAIL, ZONE_8=Verdict.FAIL), r"ZONE-8 \[dev/wl1\] became FAIL without being a declared"),
        (seen(ZONE_3=Verdict.FAIL, ZONE_9=Verdict.INCONCLUSIVE), r"ZONE-9 \[dev/wl1\] became INCONCLUSIVE without"),
        (
            {**HEALTHY, ("ZONE-3", "site"): result("ZONE-3", Verdict.FAIL, "Datacenter /dc0")},
            "no finding names ClusterComputeResource /dc0/host/cluster2; named were Datacenter /dc0",
        ),
        ({key: row for key, row in HEALTHY.items() if key[0] != "ZONE-3"}, "ZONE-3 was not judged for site"),
    ],
)
def test_what_counts_as_detected(after: Verdicts, short: str) -> None:
    said = shortcoming(FAULT, HEALTHY, after)
    assert (said == "") == (short == "")
    if short:
        assert re.search(short, said)


def test_a_finding_has_to_quote_the_controller_where_the_fault_says_so() -> None:
    found = seen(ZONE_3=Verdict.FAIL)
    said = found["ZONE-3", "site"].findings[0].message
    assert shortcoming(fault(quotes=said), HEALTHY, found) == ""
    missing = shortcoming(fault(quotes="CloningFailed"), HEALTHY, found)
    assert missing.startswith(f"no finding quotes 'CloningFailed'; said was {said}")


@pytest.mark.parametrize(
    ("pattern", "is_named"),
    [("VSphereVM dev/wl1-extra-*", True), ("VSphereVM dev/wl2-*", False), ("VSphereVM dev/wl1-extra-x7", True)],
)
def test_a_star_stands_for_what_a_controller_makes_up(pattern: str, is_named: bool) -> None:
    assert fault(object=pattern).is_named_in(["Node dev/wl1/a", "VSphereVM dev/wl1-extra-x7"]) is is_named


def test_what_follows_from_another_fault_of_the_batch_is_allowed_and_each_needs_its_own_object() -> None:
    both = seen(ZONE_3=Verdict.FAIL)
    both["ZONE-9", "dev/wl1"] = result("ZONE-9", Verdict.FAIL, "Node dev/wl1/a", scope="dev/wl1")
    assert shortcoming(OTHER, HEALTHY, both) != ""
    assert shortcoming(OTHER, HEALTHY, both, [FAULT]) == ""
    assert "no finding names Node dev/wl1/a" in shortcoming(
        OTHER, HEALTHY, seen(ZONE_3=Verdict.FAIL, ZONE_9=Verdict.FAIL), [FAULT]
    )


def test_a_new_cluster_counts_only_for_what_is_not_as_required() -> None:
    new = ("ZONE-8", "dev/wl3")
    good = {**seen(ZONE_3=Verdict.FAIL), new: result("ZONE-8", Verdict.PASS, scope="dev/wl3")}
    bad = {**good, new: result("ZONE-8", Verdict.FAIL, "Node dev/wl3/a", scope="dev/wl3")}
    assert shortcoming(FAULT, HEALTHY, good) == ""
    assert "ZONE-8 [dev/wl3] became FAIL" in shortcoming(FAULT, HEALTHY, bad)


def test_a_fault_is_reverted_and_health_demanded_again() -> None:
    done: list[str] = []
    looks = iter([HEALTHY, seen(ZONE_3=Verdict.FAIL), seen(ZONE_3=Verdict.FAIL), HEALTHY])

    def apply(lab: object) -> Any:
        done.append("applied")
        return lambda: done.append("reverted")

    (proof,) = prover(lambda: next(looks)).prove([fault(apply=apply, settle_s=5)])
    assert done == ["applied", "reverted"]
    # The lab was not healthy at once after the revert, and waiting for it is over (see HEAL_S above).
    assert (proof.before, proof.observed, proof.after, proof.detected) == ("PASS", "FAIL", "FAIL", False)
    assert proof.why == "not healthy again after the revert: ZONE-3 [site] FAIL"


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (Verdict.LIMIT_NOT_OBSERVED, ""),
        (Verdict.KNOWN_LIMIT, ""),
        (Verdict.PASS, "became PASS without"),
        (Verdict.FAIL, "became FAIL without"),
    ],
)
def test_which_way_a_limit_is_measured_may_be_chance(now: Verdict, why: str) -> None:
    key = ("DSC-8", "dev/wl1")
    healthy = {**HEALTHY, key: result("DSC-8", Verdict.KNOWN_LIMIT, scope="dev/wl1")}
    found = {**seen(ZONE_3=Verdict.FAIL), key: result("DSC-8", now, scope="dev/wl1")}
    assert why in shortcoming(FAULT, healthy, found)
    assert (shortcoming(FAULT, healthy, found) == "") is (why == "")


def test_faults_of_a_batch_are_seeded_together_and_taken_back_in_reverse() -> None:
    done: list[str] = []

    def applying(name: str) -> Any:
        def apply(lab: object) -> Any:
            done.append(name)
            return lambda: done.append(f"no {name}")

        return apply

    both = seen(ZONE_3=Verdict.FAIL)
    both["ZONE-9", "dev/wl1"] = result("ZONE-9", Verdict.FAIL, "Node dev/wl1/a", scope="dev/wl1")
    looks = iter([both, HEALTHY])
    first = fault("a", apply=applying("a"), batch="machines")
    second = fault("b", "ZONE-9", object="Node dev/wl1/a", scope="dev/wl1", apply=applying("b"), batch="machines")
    found = prover(lambda: next(looks)).prove([first, second])
    assert done == ["a", "b", "no b", "no a"]
    assert [(each.id, each.detected) for each in found] == [("a", True), ("b", True)]


@pytest.mark.parametrize("error", [kind("vCenter is gone") for kind in (OSError, LabError, KeyError)])
def test_what_breaks_off_is_missed_says_why_and_is_reverted(error: Exception) -> None:
    done: list[str] = []

    def look() -> Verdicts:
        raise error

    (proof,) = prover(look).prove([fault(apply=lambda lab: lambda: done.append("reverted"))])
    assert (proof.detected, done) == (False, ["reverted"])
    assert "vCenter is gone" in proof.why


def test_a_fault_that_cannot_be_seeded_costs_no_other_of_its_batch() -> None:
    def refuse(lab: object) -> Any:
        raise LabError("the tag is gone")

    looks = iter([seen(ZONE_3=Verdict.FAIL), HEALTHY])
    bad, good = prover(lambda: next(looks)).prove([fault("bad", apply=refuse), fault("good")])
    assert (bad.detected, good.detected) == (False, True)
    assert bad.why == "it could not be seeded: LabError: the tag is gone"


def test_whoever_has_had_enough_gets_the_lab_back() -> None:
    stop, done = threading.Event(), []

    def look() -> Verdicts:
        stop.set()
        return HEALTHY

    with pytest.raises(Stopped):
        prover(look, stop).prove([fault(apply=lambda lab: lambda: done.append("reverted"), settle_s=60)])
    assert done == ["reverted"]


class Clock:
    """A clock that only moves when something takes its time, and an event that is waited for on it."""

    def __init__(self) -> None:
        self.now = 0.5

    def monotonic(self) -> float:
        return self.now

    def taking(self, seconds: float, value: Any = None) -> Callable[..., Any]:
        def take(*_arguments: object) -> Any:
            self.now += seconds
            return value

        return take

    @property
    def event(self) -> Any:
        return SimpleNamespace(wait=lambda seconds: self.taking(seconds, value=False)())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(prover_module, "time", found)
    for name, seconds in (("POLL_S", 2.0), ("HEAL_S", 4.0)):
        monkeypatch.setattr(prover_module, name, seconds)
    return found


@pytest.mark.parametrize(("settle_s", "looks"), [(0, 1), (2, 2), (3, 3), (4, 3), (5, 4)])
def test_a_fault_is_looked_for_until_its_time_is_over(clock: Clock, settle_s: float, looks: int) -> None:
    looked = 0

    def look() -> Verdicts:
        nonlocal looked
        looked += 1
        return HEALTHY

    (proof,) = prover(look, clock.event).prove([fault(settle_s=settle_s)])
    assert (proof.detected, looked) == (False, looks + 1)
    assert proof.why == "ZONE-3 is PASS instead of FAIL: seen"


@pytest.mark.parametrize(("unhealthy", "healed"), [(0, True), (1, True), (2, True), (3, False)])
def test_health_is_waited_for_as_long_as_it_may_take(clock: Clock, unhealthy: int, healed: bool) -> None:
    found = seen(ZONE_3=Verdict.FAIL)
    looks = iter([found, *[found] * unhealthy, HEALTHY])
    (proof,) = prover(lambda: next(looks), clock.event).prove([fault()])
    assert proof.detected is healed
    assert len(list(looks)) == (0 if healed else 1)


def test_one_fault_of_a_batch_does_not_wait_for_another(clock: Clock) -> None:
    only_second = {**HEALTHY, ("ZONE-9", "dev/wl1"): result("ZONE-9", Verdict.FAIL, "Node dev/wl1/a", scope="dev/wl1")}
    looks = iter([only_second, seen(ZONE_3=Verdict.FAIL), HEALTHY])
    faults = [fault(settle_s=9), replace(OTHER, settle_s=9)]
    assert [each.detected for each in prover(lambda: next(looks), clock.event).prove(faults)] == [True, True]


def test_a_proof_says_where_its_time_went(clock: Clock) -> None:
    looks = iter([HEALTHY, seen(ZONE_3=Verdict.FAIL), HEALTHY])

    def look() -> Verdicts:
        clock.now += 1.234
        return next(looks)

    apply = clock.taking(0.353, value=clock.taking(0.126))
    (proof,) = prover(look, clock.event).prove([fault(apply=apply, settle_s=9)])
    spent = proof.spent
    assert (spent.applying_s, spent.looking_s, spent.waiting_s, spent.reverting_s) == (0.35, 3.69, 4.0, 0.13)
    assert proof.duration_s == 8.18


def test_a_proof_keeps_what_was_seen_of_the_fault_and_what_followed() -> None:
    found = seen(ZONE_8=Verdict.FAIL, ZONE_3=Verdict.BLOCKED, ZONE_9=Verdict.INCONCLUSIVE)
    looks = iter([found, HEALTHY])
    shown = fault(requirement="ZONE-8", scope="dev/wl1", consequences={"ZONE-9": "INCONCLUSIVE"})
    (proof,) = prover(lambda: next(looks)).prove([shown])
    assert proof.detected
    assert (proof.observed, proof.after) == ("FAIL", "PASS")
    assert proof.findings == (f"{CLUSTER2}: {found['ZONE-8', 'dev/wl1'].findings[0].message}",)
    assert proof.consequences == {"ZONE-3 site": "BLOCKED", "ZONE-9 dev/wl1": "INCONCLUSIVE"}


def test_a_requirement_may_be_blocked_by_another_fault_of_the_batch_only() -> None:
    by_other = replace(result("ZONE-9", Verdict.BLOCKED, "Node dev/wl1/a", scope="dev/wl1"), blocked_by="ZONE-3")
    rows = {**seen(ZONE_3=Verdict.FAIL), ("ZONE-9", "dev/wl1"): by_other}
    assert shortcoming(OTHER, HEALTHY, rows, [FAULT]) == ""
    assert "ZONE-9 is BLOCKED instead of FAIL" in shortcoming(OTHER, HEALTHY, rows)
    elsewhere = {**rows, ("ZONE-9", "dev/wl1"): replace(by_other, blocked_by="ZONE-8")}
    assert "ZONE-9 is BLOCKED instead of FAIL" in shortcoming(OTHER, HEALTHY, elsewhere, [FAULT])


def test_the_longest_come_first_and_a_batch_is_one_unit() -> None:
    faults = [fault("a"), fault("b", batch="m"), fault("c", settle_s=30), fault("d", batch="m", settle_s=90)]
    assert [[each.id for each in unit] for unit in units(faults)] == [["b", "d"], ["c"], ["a"]]


def found_by(id_: str, *, detected: bool) -> stored.FaultProof:
    return stored.FaultProof(id_, "ZONE-3", "site", "s", CLUSTER2, "FAIL", "PASS", "FAIL", "PASS", detected, "")


@pytest.fixture
def labs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, list[str]]:
    """Two labs that do not exist: what each was asked to prove, by folder; the fault that is called `missed` is."""
    asked: dict[str, list[str]] = {}
    every = [fault(each) for each in ("a", "b", "missed", "c")]

    class Asked:
        def __init__(self, folder: Path) -> None:
            self.tried = asked.setdefault(folder.name, [])

        def __enter__(self) -> Asked:
            return self

        def __exit__(self, *_exc: object) -> None:
            return None

        def prove(self, unit: tuple[Fault, ...]) -> list[stored.FaultProof]:
            self.tried += [each.id for each in unit]
            return [found_by(each.id, detected=each.id != "missed") for each in unit]

    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "site.yaml").touch()
    monkeypatch.setattr(proving, "load_faults", lambda catalogue: every)
    monkeypatch.setattr(proving, "_prover", lambda work, folder, stop: Asked(folder))
    monkeypatch.setattr(proofs, "_folder", lambda: tmp_path / "cache")
    return asked


def prove(tmp_path: Path, **wanted: Any) -> stored.Proof:
    labs = (tmp_path / "one", tmp_path / "two")
    return proving.prove(Wanted(labs=labs, **wanted), tmp_path / "out", lambda proof: None)


def test_labs_share_the_faults_and_a_whole_proof_is_kept(labs: dict[str, list[str]], tmp_path: Path) -> None:
    proof = prove(tmp_path)
    assert sorted(labs["one"] + labs["two"]) == ["a", "b", "c", "missed"]
    assert (proof.score.detected, proof.score.seeded, proof.score.selected) == (3, 4, 4)
    assert (proof.score.proven, proof.score.judged) == (0, 1)
    document = json.loads((tmp_path / "out" / "proof.json").read_text())
    jsonschema.validate(document, stored.schema())
    kept = proofs.for_results(None)
    assert kept is not None
    assert kept.same_suite
    assert stored.detection(kept).startswith("detection shown in simulation: 3 of 4 faults (suite ")


def test_a_former_proof_stays_where_no_lab_can_be_used(labs: dict[str, list[str]], tmp_path: Path) -> None:
    prove(tmp_path)
    former = (tmp_path / "out" / "proof.json").read_bytes()
    (tmp_path / "one" / "site.yaml").unlink()
    with pytest.raises(UsageError, match="There is no running lab in"):
        prove(tmp_path)
    assert (tmp_path / "out" / "proof.json").read_bytes() == former


def test_a_folder_that_cannot_hold_the_proof_is_told_first(labs: dict[str, list[str]], tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="The proof would be lost: cannot write"):
        prove(tmp_path)
    assert labs == {}


def test_a_resumed_proof_tries_what_is_open_or_was_missed(labs: dict[str, list[str]], tmp_path: Path) -> None:
    prove(tmp_path, faults=("a", "missed"))
    assert proofs.for_results(None) is None
    for tried in labs.values():
        tried.clear()
    proof = prove(tmp_path, resume=True)
    assert sorted(labs["one"] + labs["two"]) == ["b", "c", "missed"]
    assert [each.id for each in proof.faults] == ["a", "b", "missed", "c"]


def test_a_proof_of_another_suite_is_not_resumed(labs: dict[str, list[str]], tmp_path: Path) -> None:
    prove(tmp_path)
    path = tmp_path / "out" / "proof.json"
    document = json.loads(path.read_text())
    document["suite"]["digest"] = "0" * 64
    path.write_text(json.dumps(document))
    with pytest.raises(UsageError, match="is of another suite or lab"):
        prove(tmp_path, resume=True)
    with pytest.raises(UsageError, match="There is no proof to resume in"):
        proving.prove(Wanted(resume=True), tmp_path / "nowhere", lambda proof: None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the proof is no complete JSON"),
        ("{}", "this is no proof: its key schema is None"),
        ('{"schema": "tkg-conformance/proof/v9"}', "this is a proof of another version"),
        ('{"schema": "tkg-conformance/proof/v1"}', "the proof lacks suite"),
    ],
)
def test_a_file_that_is_no_proof_is_refused_in_one_sentence(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    path.write_text(content)
    with pytest.raises(ResultsError, match=re.escape(said)):
        stored.load(path)
    with pytest.raises(UsageError, match=r"--tkg-proof: .*proof.json"):
        proofs.for_results(path)
