"""A lab's servers behind a faulty proxy: no PASS that was not earned, always a verdict, always a sentence.

One look meets one kind of fault on every plane at once; a few meet it on one plane, to show that no other row moves.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plugins.tests import faulty_proxy
from plugins.tests.faulty_proxy import FaultyProxy, Rule
from plugins.tests.looks import Look, assert_nothing_unearned, look, lost, settled
from tkg_conformance.fixtures.kube import client
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.fixtures.timeouts import VARIABLE
from tkg_conformance.fixtures.vsphere import session
from tkg_conformance.reports import results_json
from tkg_conformance.reports.records import Results, Verdict

pytestmark = pytest.mark.lab
COMMAND = (sys.executable, "-m", "tkg_conformance.plugins.cli")
CLUSTER = "workload:dev/wl1"
# One request of each plane, and the collection that is lost with it.
PLACES = {
    r"management GET /apis/cluster.x-k8s.io/\w+/machines\?": ("management", "Machine"),
    f"{CLUSTER} GET /api/v1/nodes": (CLUSTER, "Node"),
    r"vcenter GET .*/tagging/tag$": ("vcenter", "tags"),
    "vcenter PBM PbmQueryMatchingHub": ("vcenter", "policies"),
    "vcenter SOAP QueryEvents": ("vcenter", "events"),
}
KUBERNETES = [each for each in PLACES if not each.startswith("vcenter")]
MACHINES, NODES = KUBERNETES
TAGS = r"vcenter GET .*/tagging/tag$"
PAGE_OF_A_GATEWAY = b"<html><body>Bad gateway</body></html>"
STATUS = b'{"kind": "Status", "metadata": {}, "status": "Failure"}'
HANG_S = 2.0

Site = tuple[FaultyProxy, Path]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the pauses before another try; their lengths are no matter of these tests."""
    monkeypatch.setattr(client, "_PAUSES_S", (0.02, 0.1))
    monkeypatch.setattr(session, "BUSY_PAUSE_S", 0.1)


@pytest.fixture(scope="module")
def behind(running_lab: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The proxy before the lab, and the site file that leads through it."""
    with faulty_proxy.before(running_lab, tmp_path_factory.mktemp("behind")) as (proxy, site):
        yield proxy, site


@pytest.fixture(scope="module")
def undisturbed(behind: Site) -> Look:
    """What is seen through the proxy while it spoils nothing."""
    behind[0].spoil()
    seen = look(behind[1])
    assert seen.observation.problems == ()
    assert {Verdict.PASS, Verdict.NOT_APPLICABLE} < {each.verdict for each in seen.rows.values()}
    return seen


def spoilt(behind: Site, *rules: Rule) -> Look:
    proxy, site = behind
    proxy.spoil(*rules)
    try:
        return look(site)
    finally:
        proxy.spoil()


def everywhere(rule: Rule, places: dict[str, tuple[str, str]] | list[str]) -> list[Rule]:
    return [replace(rule, where=place) for place in places]


def named(undisturbed: Look, places: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return collections by the plane's own name."""
    (server,) = (each.server for each in undisturbed.observation.vcenters)
    return {(f"vcenter:{server}" if plane == "vcenter" else plane, what) for plane, what in places}


def assert_the_same(undisturbed: Look, seen: Look) -> None:
    assert seen.observation.problems == ()
    assert settled(seen) == settled(undisturbed)


@pytest.mark.parametrize(
    "rule",
    [
        Rule("", "say", status=503),
        Rule("", "say", status=429, headers={"Retry-After": "0"}),
        Rule("", "say", status=500),
        Rule("", "say", status=401),
        Rule("", "say", status=200),
        Rule("", "say", status=200, body=PAGE_OF_A_GATEWAY),
        Rule("", "reset"),
        Rule("", "cut", size=120),
        Rule("", "short", size=120),
    ],
    ids=lambda rule: f"{rule.how}-{rule.status}{'-' * bool(rule.body)}{len(rule.body) or ''}",
)
def test_what_does_not_come_decides_nothing(behind: Site, undisturbed: Look, rule: Rule) -> None:
    seen = spoilt(behind, *everywhere(rule, PLACES))
    assert lost(seen) == named(undisturbed, list(PLACES.values()))
    assert_nothing_unearned(undisturbed, seen)
    servers = [each.split(":", 1)[1] if each.startswith("vcenter") else "https://127." for each, _ in lost(seen)]
    for problem in seen.observation.problems:
        assert any(server in problem.reason for server in servers) or " was answered with " in problem.reason


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule("", "say", status=410), "expire twice"),
        (Rule("", "say", status=403), "does not let the account"),
        (Rule("", "say", status=404), "which it says that it serves"),
        (Rule("", "say", status=200, body=STATUS), "something that is not a list"),
    ],
    ids=["410", "403", "404", "status"],
)
def test_what_only_an_api_server_answers_decides_nothing(
    behind: Site, undisturbed: Look, rule: Rule, words: str
) -> None:
    seen = spoilt(behind, *everywhere(rule, KUBERNETES))
    assert lost(seen) == {PLACES[each] for each in KUBERNETES}
    assert_nothing_unearned(undisturbed, seen, words)


@pytest.mark.parametrize(
    ("where", "what"),
    [(NODES, (CLUSTER, "Node")), (TAGS, ("vcenter", "tags")), (f"{CLUSTER} GET /version", (CLUSTER, "*"))],
)
def test_other_rows_keep_their_verdict(behind: Site, undisturbed: Look, where: str, what: tuple[str, str]) -> None:
    seen = spoilt(behind, Rule(where, "reset"))
    assert lost(seen) == named(undisturbed, [what])
    assert_nothing_unearned(undisturbed, seen, "the connection was closed before an answer had ended")
    ((plane, kind),) = lost(seen)
    for key, row in undisturbed.rows.items():
        if (plane, kind) not in undisturbed.touched[key] and plane not in {
            each for each, _ in undisturbed.touched[key]
        }:
            assert seen.rows[key].verdict is row.verdict


@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize("how", ["cut", "short", "say"])
def test_an_inventory_that_breaks_off_is_no_small_inventory(
    behind: Site, undisturbed: Look, how: Any, after: int
) -> None:
    """The first read is the inventory, the second the machines in detail."""
    page = Rule("vcenter SOAP RetrievePropertiesEx", how, after, status=200, body=PAGE_OF_A_GATEWAY, size=2000)
    seen = spoilt(behind, page)
    assert lost(seen) & named(undisturbed, [("vcenter", "*"), ("vcenter", "VirtualMachine")])
    assert_nothing_unearned(undisturbed, seen)


def test_rights_that_cannot_be_asked_for_are_limited_sight(behind: Site, undisturbed: Look) -> None:
    seen = spoilt(behind, Rule("HasPrivilegeOnEntities", "say"))
    (vcenter,) = seen.observation.vcenters
    assert vcenter.sight["limited"]
    assert "its rights could not be asked for" in str(vcenter.sight["reason"])
    assert_nothing_unearned(undisturbed, seen)
    assert settled(seen) != settled(undisturbed)


# What is read again by itself; of a read of several requests only one may break.
REPEATED = [
    "management GET /version", *PLACES, "management GET .*/secrets/wl1$", "vcenter GET /sdk/vimServiceVersions",
    "vcenter SOAP RetrieveServiceContent", "vcenter SOAP CreateContainerView", "HasPrivilegeOnEntities",
    "vcenter GET .*/category$", "tag-association", "FetchDVPorts",
]  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        Rule("", "say", times=1, status=503),
        Rule("", "say", times=1, status=429, headers={"Retry-After": "0"}),
        Rule("", "reset", times=1),
        Rule("", "cut", times=1, size=120),
    ],
    ids=lambda rule: f"{rule.how}-{rule.status}",
)
def test_one_fault_wherever_it_comes_is_overcome(behind: Site, undisturbed: Look, rule: Rule) -> None:
    assert_the_same(undisturbed, spoilt(behind, *everywhere(rule, REPEATED)))


def test_a_session_that_expires_in_mid_read_is_renewed(behind: Site, undisturbed: Look, running_lab: Path) -> None:
    with LabHandle.open(running_lab) as lab:
        manager = lab.vcenter.content.sessionManager

        def expire() -> None:
            listed = lab.vcenter.properties([manager], type(manager), ["sessionList"])[manager]["sessionList"]
            (user,) = (each.username for each in undisturbed.observation.vcenters)
            keys = [each.key for each in listed if each.userName.lower() == user.lower()]
            assert keys
            manager.TerminateSession(keys)

        rules = [Rule("vcenter SOAP QueryEvents", "act", times=1, act=expire)]
        rules += everywhere(Rule("", "say", times=1, status=401), [TAGS, MACHINES, NODES])
        seen = spoilt(behind, *rules)
    assert_the_same(undisturbed, seen)
    assert seen.observation.requests[f"vcenter:{seen.observation.vcenters[0].server} REST login"] == 4


def test_a_token_that_expires_between_pages_starts_the_list_again(
    behind: Site, undisturbed: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PAGE", 3)
    seen = spoilt(
        behind, Rule("nodes.*continue=", "say", times=1, status=410), Rule("vspheremachines.*continue=", "cut", times=1)
    )
    assert_the_same(undisturbed, seen)


def test_a_slow_site_is_no_lost_site(behind: Site, undisturbed: Look) -> None:
    assert_the_same(undisturbed, spoilt(behind, *everywhere(Rule("", "slow", seconds=1.0, times=1), PLACES)))


def test_a_hang_ends_in_time(behind: Site, undisturbed: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(HANG_S))
    begun = time.monotonic()
    seen = spoilt(behind, *everywhere(Rule("", "hang"), PLACES))
    assert time.monotonic() - begun < 10 * HANG_S
    assert lost(seen) >= named(undisturbed, list(PLACES.values()))
    assert_nothing_unearned(undisturbed, seen)


def test_a_server_that_answers_no_more_is_left(
    behind: Site, undisturbed: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(HANG_S))
    begun = time.monotonic()
    seen = spoilt(behind, Rule("(management|workload).*limit=", "hang"))
    assert time.monotonic() - begun < 10 * HANG_S
    assert_nothing_unearned(undisturbed, seen)


def test_an_answer_that_never_ends_is_left(behind: Site, undisturbed: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "0.5")
    seen = spoilt(behind, *everywhere(Rule("", "drip", size=120), [NODES, TAGS]))
    assert lost(seen) >= named(undisturbed, [PLACES[NODES], PLACES[TAGS]])
    assert_nothing_unearned(undisturbed, seen)


def test_a_site_that_is_lost_in_mid_read_keeps_what_was_seen(
    running_lab: Path, undisturbed: Look, tmp_path: Path
) -> None:
    with faulty_proxy.before(running_lab, tmp_path) as behind:
        seen = spoilt(behind, Rule("vcenter PBM", "vanish"))
    assert named(undisturbed, [("vcenter", "policies")]) <= lost(seen)
    assert_nothing_unearned(undisturbed, seen)


def run(behind: Site, folder: Path, *rules: Rule) -> tuple[int, str, Results]:
    """Run the command on the spoilt site; return its exit code, what it said, and the results."""
    proxy, site = behind
    proxy.spoil(*rules)
    arguments = [*COMMAND, "run", "--site", str(site), "--out", "out"]
    try:
        done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    finally:
        proxy.spoil()
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr, results_json.load(folder / "out" / "results.json")


def test_a_run_without_tags_is_incomplete_and_says_so(behind: Site, tmp_path: Path) -> None:
    code, _, results = run(behind, tmp_path, Rule(TAGS, "say", status=503))
    assert (code, results.verdict) == (10, "INCOMPLETE")
    assert {Verdict.FAIL, Verdict.BLOCKED}.isdisjoint(each.verdict for each in results.results)
    assert "list tag was answered with HTTP status 503" in " ".join(each.reason for each in results.results)


@pytest.mark.slow
def test_a_run_on_a_stumbling_site_is_certified(behind: Site, tmp_path: Path) -> None:
    code, said, results = run(behind, tmp_path, *everywhere(Rule("", "reset", times=1), REPEATED))
    assert (code, results.verdict) == (0, "CERTIFIED"), said


def test_a_run_of_which_nothing_answers_is_aborted(behind: Site, tmp_path: Path) -> None:
    code, _, results = run(behind, tmp_path, Rule("", "reset"))
    assert (code, results.verdict) == (11, "ABORTED")
    assert "Nothing of the site can be reached: " in str(results.run.abort_reason)
    assert {each.verdict for each in results.results} == {Verdict.NOT_RUN}
