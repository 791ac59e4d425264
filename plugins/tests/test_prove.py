from __future__ import annotations

import re
from typing import Any, cast

import pytest

from plugins.tests.rows import result
from tkg_conformance.fixtures.faults import Fault
from tkg_conformance.plugins.prove import Prover, Verdicts, shortcoming
from tkg_conformance.reports.records import Verdict

NO_LAB = cast("Any", object())
HEALTHY: Verdicts = {
    ("ZONE-3", "site"): result("ZONE-3", Verdict.PASS),
    ("ZONE-8", "dev/wl1"): result("ZONE-8", Verdict.PASS, scope="dev/wl1"),
    ("ZONE-9", "dev/wl1"): result("ZONE-9", Verdict.PASS, scope="dev/wl1"),
}
FAULT = Fault(
    id="zone-tag-detached",
    requirement="ZONE-3",
    sentence="the zone tag of cluster2 was detached",
    object="ClusterComputeResource /dc0/host/cluster2",
    apply=lambda lab: lambda: None,
    consequences={"ZONE-9": "FAIL"},
    settle_s=0,
)


def seen(**verdicts: Verdict) -> Verdicts:
    rows = dict(HEALTHY)
    for name, verdict in verdicts.items():
        id_ = name.replace("_", "-")
        (key,) = [each for each in HEALTHY if each[0] == id_]
        objects = ("ClusterComputeResource /dc0/host/cluster2",) if verdict is Verdict.FAIL else ()
        rows[key] = result(id_, verdict, *objects, scope=key[1])
    return rows


@pytest.mark.parametrize(
    ("after", "short"),
    [
        (seen(ZONE_3=Verdict.FAIL), ""),
        (seen(ZONE_3=Verdict.FAIL, ZONE_8=Verdict.BLOCKED), ""),
        (seen(ZONE_3=Verdict.FAIL, ZONE_9=Verdict.FAIL), ""),
        (seen(), "ZONE-3 is PASS instead of FAIL"),
        (seen(ZONE_3=Verdict.INCONCLUSIVE), "ZONE-3 is INCONCLUSIVE instead of FAIL"),
        (seen(ZONE_3=Verdict.FAIL, ZONE_8=Verdict.FAIL), r"ZONE-8 \[dev/wl1\] became FAIL without being a declared"),
        (
            {**HEALTHY, ("ZONE-3", "site"): result("ZONE-3", Verdict.FAIL, "Datacenter /dc0")},
            "no finding names ClusterComputeResource /dc0/host/cluster2; named were Datacenter /dc0",
        ),
    ],
)
def test_what_counts_as_detected(after: Verdicts, short: str) -> None:
    said = shortcoming(FAULT, HEALTHY, after)
    assert (said == "") == (short == "")
    if short:
        assert re.search(short, said)


def test_a_fault_is_reverted_and_health_demanded_again() -> None:
    done: list[str] = []
    looks = iter([HEALTHY, seen(ZONE_3=Verdict.FAIL), seen(ZONE_3=Verdict.FAIL), HEALTHY])

    def apply(lab: object) -> Any:
        done.append("applied")
        return lambda: done.append("reverted")

    fault = Fault("f", "ZONE-3", "s", FAULT.object, apply, settle_s=5)
    proof = Prover(NO_LAB, lambda: next(looks), sleep=lambda seconds: None).prove(fault, HEALTHY)
    assert done == ["applied", "reverted"]
    assert (proof.before, proof.observed, proof.after, proof.detected) == ("PASS", "FAIL", "PASS", True)


def test_a_fault_that_is_not_found_is_missed_and_still_reverted() -> None:
    done: list[str] = []

    def apply(lab: object) -> Any:
        return lambda: done.append("reverted")

    fault = Fault("f", "ZONE-3", "s", FAULT.object, apply, settle_s=0)
    proof = Prover(NO_LAB, lambda: HEALTHY, sleep=lambda seconds: None).prove(fault, HEALTHY)
    assert (proof.detected, done) == (False, ["reverted"])
    assert proof.why.startswith("ZONE-3 is PASS instead of FAIL")


def test_a_check_that_crashes_while_looking_still_reverts() -> None:
    done: list[str] = []

    def look() -> Verdicts:
        raise OSError("vCenter is gone")

    fault = Fault("f", "ZONE-3", "s", FAULT.object, lambda lab: lambda: done.append("reverted"), settle_s=0)
    with pytest.raises(OSError, match="vCenter is gone"):
        Prover(NO_LAB, look).prove(fault, HEALTHY)
    assert done == ["reverted"]
