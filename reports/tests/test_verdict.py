"""The run's verdict: the table of the design, exhaustively."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.tests import sample
from tkg_conformance.reports.causes import causes_of, natural, root_causes
from tkg_conformance.reports.records import Examined, Level, Result, RunState, RunVerdict, Verdict
from tkg_conformance.reports.verdict import (
    EFFECTS,
    PRECEDENCE,
    Claim,
    Effect,
    ExitCode,
    area_claims,
    exit_code,
    headline,
    run_verdict,
    worst,
)

GOOD, BAD, OPEN = RunVerdict.CERTIFIED, RunVerdict.NOT_CERTIFIED, RunVerdict.INCOMPLETE
BESIDE_A_PASS = {
    Verdict.PASS: GOOD,
    Verdict.FAIL: BAD,
    Verdict.BLOCKED: BAD,
    Verdict.KNOWN_LIMIT: GOOD,
    Verdict.LIMIT_NOT_OBSERVED: GOOD,
    Verdict.UNSUPPORTED: GOOD,
    Verdict.DOC_CONFLICT: GOOD,
    Verdict.NOT_APPLICABLE: GOOD,
    Verdict.INCONCLUSIVE: OPEN,
    Verdict.NOT_RUN: OPEN,
}
COMPLETED = RunState.COMPLETED


def row(
    verdict: Verdict,
    *,
    identifier: str = "ZONE-1",
    area: str = "zone",
    level: Level = Level.REQUIRED,
    selected: bool = True,
    scope: str = "site",
    blocked_by: str | None = None,
) -> Result:
    return Result(
        id=identifier,
        title="a title",
        area=area,
        level=level,
        scope=scope,
        verdict=verdict,
        reason="a reason",
        examined=Examined(1, ("x",)),
        findings=(sample.MISSING_TAG,) if verdict is Verdict.FAIL else (),
        selected=selected,
        blocked_by=blocked_by,
    )


PASSED = row(Verdict.PASS, identifier="ZONE-99")
rows_strategy = st.lists(
    st.builds(
        row,
        st.sampled_from(Verdict),
        identifier=st.sampled_from(["ZONE-1", "ZONE-2", "OVA-1"]),
        area=st.sampled_from(["zone", "ova"]),
        level=st.sampled_from(Level),
        selected=st.booleans(),
        scope=st.sampled_from(["site", "dev/wl1"]),
        blocked_by=st.sampled_from([None, "ZONE-1", "OVA-1"]),
    ),
    max_size=12,
)


def test_every_verdict_has_an_effect_and_a_place() -> None:
    assert set(EFFECTS) == set(Verdict)
    assert sorted(PRECEDENCE) == sorted(Verdict)


@pytest.mark.parametrize(("verdict", "level", "selected"), list(product(Verdict, Level, (True, False))))
def test_table_beside_a_passing_row(verdict: Verdict, level: Level, selected: bool) -> None:
    decides = level is Level.REQUIRED and selected
    found, reason = run_verdict([PASSED, row(verdict, level=level, selected=selected)], state=COMPLETED)
    assert found is (BESIDE_A_PASS[verdict] if decides else GOOD)
    assert ("ZONE-1" in reason) == (found is not GOOD)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_aborted_beats_everything(verdict: Verdict) -> None:
    assert run_verdict([row(verdict)], state=RunState.ABORTED)[0] is RunVerdict.ABORTED


def test_an_aborted_run_says_how_much_of_its_selection_was_judged() -> None:
    rows = [PASSED, row(Verdict.FAIL), row(Verdict.NOT_RUN, identifier="ZONE-2")]
    unselected = row(Verdict.PASS, identifier="ZONE-3", selected=False)
    _, reason = run_verdict([*rows, unselected], state=RunState.ABORTED)
    assert reason == "the run ended early, 2 of 3 selected rows were judged"


@given(rows_strategy)
def test_rules_hold_for_any_rows(rows: list[Result]) -> None:
    deciding = [each for each in rows if each.selected and each.level is Level.REQUIRED]
    effects = {EFFECTS[each.verdict] for each in deciding}
    verdict, reason = run_verdict(rows, state=COMPLETED)
    assert (verdict is BAD) == (Effect.NOT_CERTIFIED in effects)
    if Effect.INCOMPLETE in effects:
        assert verdict in (BAD, OPEN)
    if verdict is GOOD:
        assert any(each.verdict is not Verdict.NOT_APPLICABLE for each in deciding)
    assert reason


@given(rows_strategy.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_order_changes_nothing(pair: tuple[list[Result], list[Result]]) -> None:
    rows, shuffled = pair
    assert run_verdict(rows, state=COMPLETED)[0] is run_verdict(shuffled, state=COMPLETED)[0]


@given(rows_strategy)
def test_no_violation_goes_unmentioned(rows: list[Result]) -> None:
    mentioned = {each.row for each in root_causes(rows)} | {c for each in root_causes(rows) for c in each.consequences}
    wrong = {each for each in rows if each.selected and each.verdict in (Verdict.FAIL, Verdict.BLOCKED)}
    assert wrong <= mentioned


@given(rows_strategy)
def test_claims_agree_with_the_run(rows: list[Result]) -> None:
    claims = {claim.claim for claim in area_claims(rows)}
    verdict, _ = run_verdict(rows, state=COMPLETED)
    assert (Claim.NOT_CERTIFIED in claims) == (verdict is BAD)
    assert (Claim.INCOMPLETE in claims and Claim.NOT_CERTIFIED not in claims) <= (verdict is OPEN)
    assert (verdict is GOOD) <= (Claim.CERTIFIED in claims)


def test_nothing_selected_is_said() -> None:
    verdict, reason = run_verdict([row(Verdict.FAIL, selected=False)], state=COMPLETED)
    assert (verdict, exit_code(verdict, selected=0)) == (OPEN, ExitCode.NOTHING_SELECTED)
    assert "nothing was selected" in reason
    assert run_verdict([], state=COMPLETED) == (verdict, reason)


def test_nothing_applicable_certifies_nothing() -> None:
    verdict, reason = run_verdict([row(Verdict.NOT_APPLICABLE)], state=COMPLETED)
    assert verdict is OPEN
    assert "not claimed: zone" in reason


def test_area_without_an_applicable_row_is_not_claimed() -> None:
    other = row(Verdict.NOT_APPLICABLE, identifier="OVA-1", area="ova")
    unselected = row(Verdict.NOT_RUN, identifier="DSC-1", area="datastore", selected=False)
    verdict, reason = run_verdict([PASSED, other, unselected], state=COMPLETED)
    assert verdict is GOOD
    assert reason.endswith("; not claimed: ova")
    found = {claim.area: claim.claim for claim in area_claims([PASSED, other, unselected])}
    assert found == {"zone": Claim.CERTIFIED, "ova": Claim.NOT_CLAIMED, "datastore": Claim.NOT_SELECTED}


def test_a_claim_counts_selected_rows_by_verdict_and_the_others_apart() -> None:
    passed = [row(Verdict.PASS, identifier=f"ZONE-{number}") for number in range(1, 4)]
    left_out = [row(Verdict.NOT_RUN, identifier=f"ZONE-{number}", selected=False) for number in range(4, 9)]
    (claim,) = area_claims([*passed, *left_out])
    assert (claim.counts, claim.unselected) == ({Verdict.PASS: 3}, 5)


def test_advisory_rows_alone_claim_nothing() -> None:
    (claim,) = area_claims([row(Verdict.PASS, level=Level.ADVISORY)])
    assert claim.claim is Claim.NOT_CLAIMED


CAUSE = row(Verdict.FAIL)
BLOCKED = row(Verdict.BLOCKED, identifier="ZONE-8", scope="dev/wl1", blocked_by="ZONE-1")


@pytest.mark.parametrize(
    ("waiver", "expected"),
    [
        ({"requirement": "ZONE-1"}, RunVerdict.CERTIFIED_WITH_WAIVERS),
        ({"requirement": "ZONE-1", "scope": "site"}, RunVerdict.CERTIFIED_WITH_WAIVERS),
        ({"requirement": "ZONE-1", "objects": [sample.MISSING_TAG.object]}, RunVerdict.CERTIFIED_WITH_WAIVERS),
        ({"requirement": "ZONE-1", "scope": "dev/wl1"}, BAD),
        ({"requirement": "ZONE-1", "objects": ["another"]}, BAD),
        ({"requirement": "ZONE-8"}, BAD),
        ({}, BAD),
    ],
)
def test_waiver_accepts_a_violation_with_what_it_blocks(waiver: dict[str, object], expected: RunVerdict) -> None:
    assert run_verdict([CAUSE, BLOCKED, PASSED], state=COMPLETED, waivers=(waiver,))[0] is expected


@pytest.mark.parametrize(("count", "more"), [(1, ""), (5, ""), (6, " and 1 more"), (17, " and 12 more")])
def test_a_reason_names_five_requirements_and_counts_the_others(count: int, more: str) -> None:
    rows = [
        row(Verdict.FAIL, identifier=f"ZONE-{number}", scope=scope) for number in range(1, count + 1) for scope in "ab"
    ]
    named = ", ".join(f"ZONE-{number}" for number in range(1, min(count, 5) + 1))
    assert run_verdict(rows, state=COMPLETED) == (BAD, f"not as required: {named}{more}")


CREATION = {"phase": "deleting"}
PROBES = {"runs": [{"leftovers": ["Pod a"]}]}


@pytest.mark.parametrize(
    ("creation", "probes", "words"),
    [
        (CREATION, None, "its deletion has not come to its end"),
        (None, PROBES, "what probes created is not all gone, or not known to be (1 leftover)"),
        (CREATION, PROBES, "its deletion has not come to its end"),
    ],
)
def test_what_may_be_left_of_a_creation_or_of_a_probe_alone_keeps_from_certifying(
    creation: dict[str, object] | None, probes: dict[str, object] | None, words: str
) -> None:
    verdict, reason = run_verdict([PASSED], state=COMPLETED, creation=creation, probes=probes)
    assert verdict is OPEN
    assert words in reason.partition("; of the site: ")[0]
    assert run_verdict([CAUSE], state=COMPLETED, creation=creation, probes=probes)[0] is BAD


@pytest.mark.parametrize("verdict", [Verdict.INCONCLUSIVE, Verdict.NOT_RUN])
def test_waiver_never_accepts_missing_evidence(verdict: Verdict) -> None:
    assert run_verdict([row(verdict), PASSED], state=COMPLETED, waivers=({"requirement": "ZONE-1"},))[0] is OPEN


def test_cause_of_the_same_scope_comes_first() -> None:
    near, far = replace(CAUSE, scope="dev/wl1"), replace(CAUSE, scope="dev/wl2")
    assert causes_of(BLOCKED, [CAUSE, far, near]) == (near,)
    assert causes_of(BLOCKED, [far, CAUSE]) == (CAUSE,)
    assert causes_of(BLOCKED, [far]) == (far,)
    assert causes_of(BLOCKED, [PASSED]) == ()


def test_chain_of_causes_is_followed_to_its_root() -> None:
    last = row(Verdict.BLOCKED, identifier="ZONE-9", scope="dev/wl1", blocked_by="ZONE-8")
    assert causes_of(last, [CAUSE, BLOCKED, last]) == (CAUSE,)
    (cause,) = root_causes([CAUSE, BLOCKED, last])
    assert cause.consequences == (BLOCKED, last)
    circle = replace(BLOCKED, blocked_by="ZONE-9")
    assert causes_of(last, [circle, last]) == ()
    assert run_verdict([CAUSE, BLOCKED, last], state=COMPLETED, waivers=({"requirement": "ZONE-1"},))[0] is (
        RunVerdict.CERTIFIED_WITH_WAIVERS
    )


def test_a_violation_of_another_requirement_is_no_cause() -> None:
    second = row(Verdict.FAIL, identifier="ZONE-2")
    assert causes_of(replace(BLOCKED, blocked_by="ZONE-2"), [CAUSE, second]) == (second,)


def test_a_circle_hides_no_other_cause() -> None:
    last = row(Verdict.BLOCKED, identifier="ZONE-9", scope="dev/wl3", blocked_by="ZONE-8")
    circle = replace(BLOCKED, scope="dev/wl2", blocked_by="ZONE-9")
    assert causes_of(last, [CAUSE, BLOCKED, circle, last]) == (CAUSE,)


def test_unselected_cause_of_a_selected_row_is_shown() -> None:
    (cause,) = root_causes([replace(CAUSE, selected=False), BLOCKED])
    assert (cause.row.id, cause.consequences) == ("ZONE-1", (BLOCKED,))
    assert root_causes([replace(CAUSE, selected=False)]) == ()


def test_most_important_cause_comes_first() -> None:
    advisory = row(Verdict.FAIL, identifier="OVA-1", level=Level.ADVISORY)
    minor = row(Verdict.FAIL, identifier="ZONE-10")
    other = row(Verdict.FAIL, identifier="ZONE-9")
    found = [each.row.id for each in root_causes([advisory, minor, other, CAUSE, BLOCKED])]
    assert found == ["ZONE-1", "ZONE-9", "ZONE-10", "OVA-1"]


def test_the_cause_of_more_comes_first() -> None:
    second = row(Verdict.FAIL, identifier="ZONE-2")
    of_second = [row(Verdict.BLOCKED, identifier=f"ZONE-{number}", blocked_by="ZONE-2") for number in (5, 6)]
    assert [each.row.id for each in root_causes([CAUSE, BLOCKED, second, *of_second])] == ["ZONE-2", "ZONE-1"]


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (RunVerdict.CERTIFIED, 0),
        (RunVerdict.CERTIFIED_WITH_WAIVERS, 12),
        (RunVerdict.NOT_CERTIFIED, 1),
        (RunVerdict.INCOMPLETE, 10),
        (RunVerdict.ABORTED, 11),
    ],
)
def test_exit_codes_of_the_design(verdict: RunVerdict, code: int) -> None:
    assert exit_code(verdict, selected=3) == code
    assert exit_code(verdict, selected=3, interrupted=True) == 2


def test_an_abort_before_the_selection_is_no_empty_selection() -> None:
    assert exit_code(RunVerdict.ABORTED, selected=0) is ExitCode.ABORTED


def test_exit_codes_that_no_verdict_has() -> None:
    assert {each.name: each.value for each in ExitCode if each not in (0, 1, 10, 11, 12)} == {
        "INTERRUPTED": 2,
        "INTERNAL_ERROR": 3,
        "USAGE": 4,
        "NOTHING_SELECTED": 5,
    }


def test_headline_names_selection_simulation_and_what_is_not_claimed() -> None:
    assert headline(sample.certified_site()) == (
        "CERTIFIED: zone, identity; 3 of 12 requirements; not claimed: identity"
    )
    assert headline(sample.every_verdict()).startswith("NOT CERTIFIED (SIMULATED SITE): zone, identity; 11 of 12")
    for kind, simulated, said in (("bundle", True, True), ("bundle", False, False), ("site", None, False)):
        bundle = replace(sample.certified_site(), environment={"kind": kind, "simulated": simulated})
        assert ("SIMULATED SITE" in headline(bundle)) is said


def test_worst_speaks_for_several_scopes() -> None:
    assert worst([Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.BLOCKED]) is Verdict.BLOCKED
    assert sorted(["ZONE-10", "ZONE-2", "IDENT-1"], key=natural) == ["IDENT-1", "ZONE-2", "ZONE-10"]
    assert natural("ZONE-x") == natural("ZONE-0")
