from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from plugins.tests.rows import catalogue, requirement
from tkg_conformance.fixtures.observation.model import (
    SCHEMA,
    ClusterIntent,
    Intent,
    KubernetesPlane,
    Observation,
    Problem,
)
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.plugins import engine
from tkg_conformance.plugins.engine import NOT_IMPLEMENTED, CheckFunction, Judge
from tkg_conformance.reports.check import Check
from tkg_conformance.reports.records import Verdict

OBSERVATION = Observation(
    schema=SCHEMA,
    suite_version="0",
    kind="site",
    started="2026-11-22T00:00:00Z",
    now="2026-11-22T00:00:00Z",
    duration_s=0.1,
    intent=Intent(clusters=(ClusterIntent("dev/wl1", "linux", "flat"), ClusterIntent("dev/wl2", "linux", "flat"))),
    management=KubernetesPlane("management", "https://127.0.0.1:6443"),
)


def broken(*objects: str, involves: tuple[str, ...] = ()) -> CheckFunction:
    def function(check: Check) -> None:
        for each in objects:
            check.examine(each)
            check.fail(each, expected="good", observed="bad", message=f"{each} is bad", involves=involves)

    return function


def fine(check: Check) -> None:
    check.examine("Node n")


def judge(*rows: Any, observation: Observation = OBSERVATION, **functions: CheckFunction) -> Judge:
    checks = {name.replace("_", "-"): function for name, function in functions.items()}
    return Judge(observation, catalogue(*rows), checks)


def test_a_requirement_without_a_check_is_not_run() -> None:
    found = judge(requirement("ZONE-1")).result("ZONE-1", "site")
    assert (found.verdict, found.reason, found.selected) == (Verdict.NOT_RUN, NOT_IMPLEMENTED, True)


def test_nothing_examined_is_never_pass() -> None:
    found = judge(requirement("ZONE-1"), ZONE_1=lambda check: None).result("ZONE-1", "site")
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "nothing was there to examine" in found.reason


def test_a_check_gets_the_arguments_that_it_names() -> None:
    seen: list[str] = []

    def function(check: Check, site: Site, cluster: Cluster) -> None:
        seen.append(f"{check.requirement.id} {len(site.clusters)} {cluster.name}")
        check.examine(cluster.name)

    one = judge(requirement("ZONE-1", scope="cluster"), ZONE_1=function)
    assert [each.scope for each in one.all_results()] == ["dev/wl1", "dev/wl2"]
    assert seen == ["ZONE-1 2 dev/wl1", "ZONE-1 2 dev/wl2"]


def test_a_crash_is_not_run_and_says_where_and_the_others_are_judged() -> None:
    def crashing(check: Check) -> None:
        raise KeyError("spec")

    one = judge(requirement("ZONE-1"), requirement("ZONE-2"), ZONE_1=crashing, ZONE_2=fine)
    crashed, other = one.all_results()
    assert (crashed.verdict, crashed.crashed, other.verdict) == (Verdict.NOT_RUN, True, Verdict.PASS)
    assert crashed.reason.startswith("the check crashed: KeyError: 'spec' (crashing, line ")


@pytest.mark.parametrize("word", ["not_applicable", "inconclusive"])
def test_a_check_may_stop_with_a_reason(word: str) -> None:
    found = judge(requirement("ZONE-1"), ZONE_1=lambda check: getattr(check, word)("no zone is named")).result(
        "ZONE-1", "site"
    )
    assert found.verdict == word.upper().replace("_", "-")
    assert found.reason == "no zone is named"


def test_a_counter_example_that_was_seen_stays_a_fail_though_the_rest_is_unclear() -> None:
    def function(check: Check) -> None:
        broken("Node n")(check)
        check.inconclusive("the other nodes were not visible")

    assert judge(requirement("ZONE-1"), ZONE_1=function).result("ZONE-1", "site").verdict is Verdict.FAIL


def test_a_fail_that_is_wholly_about_the_causes_objects_is_blocked() -> None:
    one = judge(
        requirement("ZONE-3"),
        requirement("ZONE-8", requires=("ZONE-3",)),
        requirement("ZONE-9", requires=("ZONE-8",)),
        ZONE_3=broken("ClusterComputeResource c2"),
        ZONE_8=broken("Node n2", involves=("ClusterComputeResource c2",)),
        ZONE_9=broken("Node n3", involves=("ClusterComputeResource c2",)),
    )
    root, blocked, deeper = one.all_results()
    assert [root.verdict, blocked.verdict, deeper.verdict] == [Verdict.FAIL, Verdict.BLOCKED, Verdict.BLOCKED]
    assert (blocked.blocked_by, deeper.blocked_by) == ("ZONE-3", "ZONE-3")
    assert blocked.findings[0].object == "Node n2"


def test_the_root_that_explains_most_is_named_first() -> None:
    def two_defects(check: Check) -> None:
        broken("Node n2")(check)
        broken("Node n5", involves=("ClusterComputeResource c2",))(check)

    one = judge(
        requirement("ZONE-2"),
        requirement("ZONE-3", requires=("ZONE-2",)),
        requirement("ZONE-4"),
        requirement("ZONE-8", requires=("ZONE-3", "ZONE-4")),
        ZONE_2=fine,
        ZONE_3=broken("Node n2"),
        ZONE_4=broken("ClusterComputeResource c2"),
        ZONE_8=two_defects,
    )
    found = one.result("ZONE-8", "site")
    assert (found.verdict, found.blocked_by) == (Verdict.BLOCKED, "ZONE-4")
    assert found.reason.startswith("explained by ZONE-4, ZONE-3: ")


def test_a_cause_in_any_cluster_explains_what_is_wrong_on_the_site() -> None:
    def only_wl2(check: Check, cluster: Cluster) -> None:
        check.examine(cluster.name)
        if cluster.name == "dev/wl2":
            check.fail("Tag zone-a", expected="x", observed="y", message="m")

    one = judge(
        requirement("ZONE-3", scope="cluster"),
        requirement("ZONE-8", requires=("ZONE-3",)),
        ZONE_3=only_wl2,
        ZONE_8=broken("Tag zone-a"),
    )
    assert one.result("ZONE-8", "site").verdict is Verdict.BLOCKED


def test_a_result_knows_how_long_its_check_took(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([1.0, 3.1234567])
    monkeypatch.setattr(engine, "time", SimpleNamespace(perf_counter=lambda: next(moments)))
    assert judge(requirement("ZONE-1"), ZONE_1=fine).result("ZONE-1", "site").duration_s == 2.123457


def test_an_independent_defect_stays_a_fail() -> None:
    def two_defects(check: Check) -> None:
        broken("Node n2", involves=("ClusterComputeResource c2",))(check)
        broken("Node n5")(check)

    one = judge(
        requirement("ZONE-3"),
        requirement("ZONE-8", requires=("ZONE-3",)),
        ZONE_3=broken("ClusterComputeResource c2"),
        ZONE_8=two_defects,
    )
    assert one.result("ZONE-8", "site").verdict is Verdict.FAIL


def test_a_cause_in_another_cluster_explains_nothing() -> None:
    def only_wl1(check: Check, cluster: Cluster) -> None:
        check.examine(cluster.name)
        if cluster.name == "dev/wl1":
            check.fail("Tag zone-a", expected="x", observed="y", message="m")

    one = judge(
        requirement("ZONE-3", scope="cluster"),
        requirement("ZONE-8", scope="cluster", requires=("ZONE-3",)),
        ZONE_3=only_wl1,
        ZONE_8=broken("Tag zone-a"),
    )
    verdicts = {each.scope: each.verdict for each in one.all_results() if each.id == "ZONE-8"}
    assert verdicts == {"dev/wl1": Verdict.BLOCKED, "dev/wl2": Verdict.FAIL}


@pytest.mark.parametrize("function", [fine, broken("Node n")])
def test_a_collection_that_was_not_fully_read_makes_the_row_inconclusive(function: CheckFunction) -> None:
    def looking(check: Check, site: Site) -> None:
        site.management.all("Machine")
        function(check)

    partly = replace(OBSERVATION, problems=(Problem("management", "Machine", "403 Forbidden"),))
    found = judge(requirement("ZONE-1"), observation=partly, ZONE_1=looking).result("ZONE-1", "site")
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.reason == "management: Machine not fully read: 403 Forbidden"


def test_a_problem_elsewhere_changes_nothing() -> None:
    partly = replace(OBSERVATION, problems=(Problem("management", "Machine", "403 Forbidden"),))
    found = judge(requirement("ZONE-1"), observation=partly, ZONE_1=fine).result("ZONE-1", "site")
    assert found.verdict is Verdict.PASS
