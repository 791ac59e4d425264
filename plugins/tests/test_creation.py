"""The options of creation, what a session does with them, and what its leftovers mean for the exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from fixtures.creation.tests.conftest import FLAT, TKR
from fixtures.creation.tests.fake_api import FakeAPI, serving
from fixtures.creation.tests.rushed import Rushed
from fixtures.creation.tests.test_creation import CLUSTER, NAMES, machine
from plugins.tests.test_engine import OBSERVATION
from tkg_conformance.fixtures import sitefile
from tkg_conformance.fixtures.creation.errors import CreationFailed, LedgerError
from tkg_conformance.fixtures.creation.ledger import FILE, Ledger, Phase, read
from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.fixtures.observation import store
from tkg_conformance.fixtures.sitefile import SiteFile
from tkg_conformance.plugins import cli_cleanup
from tkg_conformance.plugins import options as option_module
from tkg_conformance.plugins.creation import CreationStage
from tkg_conformance.plugins.options import Options
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.reports.remains import unsettled

COMMAND = (sys.executable, "-m", "tkg_conformance.plugins.cli")


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAPI]:
    """A management cluster whose controllers bring up every Cluster at once."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    with serving() as api:
        api.add("/api/v1/namespaces/dev")
        api.add("/api/v1/namespaces/kube-system")
        api.add("/apis/cluster.x-k8s.io/v1beta2/namespaces/dev/clusterclasses/tkg-vsphere-default-v1.0.0")
        api.add(TKR, spec={"kubernetes": {"version": "v1.29.9+vmware.1"}})

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
    return Options(site=tmp_path / "site.yaml", create=tmp_path / "wl9.yaml", out=tmp_path / "out", create_timeout=60.0)


def stage(options: Options) -> CreationStage:
    return CreationStage(options, TerminalProgress(tty=False), Rushed())


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
        option_module._seconds(text, "--tkg-create-timeout")


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
    assert (len(record["created"]), record["leftovers"]) == (len(NAMES), [])
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


def test_a_resumed_run_that_is_all_created_renders_nothing_again(
    api: FakeAPI, site: SiteFile, given: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(given, site, Phase.WAITING)
    (given.create or Path()).unlink()
    monkeypatch.setattr("shutil.which", lambda name: "/nowhere/tanzu")
    running = resumed(given)
    (entry,) = running.begin(site).clusters
    assert entry.name == "dev/wl9"
    record = running.finish()
    assert record is not None
    assert record["plan"]["machine_count"] == 2
    assert (record["deleted"], record["phase"]) == (NAMES, "done")


def test_a_file_with_other_objects_by_now_is_not_gone_on_with(api: FakeAPI, site: SiteFile, given: Options) -> None:
    killed(given, site, Phase.CREATING)
    (given.create or Path()).write_text(FLAT.replace("wl9", "wl8"))
    running = resumed(given)
    with pytest.raises(UsageError, match=r"describes dev/wl8 now, with other objects than the ledger \(dev/wl9\)"):
        running.begin(site)
    running.finish()
    assert CLUSTER in api.objects


@pytest.mark.parametrize("phase", [Phase.CREATING, Phase.WAITING, Phase.JUDGING])
def test_another_management_cluster_is_refused_before_anything_is_deleted(
    api: FakeAPI, site: SiteFile, given: Options, phase: Phase
) -> None:
    killed(given, site, phase)
    with serving() as other:
        for path in ("/api/v1/namespaces/kube-system", "/api/v1/namespaces/dev"):
            other.add(path, metadata={"uid": "another"})
        other.add("/apis/cluster.x-k8s.io/v1beta2/namespaces/dev/clusterclasses/tkg-vsphere-default-v1.0.0")
        other.add(TKR, spec={"kubernetes": {"version": "v1.29.9+vmware.1"}})
        folder = given.out.parent / "other"
        folder.mkdir()
        (folder / "mgmt.yaml").write_text(yaml.safe_dump(other.kubeconfig.document))
        (folder / "site.yaml").write_text("management: {kubeconfig: mgmt.yaml}\nallow: [create]\n")
        running = resumed(given)
        with pytest.raises(UsageError, match="is another management cluster"):
            running.begin(sitefile.load(folder / "site.yaml", {}))
        running.finish()
        with pytest.raises(UsageError, match="is another management cluster"):
            cli_cleanup._delete(given.out, folder / "site.yaml", TerminalProgress(tty=False), 60.0, Rushed())
        assert {method for method, _ in other.requests} == {"GET"}
    state = read(given.out / FILE)
    assert state is not None
    assert (state.phase, len(state.to_delete())) == (phase, len(NAMES))


def test_leftovers_keep_a_run_open_until_a_cleanup_finds_none(api: FakeAPI, site: SiteFile, given: Options) -> None:
    running = stage(given)
    running.begin(site)
    mark = api.objects[CLUSTER]["metadata"]["labels"]
    copy = "/api/v1/namespaces/dev/secrets/copy"
    api.add(copy, metadata={"labels": mark})
    record = running.finish()
    assert record is not None
    assert (record["phase"], [each["object"] for each in record["leftovers"]]) == ("leftovers", ["Secret dev/copy"])
    again = stage(given)
    with pytest.raises(LedgerError, match="is of a run that left something over"):
        again.begin(site)
    again.finish()
    with pytest.raises(UsageError, match="left something over; look again"):
        resumed(given).begin(site)
    for gone in (False, True):
        if gone:
            del api.objects[copy]
        ended = cli_cleanup._delete(given.out, None, TerminalProgress(tty=False), 60.0, Rushed())
        assert ended is not None
        assert bool(unsettled(ended.record())) is not gone
    assert cli_cleanup._delete(given.out, None, TerminalProgress(tty=False), 60.0, Rushed()) is None


def test_the_verdicts_are_entered_and_told_before_anything_is_deleted(
    api: FakeAPI, site: SiteFile, given: Options
) -> None:
    running = stage(given)
    assert running.under_way() is None
    running.begin(site)
    running.looked()
    running.judged()
    state = read(given.out / FILE)
    assert state is not None
    assert state.phase is Phase.JUDGED
    record = running.under_way()
    assert record is not None
    assert CLUSTER in api.objects
    assert "not known to be gone" in unsettled(record)
    assert any("was under way when this was written" in note for note in record["notes"])
    running.finish()
    assert running.under_way() is None


def test_with_keep_nothing_is_under_way(api: FakeAPI, site: SiteFile, given: Options) -> None:
    running = stage(replace(given, keep=True))
    running.begin(site)
    assert running.under_way() is None
    record = running.finish()
    assert record is not None
    assert (record["phase"], unsettled(record)) == ("kept", "")


@pytest.mark.parametrize(
    ("name", "value"), [("CREATE", "a.yaml"), ("KEEP", "true"), ("RESUME", "true"), ("CREATE_TIMEOUT", "soon")]
)
def test_no_variable_and_no_ini_file_can_switch_creation_on(pytester: pytest.Pytester, name: str, value: str) -> None:
    pytester.makeini(f"[pytest]\ntkg_{name.lower()} = {value}\n")
    config = pytester.parseconfig("--tkg-observation", "o.json", "-W", "ignore")
    found = option_module.read_options(config, {f"TKG_CONFORMANCE_{name}": value})
    assert (found.create, found.keep, found.resume, found.create_timeout) == (None, False, False, 1800.0)


def test_run_and_cleanup_name_the_time_to_wait_alike() -> None:
    for command in ("run", "cleanup"):
        shown = subprocess.run([*COMMAND, command, "--help"], capture_output=True, text=True, check=True)
        assert "--create-timeout" in shown.stdout
        assert " --timeout" not in shown.stdout


@pytest.mark.parametrize("arguments", [("run", "--resume", "--out", "empty"), ("cleanup", "--out", "file")])
def test_a_folder_without_a_ledger_is_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    # No container engine is found, so that `cleanup` leaves the containers of other tests alone.
    environment = {**os.environ, "DOCKER_HOST": f"unix://{tmp_path}/absent"}
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 4
    assert done.stderr.strip().splitlines()[-1].startswith(("There is no ledger", "file is no folder"))


INNER = """
    import json, pathlib
    from tkg_conformance.plugins.creation import CreationStage
    from tkg_conformance.reports import verdict
    from tkg_conformance.reports.records import RunVerdict

    LEFT = {"object": "VM wl9-x (vm-1)", "age_s": 5, "evidence": "it is new", "remove": "govc vm.destroy vm-1"}

    def record(**changes):
        return {"run": "r", "started": "t", "cluster": "dev/wl9", "plan": {}, "created": [], "deleted": [],
                "kept": [], "machines": [], "leftovers": [], "writes": [], **changes}

    def finish(self):
        results = pathlib.Path("tkg-conformance-results/results.json")
        if not pathlib.Path("before.json").exists():
            pathlib.Path("before.json").write_text(results.read_text())
        self.interrupted = INTERRUPTED
        return record(phase="leftovers", leftovers=[LEFT])

    CreationStage.under_way = lambda self: record(phase="judged")
    CreationStage.finish = finish
    verdict._decide = lambda *rows: (RunVerdict.DECIDED, "as it is")
"""


def ended(
    pytester: pytest.Pytester, tmp_path: Path, verdict: str, *, interrupted: bool = False
) -> tuple[pytest.RunResult, dict[str, Any], dict[str, Any]]:
    """An inner run that is decided so and leaves something over: its results before deleting, and at the end."""
    store.save(OBSERVATION, tmp_path / "stored.json")
    pytester.makeconftest(INNER.replace("DECIDED", verdict).replace("INTERRUPTED", str(interrupted)))
    arguments = ("--pyargs", "tkg_conformance.conformance.zone", "-p", "no:cacheprovider", "-p", "conftest")
    chosen = ("--tkg-observation", str(tmp_path / "stored.json"), "--tkg-require", "ZONE-1")
    result = pytester.runpytest_subprocess(*arguments, *chosen)
    before = json.loads((pytester.path / "before.json").read_text())
    after = json.loads((pytester.path / "tkg-conformance-results/results.json").read_text())
    return result, before, after


@pytest.mark.parametrize(("verdict", "code"), [("CERTIFIED", 10), ("CERTIFIED_WITH_WAIVERS", 10), ("NOT_CERTIFIED", 1)])
def test_leftovers_turn_a_certificate_into_incomplete_and_mask_no_failure(
    pytester: pytest.Pytester, tmp_path: Path, verdict: str, code: int
) -> None:
    result, before, after = ended(pytester, tmp_path, verdict)
    result.stdout.fnmatch_lines(["*1 leftover*", "*left over: VM wl9-x*", "*govc vm.destroy vm-1"])
    assert result.ret == code
    said = {10: "INCOMPLETE", 1: "NOT CERTIFIED"}[code]
    assert (before["verdict"], after["verdict"]) == (said, said)
    assert ("1 leftover" in after["verdict_reason"]) is (code == 10)
    # The results were there before anything was deleted, and said so.
    assert ("its deletion has not come to its end" in before["verdict_reason"]) is (code == 10)
    assert (before["creation"]["phase"], after["creation"]["phase"]) == ("judged", "leftovers")
    assert len(before["requirements"]) == len(after["requirements"]) > 0


def test_an_interrupted_deletion_is_an_interrupted_run(pytester: pytest.Pytester, tmp_path: Path) -> None:
    result, _, after = ended(pytester, tmp_path, "CERTIFIED", interrupted=True)
    assert result.ret == 2
    assert after["verdict"] == "INCOMPLETE"


def test_an_unforeseen_error_is_stored_by_its_kind_and_place_only(pytester: pytest.Pytester, tmp_path: Path) -> None:
    pytester.makeconftest(
        """
        from tkg_conformance.plugins import controller

        def look(*arguments):
            raise ValueError("s3cret")

        controller.look = look
        """
    )
    store.save(OBSERVATION, tmp_path / "stored.json")
    arguments = ("--pyargs", "tkg_conformance.conformance.zone", "-p", "no:cacheprovider", "-p", "conftest")
    pytester.runpytest_subprocess(*arguments, "--tkg-observation", str(tmp_path / "stored.json"))
    text = (pytester.path / "tkg-conformance-results/results.json").read_text()
    assert "internal error: ValueError at conftest.py, line " in json.loads(text)["run"]["abort_reason"]
    assert "s3cret" not in text
