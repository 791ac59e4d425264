"""`compare`, and what a run says of the one before it in the same folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from plugins.tests.forked import command
from plugins.tests.rows import catalogue, requirement, result
from plugins.tests.test_engine import OBSERVATION
from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.fixtures.observation import store
from tkg_conformance.plugins import previous
from tkg_conformance.plugins.options import Options
from tkg_conformance.plugins.previous import Previous
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.plugins.recorder import Recorder
from tkg_conformance.reports import results_json
from tkg_conformance.reports.records import Result, Results, RunInfo, RunState, Selection, Verdict
from tkg_conformance.reports.verdict import run_verdict

SITE = {"kind": "site", "vcenters": [{"server": "vc01", "instance_uuid": "42-1"}], "management": "https://m:6443"}
ELSEWHERE = {**SITE, "vcenters": [{"server": "vc02", "instance_uuid": "42-2"}]}
SCHEMA = {**results_json.schema(), "$ref": "#/$defs/comparison"}


def made(*rows: Result, environment: dict[str, object] | None = None, state: RunState = RunState.COMPLETED) -> Results:
    verdict, reason = run_verdict(rows, state=state)
    known = catalogue(*(requirement(each.id) for each in rows))
    return Results(
        run=RunInfo(
            id="7f3a",
            started="2026-11-21T13:40:00Z",
            finished="2026-11-21T13:40:09Z",
            state=state,
            suite_version="0.1.0",
            command="run",
            selection=Selection("zone"),
        ),
        environment=environment or SITE,
        verdict=verdict,
        verdict_reason=reason,
        results=rows,
        catalogue=known.requirements,
        areas=known.areas,
    )


HELD = made(result("ZONE-1", Verdict.NOT_APPLICABLE), result("ZONE-2", Verdict.DOC_CONFLICT))
BROKEN = made(result("ZONE-1", Verdict.FAIL, "Tag a"), result("ZONE-2", Verdict.DOC_CONFLICT))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, results in (("held", HELD), ("broken", BROKEN), ("elsewhere", replace(HELD, environment=ELSEWHERE))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.json").write_text(results_json.dumps(results))
    return tmp_path


@pytest.mark.parametrize(
    ("before", "after", "code", "sentence"),
    [
        ("held", "broken", 1, "✗ worse since 2026-11-21 13:40:00 UTC: CERTIFIED → NOT CERTIFIED, 1 new violation"),
        (
            "broken/results.json",
            "held",
            0,
            "✓ not worse since 2026-11-21 13:40:00 UTC: NOT CERTIFIED → CERTIFIED, 1 gone",
        ),
        ("held", "held/results.json", 0, "✓ not worse since 2026-11-21 13:40:00 UTC: no row changed"),
    ],
)
def test_the_exit_code_says_whether_anything_got_worse(
    folder: Path, before: str, after: str, code: int, sentence: str
) -> None:
    done = command("compare", before, after, cwd=folder)
    assert done.returncode == code
    assert " ".join(done.stdout.split()).startswith(sentence)
    assert done.stderr == ""


def test_json_is_what_results_would_hold(folder: Path) -> None:
    done = command("compare", "held", "broken", "--format", "json", cwd=folder)
    document = json.loads(done.stdout)
    schema = {key: SCHEMA[key] for key in ("$schema", "$defs", "$ref")}
    jsonschema.Draft202012Validator(schema).validate(document)
    assert [(row["id"], row["change"]) for row in document["rows"]] == [("ZONE-1", "new")]
    assert done.returncode == 1


@pytest.mark.parametrize(("format_", "start"), [("text", "✗ worse"), ("markdown", "## ✗ worse"), ("json", "{")])
def test_out_writes_the_same_into_a_file_and_nothing_else(folder: Path, format_: str, start: str) -> None:
    printed = command("compare", "held", "broken", "--format", format_, cwd=folder).stdout
    done = command("compare", "held", "broken", "--format", format_, "--out", "changes", cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert (folder / "changes").read_text() == printed
    assert printed.startswith(start)


def test_different_sites_are_refused_unless_asked_for_and_then_said_first(folder: Path) -> None:
    refused = command("compare", "held", "elsewhere", cwd=folder)
    assert (refused.returncode, refused.stdout) == (4, "")
    assert (
        "held and elsewhere are of different sites: they looked at different vCenters, vc01 and vc02" in refused.stderr
    )
    assert "--different-sites" in refused.stderr
    done = command("compare", "held", "elsewhere", "--different-sites", cwd=folder)
    assert done.returncode == 0
    assert done.stdout.startswith("! DIFFERENT SITES: they looked at different vCenters")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("held",), "Missing argument 'B'"),
        (("held", "nowhere"), "cannot read nowhere: No such file or directory"),
        (("held", "."), "cannot read results.json: No such file or directory"),
        (("held", "broken", "--format", "pdf"), "'pdf' is not one of"),
        (("held", "broken", "--out", "broken/results.json"), "is a file that is read"),
        (("held", "bad.json"), "bad.json: the results are no complete JSON"),
        (("held", "newer.json"), "use the version of tkg-conformance that wrote them, or a newer one"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_4(folder: Path, arguments: tuple[str, ...], sentence: str) -> None:
    (folder / "bad.json").write_text("{")
    (folder / "newer.json").write_text('{"schema": "tkg-conformance/results/v9"}')
    before = (folder / "broken" / "results.json").read_bytes()
    done = command("compare", *arguments, cwd=folder)
    assert done.returncode == 4
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert (folder / "broken" / "results.json").read_bytes() == before


def test_a_file_that_cannot_be_written_is_one_sentence(folder: Path) -> None:
    done = command("compare", "held", "broken", "--out", "missing/changes", cwd=folder)
    assert done.returncode == 11
    assert "the folder does not exist" in done.stderr


def test_the_results_of_the_folder_are_those_before_and_none_is_no_note(folder: Path) -> None:
    assert previous.find(Options(out=folder / "held")) == Previous(HELD)
    assert previous.find(Options(out=folder / "new")) == Previous()
    assert Previous().compared(BROKEN) == (BROKEN, "")


def test_named_results_come_before_those_of_the_folder(folder: Path) -> None:
    assert previous.find(Options(out=folder / "held", previous=folder / "broken")).results == BROKEN


@pytest.mark.parametrize("text", ["{", '{"schema": "tkg-conformance/results/v9"}', "\x00"])
def test_unusable_results_of_the_folder_are_noted_and_named_ones_refused(folder: Path, text: str) -> None:
    path = folder / "held" / "results.json"
    path.write_text(text)
    found = previous.find(Options(out=folder / "held"))
    assert found.results is None
    assert str(path) in found.note
    with pytest.raises(UsageError, match=r"^--tkg-previous: .*results.json"):
        previous.find(Options(previous=folder / "held"))


def test_a_run_says_what_changed_since_the_one_before() -> None:
    found, note = Previous(HELD).compared(BROKEN)
    assert note == ""
    assert found.comparison is not None
    assert found.comparison.worse
    assert replace(found, comparison=None) == BROKEN


UNDECIDED = made(result("ZONE-1", Verdict.NOT_RUN), result("ZONE-2", Verdict.PASS, selected=False))
UNOBSERVED = replace(BROKEN, environment={"kind": "unknown"})
NOT_COMPARED: list[tuple[str, Results, Results, str]] = [
    ("undecided", UNDECIDED, BROKEN, "the run of 2026-11-21 13:40:00 UTC decided nothing"),
    ("unobserved", HELD, UNOBSERVED, "this run observed nothing"),
    ("elsewhere", replace(HELD, environment=ELSEWHERE), BROKEN, "looked at another site: they looked at different"),
]


@pytest.mark.parametrize(
    ("before", "after", "words"), [each[1:] for each in NOT_COMPARED], ids=[each[0] for each in NOT_COMPARED]
)
def test_what_says_nothing_is_not_compared_and_the_reason_is_told(before: Results, after: Results, words: str) -> None:
    found, note = Previous(before).compared(after)
    assert found.comparison is None
    assert words in note


def test_a_resumed_run_is_not_compared_with_what_it_wrote_before_it_was_killed() -> None:
    former, resumed = (replace(each, creation={"run": "a1"}) for each in (HELD, BROKEN))
    assert "of this run, before it was killed" in Previous(former).compared(resumed)[1]
    assert Previous(former).compared(replace(BROKEN, creation={"run": "b2"}))[0].comparison is not None
    assert Previous(HELD).compared(resumed)[0].comparison is not None


def test_results_that_are_written_twice_are_compared_with_the_run_before_both_times(folder: Path) -> None:
    of_this_site = replace(HELD, environment={"kind": "site", "management": "https://127.0.0.1:6443"})
    (folder / "held" / "results.json").write_text(results_json.dumps(of_this_site))
    recorder = Recorder(
        catalogue(requirement("ZONE-1")), out=folder / "held", command="run", progress=TerminalProgress()
    )
    recorder.observation, recorder.previous = OBSERVATION, previous.find(Options(out=folder / "held"))
    for _ in range(2):
        comparison = recorder.finish().comparison
        recorder.write()
        assert comparison is not None
        assert comparison.before.id == HELD.run.id
    assert results_json.load(folder / "held" / "results.json").comparison == comparison


@pytest.fixture
def observation(tmp_path: Path) -> Path:
    path = tmp_path / "stored.json"
    store.save(OBSERVATION, path)
    return path


def judged(tmp_path: Path, observation: Path, *arguments: str) -> tuple[Results, str]:
    done = command("judge", str(observation), "--area", "multios", "--out", "out", *arguments, cwd=tmp_path)
    assert "Traceback" not in done.stdout + done.stderr
    return results_json.load(tmp_path / "out" / "results.json"), " ".join(done.stdout.split())


def test_the_second_run_into_a_folder_is_compared_with_the_first(observation: Path, tmp_path: Path) -> None:
    first, told = judged(tmp_path, observation)
    assert first.comparison is None
    assert "since" not in told
    assert "compared" not in told
    second, told = judged(tmp_path, observation, "-n", "1")
    assert second.comparison is not None
    assert (second.comparison.before.id, second.comparison.after.id) == (first.run.id, second.run.id)
    assert (second.comparison.rows, second.comparison.worse) == ((), False)
    assert " not worse since " in told


def damaged(results: Path) -> None:
    results.write_text("{")


def removed(results: Path) -> None:
    results.unlink()


def of_another_site(results: Path) -> None:
    document = json.loads(results.read_text())
    document["environment"]["kind"] = "lab"
    results.write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("change", "told"),
    [(damaged, "not compared with a previous run: out/results.json"), (removed, ""), (of_another_site, "another site")],
)
def test_a_run_never_fails_over_the_one_before(
    observation: Path, tmp_path: Path, change: Callable[[Path], None], told: str
) -> None:
    before, _ = judged(tmp_path, observation)
    change(tmp_path / "out" / "results.json")
    after, output = judged(tmp_path, observation)
    assert after.comparison is None
    assert after.verdict is before.verdict
    assert told in output
    assert ("not compared" in output) is bool(told)


def test_a_run_is_compared_with_named_results(observation: Path, tmp_path: Path) -> None:
    judged(tmp_path, observation)
    (tmp_path / "out").rename(tmp_path / "kept")
    after, told = judged(tmp_path, observation, "--previous", "kept")
    assert after.comparison is not None
    assert " not worse since " in told


def test_named_results_that_cannot_be_read_are_told_before_anything_is_looked_at(
    observation: Path, tmp_path: Path
) -> None:
    done = command("judge", str(observation), "--previous", "nowhere", "--out", "out", cwd=tmp_path)
    assert done.returncode == 4
    assert "--tkg-previous: cannot read nowhere: No such file or directory." in done.stderr + done.stdout
    assert not (tmp_path / "out").exists()


def test_an_aborted_run_leaves_nothing_to_compare_with(observation: Path, tmp_path: Path) -> None:
    first, _ = judged(tmp_path, observation)
    rows = tuple(replace(each, verdict=Verdict.NOT_RUN, findings=()) for each in first.results)
    verdict, reason = run_verdict(rows, state=RunState.ABORTED)
    run = replace(first.run, state=RunState.ABORTED, abort_reason="the site was lost")
    aborted = replace(first, run=run, results=rows, verdict=verdict, verdict_reason=reason)
    (tmp_path / "out" / "results.json").write_text(results_json.dumps(aborted))
    after, told = judged(tmp_path, observation)
    assert after.comparison is None
    assert "decided nothing" in told
