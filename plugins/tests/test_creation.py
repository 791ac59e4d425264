"""The options of creation, what a session does with them, and what its leftovers mean for the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from fixtures.creation.tests.conftest import FLAT
from fixtures.creation.tests.fake_api import FakeAPI, serving
from fixtures.creation.tests.test_creation import CLUSTER, NAMES, machine
from plugins.tests.test_engine import OBSERVATION
from tkg_conformance.fixtures import sitefile
from tkg_conformance.fixtures.creation import creation as creations
from tkg_conformance.fixtures.creation.errors import CreationFailed, LedgerError
from tkg_conformance.fixtures.creation.ledger import FILE, Ledger, Phase, read
from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.fixtures.observation import store
from tkg_conformance.fixtures.sitefile import SiteFile
from tkg_conformance.plugins import options as option_module
from tkg_conformance.plugins.creation import CreationStage
from tkg_conformance.plugins.options import Options
from tkg_conformance.plugins.progress import TerminalProgress


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAPI]:
    """A management cluster whose controllers bring up every Cluster at once."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(creations, "_POLL_S", 0.01)
    monkeypatch.setattr(creations, "_SETTLE_S", 0.02)
    monkeypatch.setattr(creations, "_GONE_S", 0.1)
    with serving() as api:
        api.add("/api/v1/namespaces/dev")
        api.add("/apis/cluster.x-k8s.io/v1beta2/namespaces/dev/clusterclasses/tkg-vsphere-default-v1.0.0")

        def controllers(method: str, path: str) -> int | None:
            if CLUSTER in api.objects and "status" not in api.objects[CLUSTER]:
                api.objects[CLUSTER]["status"] = {"conditions": [{"type": "Available", "status": "True"}]}
                machine(api, "wl9-a")
                machine(api, "wl9-b")
            if method == "DELETE" and path == CLUSTER:
                for each in [each for each in api.objects if each.rpartition("/")[2] in ("wl9-a", "wl9-b")]:
                    del api.objects[each]
            return None

        api.hook = controllers
        yield api


@pytest.fixture
def site(api: FakeAPI, tmp_path: Path) -> SiteFile:
    (tmp_path / "mgmt.yaml").write_text(yaml.safe_dump(api.kubeconfig.document))
    (tmp_path / "wl9.yaml").write_text(FLAT)
    path = tmp_path / "site.yaml"
    path.write_text("management: {kubeconfig: mgmt.yaml}\nallow: [create]\n")
    return sitefile.load(path, {})


@pytest.fixture
def given(tmp_path: Path) -> Options:
    return Options(site=tmp_path / "site.yaml", create=tmp_path / "wl9.yaml", out=tmp_path / "out", create_timeout=5.0)


def stage(options: Options) -> CreationStage:
    return CreationStage(options, TerminalProgress(tty=False))


def resumed(options: Options) -> CreationStage:
    return stage(replace(options, create=None, resume=True))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(create=Path("a"), resume=True), "exclude each other"),
        (Options(keep=True), "only together with --tkg-create or --tkg-resume"),
        (Options(create=Path("a"), observation=Path("o")), "needs a site; a stored observation is none"),
        (Options(create=Path("a"), lab=""), "needs a running lab"),
        (Options(resume=True, lab=""), "--tkg-resume needs a running lab"),
    ],
)
def test_what_contradicts_itself_is_one_sentence(options: Options, words: str) -> None:
    with pytest.raises(pytest.UsageError, match=words):
        option_module._check_creation(options)


@pytest.mark.parametrize("text", ["", "soon", "0", "-1", "inf", "nan"])
def test_a_timeout_is_a_number_above_zero(text: str) -> None:
    with pytest.raises(pytest.UsageError, match="expected a number of seconds above 0"):
        option_module._seconds(text)


def test_the_cluster_joins_those_to_judge_and_is_deleted_at_the_end(
    api: FakeAPI, site: SiteFile, given: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    running = stage(given)
    found = running.begin(site)
    (entry,) = found.clusters
    assert (entry.name, entry.config) == ("dev/wl9", given.create)
    assert "create Cluster dev/wl9" in capsys.readouterr().err
    assert running.stored is None
    running.looked()
    record = running.finish()
    assert record is not None
    assert [each["object"] for each in record["created"]] == NAMES
    assert (record["leftovers"], record["machines"], record["plan"]["machine_count"]) == ([], ["wl9-a", "wl9-b"], 2)
    assert running.finish() == record
    assert CLUSTER not in api.objects


def test_without_the_options_nothing_happens(site: SiteFile, tmp_path: Path) -> None:
    running = stage(Options(site=tmp_path / "site.yaml", out=tmp_path / "out"))
    assert running.begin(site) is site
    running.looked()
    assert running.finish() is None
    assert not (tmp_path / "out").exists()


def test_a_site_without_leave_is_refused_before_anything_is_read(api: FakeAPI, site: SiteFile, given: Options) -> None:
    with pytest.raises(UsageError, match="does not allow to create"):
        stage(given).begin(site.derived({}, allow=()))
    assert api.requests == []


def test_an_unknown_cluster_is_told_before_anything_is_created(api: FakeAPI, site: SiteFile, given: Options) -> None:
    running = stage(replace(given, cluster=("dev/wl7",)))
    with pytest.raises(UsageError, match="no cluster 'dev/wl7'; expected one of dev/wl9"):
        running.begin(site)
    running.finish()
    assert {method for method, _ in api.requests} == {"GET"}


@pytest.mark.parametrize("phase", [Phase.CREATING, Phase.WAITING])
def test_a_run_killed_before_it_looked_is_gone_on_with(
    api: FakeAPI, site: SiteFile, given: Options, phase: Phase
) -> None:
    killed(given, site, phase)
    running = resumed(given)
    (entry,) = running.begin(site).clusters
    assert entry.name == "dev/wl9"
    assert running.stored is None
    record = running.finish()
    assert record is not None
    assert (len(record["created"]), record["leftovers"]) == (4, [])
    assert sum(method == "POST" for method, _ in api.requests) == len(NAMES)


@pytest.mark.parametrize("phase", [Phase.JUDGING, Phase.JUDGED, Phase.DELETING])
def test_a_run_killed_after_it_looked_judges_what_it_saw(
    api: FakeAPI, site: SiteFile, given: Options, phase: Phase
) -> None:
    killed(given, site, phase)
    store.save(OBSERVATION, given.out / "observation.json")
    running = resumed(given)
    running.begin(site)
    assert running.stored == given.out / "observation.json"
    running.finish()
    assert CLUSTER not in api.objects


def test_a_run_killed_while_deleting_without_an_observation_only_deletes(
    api: FakeAPI, site: SiteFile, given: Options
) -> None:
    killed(given, site, Phase.DELETING)
    running = resumed(given)
    with pytest.raises(CreationFailed, match="before anything was judged"):
        running.begin(site)
    running.failed("because of that")
    record = running.finish()
    assert record is not None
    assert (record["failure"], record["leftovers"]) == ("because of that", [])
    assert CLUSTER not in api.objects


@pytest.mark.parametrize(("phase", "words"), [(Phase.DONE, "nothing to resume"), (Phase.KEPT, "kept its cluster")])
def test_what_has_ended_is_not_resumed(site: SiteFile, given: Options, phase: Phase, words: str) -> None:
    killed(given, site, phase)
    running = resumed(given)
    with pytest.raises(UsageError, match=words):
        running.begin(site)
    running.finish()


def test_without_a_ledger_there_is_nothing_to_resume(site: SiteFile, given: Options) -> None:
    with pytest.raises(LedgerError, match="There is no ledger"):
        resumed(given).begin(site)


def test_a_second_run_does_not_forget_what_the_first_left(api: FakeAPI, site: SiteFile, given: Options) -> None:
    killed(given, site, Phase.WAITING)
    (given.create or Path()).write_text(FLAT.replace("wl9", "wl8"))
    running = stage(given)
    with pytest.raises(LedgerError, match="holds what an earlier run created"):
        running.begin(site)
    running.finish()
    state = read(given.out / FILE)
    assert state is not None
    assert state.run.cluster == "dev/wl9"


def killed(given: Options, site: SiteFile, phase: Phase) -> None:
    """Leave what a run leaves that was killed in this phase."""
    running = stage(given)
    running.begin(site)
    # As the kernel does when a process is killed: the lock goes, and nothing else happens.
    running._closing.pop_all().close()
    running._creation = None
    with Ledger.resume(given.out) as ledger:
        ledger.enter(phase)


@pytest.mark.parametrize(("verdict", "code"), [("CERTIFIED", 10), ("CERTIFIED_WITH_WAIVERS", 10), ("NOT_CERTIFIED", 1)])
def test_leftovers_turn_a_certificate_into_incomplete_and_mask_no_failure(
    pytester: pytest.Pytester, tmp_path: Path, verdict: str, code: int
) -> None:
    store.save(OBSERVATION, tmp_path / "stored.json")
    pytester.makeconftest(
        f"""
        from tkg_conformance.plugins import controller
        from tkg_conformance.plugins.creation import CreationStage
        from tkg_conformance.reports.verdict import ExitCode

        LEFT = {{"object": "VM wl9-x (vm-1)", "age_s": 5, "evidence": "it is new", "remove": "govc vm.destroy wl9-x"}}

        def finish(self):
            return {{"run": "r", "started": "t", "cluster": "dev/wl9", "plan": {{}}, "created": [], "deleted": [],
                    "kept": [], "machines": [], "leftovers": [LEFT], "writes": []}}

        CreationStage.finish = finish
        controller.status = lambda results: ExitCode.{verdict}
        """
    )
    arguments = ("--pyargs", "tkg_conformance.conformance", "-p", "no:cacheprovider", "-p", "conftest")
    chosen = ("--tkg-observation", str(tmp_path / "stored.json"), "--tkg-require", "ZONE-1")
    result = pytester.runpytest_subprocess(*arguments, *chosen)
    result.stdout.fnmatch_lines(["*1 leftover*", "*left over: VM wl9-x*", "*govc vm.destroy wl9-x"])
    assert result.ret == code
