"""The plugin in inner pytest sessions, on a stored observation."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from plugins.tests.rows import interruptible
from plugins.tests.test_engine import OBSERVATION
from tkg_conformance.fixtures.observation import store
from tkg_conformance.reports import results_json

SUITE = ("--pyargs", "tkg_conformance.conformance", "-p", "no:cacheprovider")


@pytest.fixture
def observation(tmp_path: Path) -> Path:
    path = tmp_path / "stored.json"
    store.save(OBSERVATION, path)
    return path


def run(pytester: pytest.Pytester, *arguments: str, **environment: str) -> tuple[pytest.RunResult, dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        result = pytester.runpytest_subprocess(*SUITE, *arguments)
    file = pytester.path / "tkg-conformance-results" / "results.json"
    return result, json.loads(file.read_text()) if file.exists() else {}


def rows(results: dict[str, Any]) -> dict[tuple[str, str], tuple[str, str, bool]]:
    return {
        (each["id"], each["scope"]): (each["verdict"], each["reason"], each["selected"])
        for each in results["requirements"]
    }


def test_without_its_options_the_plugin_is_dormant(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "def test_mine(request): assert not request.config.pluginmanager.has_plugin('tkg-conformance-items')"
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    assert result.ret == 0
    assert not (pytester.path / "tkg-conformance-results").exists()
    loaded = pytester.run(
        sys.executable,
        "-c",
        "import sys, tkg_conformance.plugins.plugin as p; print([m for m in sys.modules if m.split('.')[0] in "
        "('kubernetes', 'pyVmomi', 'yaml', 'pydantic', 'requests', 'jinja2')])",
    )
    loaded.stdout.fnmatch_lines(["[[][]]"])


@pytest.mark.parametrize("more", [(), ("-n", "2")])
def test_on_nothing_the_suite_says_what_is_missing(pytester: pytest.Pytester, more: tuple[str, ...]) -> None:
    result, _ = run(pytester, *more)
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*nothing to judge: give --tkg-site FILE*--tkg-lab*--tkg-observation FILE*"])


def test_on_nothing_workers_say_it_too_when_the_suite_is_named_by_path(pytester: pytest.Pytester) -> None:
    folder = Path(__file__).parents[2] / "conformance" / "zone"
    result = pytester.runpytest_subprocess(str(folder), "-n", "2", "-p", "no:cacheprovider")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*The conformance suite has nothing to judge*"])
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_listing_needs_no_site(pytester: pytest.Pytester) -> None:
    result, _ = run(pytester, "--collect-only", "-q")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*94 tests collected*"])


def test_listing_reaches_no_site(pytester: pytest.Pytester) -> None:
    result, results = run(pytester, "--collect-only", "-q", "--tkg-site", "missing.yaml")
    assert (result.ret, results) == (0, {})
    result.stdout.fnmatch_lines(["*94 tests collected*"])


def test_every_requirement_ends_in_one_verdict_per_scope(pytester: pytest.Pytester, observation: Path) -> None:
    result, results = run(pytester, "--tkg-observation", str(observation))
    found = rows(results)
    assert len(found) == len(results["requirements"])
    assert len({id_ for id_, _ in found}) == 94
    assert {scope for _, scope in found} == {"site", "dev/wl1", "dev/wl2"}
    assert results["verdict"] == "INCOMPLETE"
    assert result.ret == 10
    assert not [row for row in results["requirements"] if "no check for it yet" in row["reason"]]
    out = pytester.path / "tkg-conformance-results"
    assert {each.name for each in out.iterdir()} == {"results.json", "observation.json", "junit.xml", "report.html"}
    assert results_json.load(out / "results.json").run.state == "completed"


def test_workers_give_the_same_results(pytester: pytest.Pytester, observation: Path) -> None:
    _, alone = run(pytester, "--tkg-observation", str(observation), "-n", "0")
    _, spread = run(pytester, "--tkg-observation", str(observation), "-n", "2")

    def stable(results: dict[str, Any]) -> list[dict[str, Any]]:
        return [{key: value for key, value in row.items() if key != "duration_s"} for row in results["requirements"]]

    assert stable(alone) == stable(spread)
    assert alone["verdict"] == spread["verdict"]


def test_what_is_not_selected_is_said_and_does_not_count(pytester: pytest.Pytester, observation: Path) -> None:
    result, results = run(pytester, "--tkg-observation", str(observation), "--tkg-require", "zone-1", "-v")
    found = rows(results)
    assert results["run"]["selection"]["description"] == "ZONE-1; 1 of 94 requirements"
    assert [key for key, row in found.items() if row[2]] == [("ZONE-1", "site")]
    assert found["OVA-1", "dev/wl1"][:2] == ("NOT-RUN", "not selected: only ZONE-1 asked for")
    result.stdout.fnmatch_lines(["*ZONE-1 site*"])


def test_environment_and_ini_are_twins_of_the_flags(pytester: pytest.Pytester, observation: Path) -> None:
    pytester.makeini(f"[pytest]\ntkg_area = identity\ntkg_out = from-ini\ntkg_observation = {observation}\n")
    run(pytester, TKG_CONFORMANCE_AREA="zone")
    written = json.loads((pytester.path / "from-ini" / "results.json").read_text())
    assert written["run"]["selection"]["areas"] == ["zone"]


def test_the_nearest_place_says_what_is_judged(pytester: pytest.Pytester, observation: Path) -> None:
    settings = {"TKG_CONFORMANCE_SITE": "site.yaml", "TKG_CONFORMANCE_PROFILE": ""}
    result, results = run(pytester, "--tkg-observation", str(observation), **settings)
    assert (result.ret, results["run"]["state"]) == (10, "completed")


def test_paths_in_an_ini_file_are_relative_to_it(pytester: pytest.Pytester, observation: Path) -> None:
    observation.rename(pytester.path / "seen.json")
    ini = pytester.makeini("[pytest]\ntkg_out = from-ini\ntkg_observation = seen.json\n")
    pytester.mkdir("below")
    os.chdir(pytester.path / "below")
    run(pytester, "-c", str(ini))
    assert (pytester.path / "from-ini" / "results.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--tkg-area", "zones"), "*no area 'zones'; expected one of*"),
        (("--tkg-require", "ZONE-99"), "*no requirement 'ZONE-99'*"),
        (("--tkg-cluster", "dev/none"), "*no cluster 'dev/none'; expected one of dev/wl1, dev/wl2*"),
        (("--tkg-observation", "missing.json"), "*no file missing.json; name the observation.json of a former run*"),
        (("--tkg-lab",), "*--tkg-lab and --tkg-observation exclude each other*"),
        (("--tkg-vcenter", "container"), "*--tkg-vcenter chooses what a lab is started with*--tkg-observation names*"),
    ],
)
def test_wrong_usage_is_one_sentence(
    pytester: pytest.Pytester, observation: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    result, results = run(pytester, "--tkg-observation", str(observation), *arguments)
    assert (result.ret, results) == (4, {})
    (result.stderr if any(result.errlines) else result.stdout).fnmatch_lines([sentence])
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize("content", ["", "{", '{"schema": "tkg-conformance/observation/v9"}'])
def test_an_unusable_observation_is_one_sentence_and_never_a_pass(pytester: pytest.Pytester, content: str) -> None:
    file = pytester.path / "stored.json"
    file.write_text(content)
    result, results = run(pytester, "--tkg-observation", str(file))
    assert (result.ret, results) == (4, {}), "no run had begun"
    assert "observe again" in result.stderr.str() + result.stdout.str()
    assert "Traceback" not in result.stderr.str() + result.stdout.str()


def test_ctrl_c_leaves_valid_results_of_an_aborted_run(pytester: pytest.Pytester, observation: Path) -> None:
    pytester.makeconftest(
        "import time\n\ndef pytest_runtest_logfinish(nodeid):\n    print('slow', flush=True)\n    time.sleep(0.3)\n"
    )
    process = interruptible(
        [
            sys.executable,
            "-m",
            "pytest",
            *SUITE,
            "--tkg-observation",
            str(observation),
            "--rootdir",
            ".",
            "-s",
            "--confcutdir",
            ".",
            "-c",
            "/dev/null",
            "-p",
            "conftest",
        ],
        cwd=pytester.path,
        env={**os.environ, "PYTHONPATH": str(pytester.path)},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "slow" in line:
            break
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 2
    written = results_json.load(pytester.path / "tkg-conformance-results" / "results.json")
    assert (written.run.state, written.verdict, written.run.abort_reason) == ("aborted", "ABORTED", "ended by the user")
    reasons = {row.reason for row in written.results if row.selected}
    assert "the run was aborted before: ended by the user" in reasons


@pytest.mark.parametrize("more", [(), ("-n", "1")])
def test_what_ends_pytest_early_is_told_from_ctrl_c(
    pytester: pytest.Pytester, observation: Path, more: tuple[str, ...]
) -> None:
    pytester.makeconftest("import pytest\n\ndef pytest_runtest_logreport(report): pytest.exit('enough')\n")
    arguments = ("--rootdir", ".", "--confcutdir", ".", "-p", "conftest", "--tkg-observation", str(observation))
    result, results = run(pytester, *arguments, *more, PYTHONPATH=str(pytester.path))
    assert (result.ret, results["run"]["abort_reason"]) == (11, "pytest ended it: enough")


def test_a_folder_that_cannot_be_written_is_one_sentence(pytester: pytest.Pytester, observation: Path) -> None:
    (pytester.path / "file").write_text("")
    result, _ = run(pytester, "--tkg-observation", str(observation), "--tkg-out", "file/out")
    assert result.ret == 4
    assert "its parent is a file and not a folder: choose another folder" in result.stderr.str()
    assert "Traceback" not in result.stderr.str() + result.stdout.str()


def test_a_wrong_mark_is_refused_with_the_right_form(pytester: pytest.Pytester, observation: Path) -> None:
    pytester.makepyfile("import pytest\n\n@pytest.mark.requirement(8)\ndef test_x(check): pass\n")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--tkg-observation", str(observation))
    assert result.ret != 0
    assert 'expected requirement("ZONE-8")' in result.stdout.str() + result.stderr.str()
