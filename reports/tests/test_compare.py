"""What changed between two runs, rule by rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.tests import sample
from reports.tests.compared import aborted, objects, only, row, run, unobserved, with_clusters
from tkg_conformance.reports.compare import compare
from tkg_conformance.reports.comparison_records import Change, Sites
from tkg_conformance.reports.records import Examined, Level, Result, RunVerdict, Verdict

HELD = (Verdict.PASS, Verdict.LIMIT_NOT_OBSERVED, Verdict.KNOWN_LIMIT, Verdict.NOT_APPLICABLE)
QUOTED = (Verdict.DOC_CONFLICT, Verdict.UNSUPPORTED)
VIOLATIONS = (Verdict.FAIL, Verdict.BLOCKED)
UNDECIDED = (Verdict.INCONCLUSIVE, Verdict.NOT_RUN)


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_a_run_compared_with_itself_has_not_changed(name: str) -> None:
    results = sample.SAMPLES[name]()
    comparison = compare(results, results)
    assert (comparison.rows, comparison.environment, comparison.worse) == ((), (), False)


def test_rows_alike_are_counted_by_verdict_and_those_that_nobody_selected_not_at_all() -> None:
    before = run(row(Verdict.FAIL, "node-1"), row(Verdict.PASS, id_="ZONE-6"), sample.EVERY_VERDICT[-1])
    assert compare(before, before).unchanged == {"PASS": 1, "FAIL": 1}


@pytest.mark.parametrize("before", HELD)
@pytest.mark.parametrize("after", VIOLATIONS)
def test_a_violation_that_was_not_there_is_new_and_worse(before: Verdict, after: Verdict) -> None:
    changed = only(run(row(before)), run(row(after, "node-1")))
    assert (changed.before, changed.after, changed.change, changed.worse) == (before, after, Change.NEW, True)
    assert objects(changed) == {"node-1": Change.NEW}
    assert changed.objects[0].message == "node-1 is bad"


@pytest.mark.parametrize("before", VIOLATIONS)
@pytest.mark.parametrize("after", HELD[:3])
def test_a_violation_that_the_later_run_has_nothing_against_is_fixed(before: Verdict, after: Verdict) -> None:
    changed = only(run(row(before, "node-1")), run(row(after, examined=Examined(1, ("node-1",)))))
    assert (changed.change, changed.worse) == (Change.FIXED, False)
    assert objects(changed) == {"node-1": Change.FIXED}


def test_an_object_that_is_not_examined_any_more_is_gone() -> None:
    before, after = run(row(Verdict.FAIL, "node-1")), run(row(Verdict.PASS, examined=Examined(1, ("node-2",))))
    assert objects(only(before, after)) == {"node-1": Change.GONE}
    assert only(before, after).change is Change.FIXED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(Examined(1, ("node-1",)), Examined(300, ("node-2",)), id="the later list is cut"),
        pytest.param(Examined(1, ("all Nodes",)), Examined(1, ("all Nodes",)), id="a collection was examined"),
    ],
)
def test_an_object_is_not_said_to_be_gone_where_the_lists_do_not_tell(before: Examined, after: Examined) -> None:
    former, later = row(Verdict.FAIL, "node-1", examined=before), row(Verdict.PASS, examined=after)
    assert objects(only(run(former), run(later))) == {"node-1": Change.FIXED}


def test_a_violation_of_what_is_not_required_any_more_is_gone_with_the_reason() -> None:
    after = replace(row(Verdict.NOT_APPLICABLE), reason="no hop names a zone")
    changed = only(run(row(Verdict.FAIL)), run(after))
    assert (changed.change, changed.reason, changed.worse) == (Change.GONE, "no hop names a zone", False)
    assert objects(only(run(row(Verdict.FAIL, "node-1")), run(after))) == {"node-1": Change.GONE}


def test_objects_of_a_row_that_stays_broken_are_told_apart() -> None:
    before = run(row(Verdict.FAIL, "node-1", "node-2", "node-3"))
    after = run(row(Verdict.FAIL, "node-1", "node-4", examined=Examined(3, ("node-1", "node-2", "node-4"))))
    changed = only(before, after)
    assert (changed.change, changed.worse) == (Change.STILL_BROKEN, True)
    assert objects(changed) == {
        "node-1": Change.STILL_BROKEN,
        "node-2": Change.FIXED,
        "node-3": Change.GONE,
        "node-4": Change.NEW,
    }


def test_a_row_that_stays_broken_in_fewer_objects_is_not_worse() -> None:
    assert not only(run(row(Verdict.FAIL, "node-1", "node-2")), run(row(Verdict.FAIL, "node-1"))).worse


def test_another_message_about_the_same_objects_is_no_change() -> None:
    before, after = row(Verdict.FAIL, "node-1"), row(Verdict.FAIL, "node-1", message="has been bad for 3 s")
    assert compare(run(before), run(after)).rows == ()


def test_another_cause_of_the_same_objects_is_still_broken() -> None:
    changed = only(run(row(Verdict.FAIL, "node-1")), run(row(Verdict.BLOCKED, "node-1", blocked_by="ZONE-3")))
    assert (changed.change, changed.worse) == (Change.STILL_BROKEN, False)


@pytest.mark.parametrize("quoted", QUOTED)
def test_what_was_only_quoted_is_judged_otherwise_when_it_becomes_a_violation(quoted: Verdict) -> None:
    changed = only(run(row(quoted, "node-1")), run(row(Verdict.FAIL, "node-1")))
    assert (changed.change, changed.worse) == (Change.OTHER, True)
    assert objects(changed) == {"node-1": Change.OTHER}
    back = only(run(row(Verdict.FAIL, "node-1", "node-2")), run(row(quoted, "node-1")))
    assert (back.change, back.worse) == (Change.OTHER, False)
    assert objects(back) == {"node-1": Change.OTHER, "node-2": Change.GONE}
    assert only(run(row(quoted, "node-1")), run(row(Verdict.FAIL, "node-2"))).change is Change.NEW


def test_a_changed_word_without_a_violation_is_told_with_its_reason() -> None:
    after = replace(row(Verdict.NOT_APPLICABLE), reason="no hop names a zone")
    changed = only(run(row(Verdict.PASS)), run(after))
    assert (changed.change, changed.worse, changed.reason) == (Change.OTHER, False, "no hop names a zone")


@pytest.mark.parametrize("word", UNDECIDED)
@pytest.mark.parametrize("decided", [*HELD, *QUOTED])
def test_evidence_that_was_lost_cannot_be_told_and_is_worse(word: Verdict, decided: Verdict) -> None:
    lost = replace(row(word), reason="the site is out of sight")
    changed = only(run(row(decided)), run(lost))
    assert (changed.change, changed.worse) == (Change.CANNOT_TELL, True)
    assert changed.reason == f"{word} now: the site is out of sight"
    found = only(run(lost), run(row(decided)))
    assert (found.change, found.worse) == (Change.CANNOT_TELL, False)
    assert found.reason == f"{word} before: the site is out of sight"


@pytest.mark.parametrize("word", UNDECIDED)
def test_whether_a_violation_is_new_or_fixed_cannot_be_told_beside_missing_evidence(word: Verdict) -> None:
    appeared = only(run(row(word)), run(row(Verdict.FAIL, "node-1")))
    assert (appeared.change, appeared.worse) == (Change.CANNOT_TELL, True)
    assert objects(appeared) == {"node-1": Change.CANNOT_TELL}
    vanished = only(run(row(Verdict.FAIL, "node-1")), run(row(word, "node-2")))
    assert (vanished.change, vanished.worse) == (Change.CANNOT_TELL, False)
    assert objects(vanished) == {"node-1": Change.CANNOT_TELL, "node-2": Change.CANNOT_TELL}


def test_two_ways_not_to_decide_cannot_be_told() -> None:
    crash = replace(row(Verdict.NOT_RUN), reason="the check crashed: KeyError", crashed=True)
    changed = only(run(row(Verdict.INCONCLUSIVE)), run(crash))
    assert (changed.change, changed.worse) == (Change.CANNOT_TELL, False)
    assert changed.reason == "INCONCLUSIVE before: seen; NOT-RUN now: the check crashed: KeyError"


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.FAIL, Verdict.NOT_RUN])
def test_what_one_run_did_not_select_cannot_be_told_whatever_it_says(verdict: Verdict) -> None:
    outside = row(verdict, selected=False)
    changed = only(run(outside), run(row(Verdict.FAIL, "node-1")))
    assert (changed.change, changed.reason, changed.worse) == (Change.CANNOT_TELL, "not selected before", True)
    dropped = only(run(row(Verdict.PASS)), run(outside))
    assert (dropped.change, dropped.reason, dropped.worse) == (Change.CANNOT_TELL, "not selected now", False)
    assert objects(dropped) == {}


@pytest.mark.parametrize("level", [Level.ADVISORY, Level.LIVE])
@pytest.mark.parametrize("after", [Verdict.FAIL, Verdict.INCONCLUSIVE])
def test_what_is_not_required_is_shown_and_does_not_count(level: Level, after: Verdict) -> None:
    comparison = compare(run(row(Verdict.PASS, level=level)), run(row(after, level=level)))
    assert [each.worse for each in comparison.rows] == [False]
    assert comparison.rows[0].level == level


def test_a_violation_that_came_to_be_required_is_worse_and_says_why() -> None:
    advisory, required = row(Verdict.FAIL, "node-1", level=Level.ADVISORY), row(Verdict.FAIL, "node-1")
    changed = only(run(advisory), run(required))
    assert (changed.change, changed.worse) == (Change.STILL_BROKEN, True)
    assert (changed.reason, changed.level) == ("required now, advisory before", "required")
    assert not only(run(required), run(advisory)).worse


WAIVER = {"requirement": "ZONE-8", "expires": "2026-12-31"}


def test_a_violation_that_was_waived_meanwhile_is_still_broken() -> None:
    failed = row(Verdict.FAIL, "node-1")
    changed = only(run(failed), run(failed, waivers=(WAIVER,)))
    assert (changed.change, changed.worse, changed.reason) == (Change.STILL_BROKEN, False, "waived now")


def test_a_violation_that_is_no_longer_waived_is_worse() -> None:
    failed = row(Verdict.FAIL, "node-1")
    changed = only(run(failed, waivers=(WAIVER,)), run(failed))
    assert (changed.change, changed.worse, changed.reason) == (Change.STILL_BROKEN, True, "no longer waived")


def test_a_new_violation_is_worse_although_it_is_waived_but_not_a_further_object_of_it() -> None:
    one, two = row(Verdict.FAIL, "node-1"), row(Verdict.FAIL, "node-1", "node-2")
    held = run(row(Verdict.PASS))
    changed = only(held, run(one, waivers=(WAIVER,)))
    assert (changed.change, changed.worse, changed.reason) == (Change.NEW, True, "waived now")
    assert not only(run(one, waivers=(WAIVER,)), run(two, waivers=(WAIVER,))).worse
    assert only(run(one, waivers=(WAIVER,)), held).reason == "it was waived"


def test_missing_evidence_weighs_more_than_a_waived_violation() -> None:
    changed = only(run(row(Verdict.FAIL, "node-1"), waivers=(WAIVER,)), run(row(Verdict.INCONCLUSIVE)))
    assert (changed.change, changed.worse) == (Change.CANNOT_TELL, True)


def in_cluster(verdict: Verdict, *names: str) -> Result:
    return row(verdict, *names, scope="dev/wl2")


def test_a_cluster_that_came_brings_new_violations_and_other_rows() -> None:
    before = run(row(Verdict.PASS))
    environment = with_clusters("dev/wl1", "dev/wl2")
    changed = only(before, run(row(Verdict.PASS), in_cluster(Verdict.FAIL, "node-1"), environment=environment))
    assert (changed.before, changed.after, changed.change, changed.worse) == ("", "FAIL", Change.NEW, True)
    assert changed.reason == "dev/wl2 was not among the clusters before"
    assert objects(changed) == {"node-1": Change.NEW}
    held = only(before, run(row(Verdict.PASS), in_cluster(Verdict.PASS), environment=environment))
    assert (held.change, held.worse) == (Change.OTHER, False)
    unknown = only(before, run(row(Verdict.PASS), in_cluster(Verdict.INCONCLUSIVE), environment=environment))
    assert (unknown.change, unknown.worse) == (Change.CANNOT_TELL, True)


def test_a_cluster_that_went_takes_its_violations_along() -> None:
    environment = with_clusters("dev/wl1", "dev/wl2")
    after = run(row(Verdict.PASS))
    changed = only(run(row(Verdict.PASS), in_cluster(Verdict.FAIL, "node-1"), environment=environment), after)
    assert (changed.before, changed.after, changed.change, changed.worse) == ("FAIL", "", Change.GONE, False)
    assert changed.reason == "dev/wl2 was not among the clusters now"
    assert objects(changed) == {"node-1": Change.GONE}
    undecided = run(row(Verdict.PASS), in_cluster(Verdict.INCONCLUSIVE), environment=environment)
    assert compare(undecided, after).rows == ()


def test_a_requirement_that_only_one_suite_knows_cannot_be_told() -> None:
    older = replace(run(row(Verdict.PASS)), catalogue=tuple(each for each in sample.CATALOGUE if each.id != "ZONE-6"))
    newer = run(row(Verdict.PASS), row(Verdict.FAIL, "node-1", id_="ZONE-6"))
    changed = only(older, newer)
    assert (changed.before, changed.change, changed.worse) == ("", Change.CANNOT_TELL, True)
    assert changed.reason == "not a requirement of the suite before"
    assert only(newer, older).reason == "not a requirement of the suite now"


def test_a_requirement_that_is_judged_in_another_scope_now_cannot_be_told() -> None:
    before, after = row(Verdict.PASS, scope="dev/wl1"), replace(row(Verdict.PASS), scope="site")
    assert {each.reason for each in compare(run(before), run(after)).rows} == {
        "not judged in this scope before",
        "dev/wl1 was not among the clusters now",
    }


def test_nothing_can_be_told_of_a_run_that_observed_nothing() -> None:
    comparison = compare(run(row(Verdict.PASS), row(Verdict.FAIL, "node-1", id_="ZONE-6")), unobserved())
    assert (comparison.sites, comparison.worse) == (Sites.UNKNOWN, True)
    told = [(each.id, each.after, each.change, each.worse) for each in comparison.rows]
    assert told == [("ZONE-6", "NOT-RUN", Change.CANNOT_TELL, False), ("ZONE-8", "NOT-RUN", Change.CANNOT_TELL, True)]
    assert comparison.rows[0].reason == "nothing was observed now: the site was lost"
    assert [each.what for each in comparison.environment] == ["selection", "looked at"]
    assert not compare(unobserved(), run(row(Verdict.PASS))).worse


def test_rows_that_an_aborted_run_judged_are_compared() -> None:
    before, after = run(row(Verdict.PASS), row(Verdict.PASS, id_="ZONE-6")), row(Verdict.FAIL, "node-1")
    comparison = compare(before, aborted(after, row(Verdict.NOT_RUN, id_="ZONE-6")))
    assert [each.change for each in comparison.rows] == [Change.CANNOT_TELL, Change.NEW]


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        (RunVerdict.CERTIFIED, RunVerdict.CERTIFIED_WITH_WAIVERS, True),
        (RunVerdict.CERTIFIED_WITH_WAIVERS, RunVerdict.INCOMPLETE, True),
        (RunVerdict.INCOMPLETE, RunVerdict.NOT_CERTIFIED, True),
        (RunVerdict.NOT_CERTIFIED, RunVerdict.ABORTED, True),
        (RunVerdict.NOT_CERTIFIED, RunVerdict.INCOMPLETE, False),
        (RunVerdict.ABORTED, RunVerdict.CERTIFIED, False),
    ],
)
def test_a_worse_verdict_of_the_run_is_worse_by_itself(before: RunVerdict, after: RunVerdict, worse: bool) -> None:
    results = run(row(Verdict.PASS))
    comparison = compare(replace(results, verdict=before), replace(results, verdict=after))
    assert (comparison.rows, comparison.worse) == ((), worse)


def test_both_runs_are_named_with_all_that_belongs_to_their_verdict() -> None:
    comparison = compare(sample.previous_run(), sample.every_verdict())
    assert comparison.before.started == "2026-11-21T13:40:00Z"
    assert comparison.after.headline.startswith("NOT CERTIFIED (SIMULATED SITE): zone, identity;")
