"""The files that a run leaves behind: complete, of this run, and the results before everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.tests import sample
from tkg_conformance.plugins import handover
from tkg_conformance.reports import results_json
from tkg_conformance.reports.errors import WriteError
from tkg_conformance.reports.files import write_atomically
from tkg_conformance.reports.records import Examined, Results, Verdict

OBJECTS = tuple(f"Node dev/wl1/n{number}" for number in range(5000))


def results(*ids: str) -> Results:
    rows = (sample.row(each, Verdict.PASS, "fine", examined=Examined(len(OBJECTS), OBJECTS)) for each in ids)
    return sample.results(tuple(rows))


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def test_what_a_former_run_left_beside_its_results_goes_and_other_files_stay(tmp_path: Path) -> None:
    handover.write(results("ZONE-1", "ZONE-8"), tmp_path, {})
    folder = tmp_path / "evidence"
    (folder / "mine.txt").write_text("")
    assert names(folder) == {"examined-ZONE-1-site.txt", "examined-ZONE-8-dev-wl1.txt", "mine.txt"}
    handover.write(results("ZONE-1"), tmp_path, {})
    assert names(folder) == {"examined-ZONE-1-site.txt", "mine.txt"}
    stored = results_json.load(tmp_path / "results.json")
    assert [each.file for each in stored.evidence] == ["evidence/examined-ZONE-1-site.txt"]


def test_files_are_not_removed_through_a_link_to_somewhere_else(tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "examined-ZONE-8-dev-wl1.txt").write_text("")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "evidence").symlink_to(tmp_path / "away")
    handover.write(results("ZONE-1"), tmp_path / "out", {})
    assert "examined-ZONE-8-dev-wl1.txt" in names(tmp_path / "away")


def test_evidence_that_finds_no_room_costs_neither_the_results_nor_the_truth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def full(path: Path, content: str | bytes) -> None:
        if path.name == "examined-ZONE-8-dev-wl1.txt":
            raise WriteError(f"cannot write {path}: the disk is full")
        write_atomically(path, content)

    monkeypatch.setattr("tkg_conformance.plugins.handover.write_atomically", full)
    written, failure = handover.write(results("ZONE-1", "ZONE-8"), tmp_path, {})
    assert str(tmp_path / "results.json") in written
    assert "the disk is full" in str(failure)
    stored = results_json.load(tmp_path / "results.json")
    assert [each.file for each in stored.evidence] == ["evidence/examined-ZONE-1-site.txt"]
    assert "could not be kept" in stored.results[1].notes[-1]


def test_what_is_named_but_not_there_is_no_evidence(tmp_path: Path) -> None:
    (tmp_path / "observation.json").write_text("{}")
    stored = {"observation.json": "what was seen of the site", "probes.json": "what the probes saw"}
    handover.write(results("ZONE-1"), tmp_path, stored)
    found = results_json.load(tmp_path / "results.json").evidence
    assert [each.file for each in found] == ["observation.json", "evidence/examined-ZONE-1-site.txt"]
    assert found[0].bytes == 2
