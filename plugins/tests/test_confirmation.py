"""What a second read makes of a FAIL, and that only failing rows cause one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plugins.tests.rows import requirement
from plugins.tests.test_engine import OBSERVATION, broken, fine, judge
from tkg_conformance.fixtures.observation.model import Doubt, Observation, Problem, SecondLook
from tkg_conformance.fixtures.observation.second import NOT_REPEATED
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.plugins.confirmation import SEEN_ONCE, live
from tkg_conformance.plugins.environment import environment, request_totals
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.plugins.selection import Selector
from tkg_conformance.plugins.session import confirmed
from tkg_conformance.reports.check import Check
from tkg_conformance.reports.records import Verdict

MACHINES = ("management", "Machine")
SECOND = SecondLook(started="2026-11-22T00:00:09Z", read=(MACHINES,), requests=3)


def looking(*objects: str, involves: tuple[str, ...] = ()) -> Any:
    def function(check: Check, site: Site) -> None:
        site.management.all("Machine")
        broken(*objects, involves=involves)(check)

    return function


def verdict(second: SecondLook | None, *objects: str, involves: tuple[str, ...] = ()) -> Any:
    observation = replace(OBSERVATION, second=second)
    one = judge(requirement("ZONE-1"), observation=observation, ZONE_1=looking(*objects, involves=involves))
    return one.result("ZONE-1", "site")


def test_without_a_second_look_a_fail_is_one_that_was_seen_once() -> None:
    found = verdict(None, "Machine m1")
    assert (found.verdict, found.notes) == (Verdict.FAIL, (SEEN_ONCE,))


def test_a_finding_in_both_reads_is_confirmed() -> None:
    found = verdict(SECOND, "Machine m1")
    assert found.verdict is Verdict.FAIL
    assert found.notes == ("confirmed by a second read at 2026-11-22T00:00:09Z",)


@pytest.mark.parametrize("word", ["changed", "appeared", "vanished"])
def test_a_finding_about_an_object_that_differs_is_in_transition(word: str) -> None:
    changes: dict[str, Any] = {word: ("Machine m1",)}
    second = replace(SECOND, **changes)
    found = verdict(second, "Machine m1")
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason == (
        f"in transition: Machine m1 is bad (Machine m1 {word} between two reads); look again when it has settled"
    )


def test_a_finding_that_depends_on_an_object_that_differs_is_in_transition() -> None:
    found = verdict(replace(SECOND, changed=("HostSystem h1",)), "Machine m1", involves=("HostSystem h1",))
    assert found.verdict is Verdict.INCONCLUSIVE


def test_another_finding_that_stands_stays_a_fail_alone() -> None:
    found = verdict(replace(SECOND, changed=("Machine m1",)), "Machine m1", "Machine m2")
    assert found.verdict is Verdict.FAIL
    assert [each.object for each in found.findings] == ["Machine m2"]
    assert found.reason == "Machine m2 is bad"
    assert any("m1 changed between two reads): listed, not judged" in note for note in found.notes)


def test_a_fail_that_a_failed_second_read_could_not_confirm_is_inconclusive() -> None:
    second = replace(SECOND, read=(), problems=(Problem("management", "*", "the connection was refused"),))
    found = verdict(second, "Machine m1")
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason == (
        "seen once and not confirmed: Machine m1 is bad; the second read at 2026-11-22T00:00:09Z failed: "
        "the connection was refused"
    )


def test_a_fail_outside_the_second_read_is_not_called_confirmed() -> None:
    found = verdict(replace(SECOND, read=(("management", "Node"),)), "Machine m1")
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason.endswith("the second read at 2026-11-22T00:00:09Z did not include Machine of management")
    assert [each.object for each in found.findings] == ["Machine m1"]


def test_a_login_is_not_repeated_and_the_note_says_so() -> None:
    def function(check: Check, site: Site) -> None:
        site.management.all("Machine")
        site.touched.add("management", NOT_REPEATED)
        broken("Machine m1")(check)

    one = judge(requirement("ZONE-1"), observation=replace(OBSERVATION, second=SECOND), ZONE_1=function)
    found = one.result("ZONE-1", "site")
    assert found.verdict is Verdict.FAIL
    assert found.notes == ("confirmed by a second read at 2026-11-22T00:00:09Z, but for logins: one per run",)


def test_what_failed_in_the_first_read_alone_is_told_with_the_verdict() -> None:
    doubts = (Doubt("ZONE-1", "site", "Machine m1", "Machine m1 is bad"), Doubt("ZONE-2", "site", "Node n", "other"))
    observation = replace(OBSERVATION, second=replace(SECOND, doubts=doubts, vanished=("Machine m1",)))
    one = judge(requirement("ZONE-1"), observation=observation, ZONE_1=fine)
    found = one.result("ZONE-1", "site")
    assert found.verdict is Verdict.PASS
    assert found.notes == (
        "Machine m1 is bad (Machine m1 vanished between two reads): so in the first read, no more in the second at "
        "2026-11-22T00:00:09Z; not judged",
    )


def test_a_consequence_is_in_transition_where_its_cause_is() -> None:
    observation = replace(OBSERVATION, second=replace(SECOND, changed=("ClusterComputeResource c2",)))
    one = judge(
        requirement("ZONE-3"),
        requirement("ZONE-8", requires=("ZONE-3",)),
        observation=observation,
        ZONE_3=looking("ClusterComputeResource c2"),
        ZONE_8=looking("Node n2", involves=("ClusterComputeResource c2",)),
    )
    assert {each.verdict for each in one.all_results()} == {Verdict.INCONCLUSIVE}


class Observer:
    """Records what is asked to be read again."""

    def __init__(self) -> None:
        self.asked: list[set[tuple[str, str]]] = []

    def look_again(self, first: Observation, collections: set[tuple[str, str]], doubts: list[Doubt]) -> Observation:
        self.asked.append(collections)
        self.doubts = doubts
        return replace(first, second=SECOND)


def test_exactly_what_failing_rows_of_the_selection_looked_at_is_read_again() -> None:
    def elsewhere(check: Check, site: Site) -> None:
        site.management.all("Pod")
        fine(check)

    def unselected(check: Check, site: Site) -> None:
        site.management.all("Secret")
        broken("Secret s")(check)

    one = judge(
        requirement("ZONE-1"),
        requirement("ZONE-2"),
        requirement("IDENT-1"),
        ZONE_1=looking("Machine m1"),
        ZONE_2=elsewhere,
        IDENT_1=unselected,
    )
    observer: Any = Observer()
    found = confirmed(observer, OBSERVATION, one, Selector(requirements=("ZONE-1", "ZONE-2")), TerminalProgress())
    assert observer.asked == [{MACHINES}]
    assert observer.doubts == [Doubt("ZONE-1", "site", "Machine m1", "Machine m1 is bad")]
    assert found.second is SECOND


def test_what_fails_only_after_the_second_look_is_looked_at_once_more() -> None:
    def later(check: Check, site: Site) -> None:
        site.management.all("Pod")
        (broken("Pod p") if observer.asked else fine)(check)

    one = judge(requirement("ZONE-1"), requirement("ZONE-2"), ZONE_1=looking("Machine m1"), ZONE_2=later)
    observer: Any = Observer()
    confirmed(observer, OBSERVATION, one, Selector(), TerminalProgress())
    assert observer.asked == [{MACHINES}, {MACHINES, ("management", "Pod")}]


def test_nothing_is_read_again_if_nothing_fails() -> None:
    observer: Any = Observer()
    one = judge(requirement("ZONE-1"), ZONE_1=fine)
    assert confirmed(observer, OBSERVATION, one, Selector(), TerminalProgress()) is OBSERVATION
    assert observer.asked == []


def test_logins_and_files_are_never_read_again() -> None:
    touched = {MACHINES, ("vcenter:vc01", "accounts"), ("configuration:dev/wl1", "configuration")}
    assert live(touched) == {MACHINES}


def test_requests_and_refusals_are_totalled() -> None:
    counts = {"management LIST Node": 3, "vcenter:vc Login": 1, "vcenter:vc refused CreateFolder": 2}
    totals = {"total": 4, "refused": 2, "by_plane": {"management": 3, "vcenter:vc": 1}}
    assert request_totals(counts) == totals
    observation = replace(OBSERVATION, requests=counts, second=replace(SECOND, changed=("Node n",)))
    found = environment(observation)
    assert found["requests"] == totals
    assert found["observed"]["second_look"] == {"started": SECOND.started, "requests": 3, "in_transition": ["Node n"]}
