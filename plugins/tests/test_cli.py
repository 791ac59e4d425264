"""The command line, in processes of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plugins.tests.forked import command
from plugins.tests.test_engine import OBSERVATION
from tkg_conformance.fixtures.observation import store


@pytest.fixture
def observation(tmp_path: Path) -> Path:
    path = tmp_path / "stored.json"
    store.save(OBSERVATION, path)
    return path


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nonsense",), "No such command 'nonsense'"),
        (("run", "--nonsense"), "No such option: --nonsense"),
        (("run", "--site", "a.yaml", "--lab", "b"), "--site and --lab exclude each other"),
        (("run", "--site", "missing.yaml"), "site file missing.yaml cannot be read"),
        (("run", "--lab", "nowhere"), "There is no running lab in nowhere"),
        (("explain", "ZONE-99"), "There is no requirement 'ZONE-99'"),
        (("explain", "ZONE-1", "--results", "missing.json"), "missing.json"),
        (("list", "--area", "zones"), "There is no area 'zones'"),
        (("run", "--rerun", "missing.json"), "missing.json"),
        (("prove", "--fault", "no-such-fault"), "There is no fault 'no-such-fault'"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_4(arguments: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    done = command(*arguments, cwd=tmp_path)
    assert done.returncode == 4
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_judge_prints_the_pytest_command_and_passes_arguments_on(observation: Path, tmp_path: Path) -> None:
    done = command(
        "judge", str(observation), "--require", "ZONE-1", "--out", "out", "--", "--durations=1", cwd=tmp_path
    )
    assert done.returncode == 10
    assert "$ pytest --pyargs tkg_conformance.conformance --tkg-observation" in done.stderr
    assert "slowest 1 durations" in done.stdout
    assert "INCOMPLETE: ZONE-1; 1 of 94 requirements" in done.stdout
    written = json.loads((tmp_path / "out" / "results.json").read_text())
    assert written["verdict"] == "INCOMPLETE"
    assert f"$ {written['run']['command']}\n" in done.stderr


def test_a_profile_changes_levels_openly(observation: Path, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("levels: {ZONE-1: advisory}\nregion_zone_semantics: tags\n")
    command("judge", str(observation), "--profile", "p.yaml", "--out", "out", cwd=tmp_path)
    written = json.loads((tmp_path / "out" / "results.json").read_text())
    (row,) = [each for each in written["requirements"] if each["id"] == "ZONE-1"]
    assert row["level"] == "advisory"
    assert written["environment"]["profile"] == {
        "source": "p.yaml",
        "levels": {"ZONE-1": "advisory"},
        "region_zone_semantics": "tags",
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("levels: {ZONE-1: vital}", "gives ZONE-1 the level 'vital'; expected one of required, advisory, live"),
        ("levels: {ZONE-99: advisory}", "There is no requirement 'ZONE-99'"),
        ("semantics: tags", "semantics: unknown key, region_zone_semantics is the nearest known one"),
        ("[", "cannot be read: it is not YAML"),
        ("- x", "must be a mapping"),
    ],
)
def test_a_wrong_profile_is_one_sentence(observation: Path, tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "p.yaml").write_text(text)
    done = command("judge", str(observation), "--profile", "p.yaml", cwd=tmp_path)
    assert done.returncode == 4
    assert sentence in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout


def test_explain_is_a_manual_page_that_fits_80_columns(tmp_path: Path) -> None:
    done = command("explain", "zone-8", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("ZONE-8  CSI region and zone tags\n")
    assert "kubectl get nodes -L failure-domain.beta.kubernetes.io/zone" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


def test_list_as_json_holds_the_catalogue(tmp_path: Path) -> None:
    done = command("list", "--json", cwd=tmp_path)
    assert len(json.loads(done.stdout)) == 94
