"""The options of probes, where their records lie, and that judging again reads them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent import futures
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from conformance.tests.multios_site import WINDOWS_NODE, WL2, multi_os
from fixtures.creation.tests.fake_api import FakeAPI, serving
from fixtures.probes.tests.conftest import Told
from plugins.tests.rows import result
from plugins.tests.test_bad_input import command, sentences
from tkg_conformance.fixtures import sitefile
from tkg_conformance.fixtures.errors import ProbesError, UsageError
from tkg_conformance.fixtures.observation import store as observations
from tkg_conformance.fixtures.probes import conduct, store
from tkg_conformance.fixtures.probes.model import (
    SCHEMA,
    NodeReading,
    Outcome,
    Probe,
    ProbeRun,
    Probes,
    WatchedNode,
)
from tkg_conformance.fixtures.probes.targets import Target
from tkg_conformance.plugins import options as option_module
from tkg_conformance.plugins.options import Options
from tkg_conformance.reports import results_json
from tkg_conformance.reports.records import RunState, Verdict
from tkg_conformance.reports.verdict import run_verdict

OBSERVATION = multi_os().build()
SUITE = ("--pyargs", "tkg_conformance.conformance", "-p", "no:cacheprovider", "--tkg-require", "DVPG-7")


def flapped() -> Probes:
    """Return what a probe saw of a Node that flapped."""
    readings = tuple(
        NodeReading("2026-11-22T12:00:05Z", ready, since, "NodeStatusUnknown", "u1")
        for ready, since in (("True", "2026-11-22T11:00:00Z"), ("Unknown", "2026-11-22T12:05:00Z"))
    )
    node = WatchedNode(WINDOWS_NODE, readings, "2026-11-22T12:10:00Z")
    times = ("2026-11-22T12:00:05Z", "2026-11-22T12:10:05Z", 600.0)
    run = ProbeRun(Probe.NODES, WL2, *times, Outcome.COMPLETED, nodes=(node,))
    return Probes(SCHEMA, "0", observations.digest(OBSERVATION), (run,))


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A stored observation."""
    path = tmp_path / "seen" / "observation.json"
    observations.save(OBSERVATION, path)
    return path


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Options(probe_time=5.0), "only together with --tkg-probe"),
        (Options(probe=("nodes",), observation=Path("o")), "needs a site; a stored observation is none"),
        (Options(probe=("nodes",), resume=True), "exclude each other"),
        (Options(probes=Path("p")), "give both or neither"),
    ],
)
def test_what_contradicts_itself_is_one_sentence(given: Options, words: str) -> None:
    with pytest.raises(pytest.UsageError, match=words):
        option_module._check_probes(given)


def test_neither_a_variable_nor_an_ini_file_probes(pytester: pytest.Pytester, stored: Path) -> None:
    pytester.makeini("[pytest]\ntkg_observation = seen/observation.json\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TKG_CONFORMANCE_PROBE", "nodes")
        patch.setenv("TKG_CONFORMANCE_OBSERVATION", str(stored))
        result = pytester.runpytest_subprocess(*SUITE)
    assert result.ret != 4


def verdict_of(results: Path) -> tuple[str, str]:
    document: dict[str, Any] = json.loads(results.read_text())
    jsonschema.validate(document, results_json.schema())
    (row,) = [each for each in document["requirements"] if (each["id"], each["scope"]) == ("DVPG-7", WL2)]
    return row["verdict"], row["reason"]


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_judging_reads_the_probes_beside_the_observation(
    pytester: pytest.Pytester, stored: Path, workers: tuple[str, ...]
) -> None:
    sealed = store.save(flapped(), stored.with_name("probes.json"))
    result = pytester.runpytest_subprocess(*SUITE, "--tkg-observation", str(stored), "--tkg-out", "out", *workers)
    assert result.ret == 10, "a live row does not decide"
    assert verdict_of(pytester.path / "out" / "results.json")[0] == "FAIL"
    kept = store.load(pytester.path / "out" / "probes.json", observations.digest(OBSERVATION))
    assert kept == sealed
    document = json.loads((pytester.path / "out" / "results.json").read_text())
    assert document["environment"]["probes"]["digest"] == sealed.digest
    again = pytester.runpytest_subprocess(
        *SUITE, "--tkg-observation", "out/observation.json", "--tkg-out", "again", *workers
    )
    assert again.ret == 10
    assert verdict_of(pytester.path / "again" / "results.json") == verdict_of(pytester.path / "out" / "results.json")


def test_without_probes_the_row_is_judged_by_passive_evidence(pytester: pytest.Pytester, stored: Path) -> None:
    store.save(flapped(), pytester.path / "out" / "probes.json")
    pytester.runpytest_subprocess(*SUITE, "--tkg-observation", str(stored), "--tkg-out", "out")
    assert verdict_of(pytester.path / "out" / "results.json")[0] == "INCONCLUSIVE"
    assert not (pytester.path / "out" / "probes.json").exists(), "it is of another observation"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text[: len(text) // 2], "are not JSON"),
        (lambda text: text.replace("Unknown", "True"), "are damaged: their digest is not that of their content"),
        (lambda text: text.replace('"scope"', '"scop"'), "are damaged at runs.0.scope"),
        (lambda text: text.replace(SCHEMA, "other/v9"), "does not hold probes of this version"),
        (lambda text: "[]", "does not hold probes of this version"),
    ],
    ids=["cut", "edited", "key", "schema", "list"],
)
def test_a_damaged_file_is_refused_in_one_sentence(tmp_path: Path, change: Any, words: str) -> None:
    path = tmp_path / "probes.json"
    store.save(flapped(), path)
    path.write_text(change(path.read_text()))
    with pytest.raises(ProbesError, match=words):
        store.load(path, observations.digest(OBSERVATION))


def test_probes_of_another_observation_are_refused_in_one_sentence(stored: Path, tmp_path: Path) -> None:
    store.save(replace(flapped(), observation="sha256:0"), stored.with_name("probes.json"))
    done = command("judge", str(stored), "--require", "DVPG-7", "--out", "out", cwd=tmp_path)
    assert done.returncode == 4
    (said,) = sentences(done)
    assert "belong to another observation" in said
    named = command("judge", str(stored), "--probes", "nothing.json", "--out", "out", cwd=tmp_path)
    assert (named.returncode, "There is no file nothing.json" in named.stderr) == (4, True)


def test_the_shape_of_the_file_is_the_shipped_schema(tmp_path: Path) -> None:
    shipped = json.loads((Path(__file__).parents[2] / "fixtures" / "probes" / "probes.schema.json").read_text())
    assert shipped == store.json_schema()
    store.save(flapped(), tmp_path / "probes.json")
    jsonschema.validate(json.loads((tmp_path / "probes.json").read_text()), shipped)


@pytest.fixture
def api() -> Iterator[FakeAPI]:
    with serving() as api:
        api.add("/api/v1/namespaces/kube-system")
        api.hook = partial(given_accounts, api)
        yield api


def given_accounts(api: FakeAPI, method: str, path: str) -> int | None:
    """Give each namespace the account that Pods wait for, and take it with it, as the controllers do."""
    if path.endswith("/serviceaccounts/default"):
        api.add(path)
    elif method == "DELETE":
        api.objects.pop(f"{path}/serviceaccounts/default", None)
    return None


def site_of(api: FakeAPI, folder: Path, **more: Any) -> sitefile.SiteFile:
    (folder / "kubeconfig").write_text(yaml.safe_dump(api.kubeconfig.document))
    text = {"management": {"kubeconfig": "kubeconfig"}, "clusters": [{"name": WL2, "kubeconfig": "kubeconfig"}]}
    (folder / "site.yaml").write_text(yaml.safe_dump(text | more))
    return sitefile.load(folder / "site.yaml", {})


def test_a_writing_probe_needs_leave_before_anything_is_reached(api: FakeAPI, tmp_path: Path) -> None:
    site_of(api, tmp_path)
    done = command("run", "--site", "site.yaml", "--probe", "nodes", "--probe", "traffic", "--out", "out", cwd=tmp_path)
    assert done.returncode == 4
    (said,) = sentences(done)
    assert "does not allow the probe traffic, which creates and deletes objects: add `allow: [probe]`" in said
    assert api.requests == []
    unknown = command("run", "--site", "site.yaml", "--probe", "soak", "--out", "out", cwd=tmp_path)
    assert (unknown.returncode, "There is no probe 'soak'" in unknown.stderr) == (4, True)


def test_leave_is_given_by_allow_or_by_the_profile(api: FakeAPI, tmp_path: Path) -> None:
    conduct.require_leave(site_of(api, tmp_path), [Probe.TKR, Probe.NODES])
    conduct.require_leave(site_of(api, tmp_path, allow=["probe"]), list(Probe))
    conduct.require_leave(site_of(api, tmp_path, profile={"mutating_probes": True}), list(Probe))
    with pytest.raises(UsageError, match="probe volumes"):
        conduct.require_leave(site_of(api, tmp_path, allow=["create"]), [Probe.VOLUMES])


def test_a_refused_probe_names_the_role_and_the_others_go_on(api: FakeAPI, tmp_path: Path) -> None:
    api.hook = lambda method, path: 403 if method == "POST" else None
    conductor = conduct.Conductor(site_of(api, tmp_path), tmp_path / "out", {}, Told())
    wanted = [
        Target(Probe.TRAFFIC, WL2, 1.0),
        Target(Probe.TKR, "site", 1.0, paths=(("tkr-1", "/apis/run.tanzu.vmware.com/v1alpha3/x"),)),
        Target(Probe.VOLUMES, WL2, 1.0, nothing="one zone"),
        Target(Probe.NODES, WL2, 1.0),
    ]
    runs, interrupted = conductor.run(wanted)
    assert not interrupted
    assert [each.outcome for each in runs] == [
        Outcome.REFUSED,
        Outcome.COMPLETED,
        Outcome.NOTHING,
        Outcome.FAILED,
    ]
    assert "HTTP status 403" in runs[0].reason
    assert (
        f"tkg-conformance-prober lets it (`tkg-conformance plan --rbac --probe traffic --for {WL2}`" in runs[0].reason
    )
    assert runs[3].reason == f"There is no kubeconfig with which {WL2} could be read"
    assert runs[0].requests["creation CREATE Namespace"] == 1


def test_ctrl_c_deletes_and_keeps_what_was_seen(api: FakeAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, begun = futures.wait, threading.Event()

    def interrupted(runs: Any, timeout: float | None = None) -> Any:
        if timeout is not None and begun.wait(20):
            begun.clear()
            raise KeyboardInterrupt
        return real(runs, timeout)

    def created(method: str, path: str) -> int | None:
        if method == "GET" and path.endswith("/pods"):
            begun.set()
        return given_accounts(api, method, path)

    monkeypatch.setattr(conduct, "wait", interrupted)
    api.hook = created
    conductor = conduct.Conductor(site_of(api, tmp_path), tmp_path / "out", {}, Told())
    (run,), was_interrupted = conductor.run([Target(Probe.TRAFFIC, WL2, 60.0)])
    assert was_interrupted
    assert (run.outcome, len(run.created), run.leftovers) == (Outcome.INTERRUPTED, 5, ())
    assert not [each for each in api.objects if "tkg-conformance" in each]


def test_leftovers_of_probes_make_a_run_incomplete() -> None:
    rows = [result("ZONE-1", Verdict.PASS)]
    probes = {"runs": [{"leftovers": [{"object": "Pod a/b"}]}]}
    assert run_verdict(rows, state=RunState.COMPLETED)[0] == "CERTIFIED"
    verdict, reason = run_verdict(rows, state=RunState.COMPLETED, probes=probes)
    assert verdict == "INCOMPLETE"
    assert reason.startswith("what probes created is not all gone, or not known to be (1 leftover)")


def test_cleanup_deletes_what_a_killed_probe_left(api: FakeAPI, tmp_path: Path) -> None:
    site = site_of(api, tmp_path, allow=["probe"])
    api.hook = lambda method, path: 500 if method == "DELETE" else given_accounts(api, method, path)
    conductor = conduct.Conductor(site, tmp_path / "out", {}, Told())
    (run,), _ = conductor.run([Target(Probe.TRAFFIC, WL2, 0.1)])
    assert len(run.leftovers) == 5
    api.hook = partial(given_accounts, api)
    done = command("cleanup", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"created for the probe traffic of {WL2}: 5 objects" in " ".join(done.stdout.split())
    assert not [each for each in api.objects if "tkg-conformance" in each]
