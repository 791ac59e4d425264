"""What is too large for the results: which files hold it, and what stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reports.tests import sample
from tkg_conformance.reports import evidence
from tkg_conformance.reports.records import EvidenceFile, Examined, Result, Results, Verdict

OBJECTS = tuple(f"Node dev/wl1/n{number}" for number in range(evidence.MAX_LISTED + 1))
LONG = "x" * (evidence.MAX_TEXT + 1)
EXAMINED, TEXTS = "evidence/examined-ZONE-8-dev-wl1.txt", "evidence/texts-ZONE-8-dev-wl1.txt"


def results(**changes: Any) -> Results:
    row = sample.row("ZONE-8", Verdict.PASS, "both labels", examined=Examined(len(OBJECTS), OBJECTS))
    return sample.results((replace(row, **changes),))


def files(found: Results) -> dict[str, str]:
    return {each.file: each.text for each in evidence.contents(found)}


def test_what_fits_stays_as_it_is() -> None:
    whole = sample.every_verdict()
    assert files(whole) == {}
    assert evidence.reduced(whole, ()) == whole


def test_examined_objects_beyond_the_limit_are_in_a_file_and_the_count_stays() -> None:
    whole = results()
    assert files(whole) == {EXAMINED: "".join(f"{each}\n" for each in OBJECTS)}
    row = evidence.reduced(whole, {EXAMINED}).results[0]
    assert row.examined == Examined(len(OBJECTS), OBJECTS[: evidence.MAX_LISTED])
    assert row.notes == (f"all 201 examined objects are in {EXAMINED}",)
    lost = evidence.reduced(whole, ()).results[0]
    assert lost.notes == ("all 201 examined objects are not listed anywhere: they could not be kept",)


@pytest.mark.parametrize("field", ["message", "expected", "observed", "evidence", "remediation"])
def test_a_long_text_of_a_finding_is_cut_and_whole_in_a_file(field: str) -> None:
    changes: dict[str, Any] = {field: LONG}
    finding = replace(sample.MISSING_LABEL, **changes)
    whole = results(verdict=Verdict.FAIL, examined=Examined(), findings=(sample.MISSING_TAG, finding))
    assert files(whole) == {TEXTS: f"== finding 2, {finding.object}: {field}\n{LONG}\n"}
    first, second = evidence.reduced(whole, {TEXTS}).results[0].findings
    assert first == sample.MISSING_TAG
    told = getattr(second, field)
    assert told == f"{LONG[:-1]}… (4097 characters; whole in {TEXTS})"
    assert replace(second, **changes) == finding


def test_reasons_and_notes_are_cut_too_and_say_if_the_rest_is_lost() -> None:
    whole = results(reason=LONG, notes=("short", LONG), examined=Examined(1, ("Node a",)))
    assert files(whole) == {TEXTS: f"== reason\n{LONG}\n\n== note 2\n{LONG}\n"}
    row = evidence.reduced(whole, ()).results[0]
    assert row.reason.endswith("… (4097 characters; the rest could not be kept)")
    assert (row.notes[0], row.notes[1][: evidence.MAX_TEXT]) == ("short", LONG[:-1])


def test_messages_of_a_comparison_are_cut() -> None:
    comparison = sample.every_verdict().comparison
    assert comparison
    index, row = next((index, row) for index, row in enumerate(comparison.rows) if row.objects)
    long = replace(row, objects=tuple(replace(each, message=LONG) for each in row.objects))
    rows = (*comparison.rows[:index], long, *comparison.rows[index + 1 :])
    whole = replace(sample.every_verdict(), comparison=replace(comparison, rows=rows))
    found = evidence.reduced(whole, ()).comparison
    assert found
    assert {each.message for each in found.rows[index].objects} == {f"{LONG[:-1]}… (4097 characters; cut)"}
    assert replace(found, rows=comparison.rows) == comparison


@pytest.mark.parametrize(
    ("scopes", "names"),
    [
        (("dev/wl1", "dev-wl1", "DEV/wl1"), ("dev-wl1", "dev-wl1-2", "DEV-wl1-3")),
        (("../../etc/passwd", "a b\n\x1b"), ("-etc-passwd", "a-b-")),
        (("x" * 300,), ("x" * 73,)),
    ],
)
def test_names_of_files_are_safe_and_each_is_used_once(scopes: tuple[str, ...], names: tuple[str, ...]) -> None:
    one = results().results[0]
    rows: tuple[Result, ...] = tuple(replace(one, scope=scope) for scope in scopes)
    found = [each.file for each in evidence.contents(sample.results(rows))]
    assert found == [f"evidence/examined-ZONE-8-{name}.txt" for name in names]


def test_a_hostile_object_takes_one_line_of_the_file() -> None:
    whole = results(examined=Examined(len(OBJECTS), (*OBJECTS[:-1], sample.HOSTILE + "\nNode forged")))
    (text,) = files(whole).values()
    assert len(text.splitlines()) == len(OBJECTS)
    assert "\x1b" not in text


def test_only_files_of_a_former_run_are_stale() -> None:
    kept = EvidenceFile(EXAMINED, "0" * 64, 1, "")
    present = ["examined-ZONE-8-dev-wl1.txt", "texts-OVA-1-site.txt", "notes.txt", "examined-mine.md"]
    assert evidence.stale(present, replace(results(), evidence=(kept,))) == ["texts-OVA-1-site.txt"]
