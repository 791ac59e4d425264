"""What a run created and left over is said in the summary, in the report, and survives in results.json."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from reports.tests import sample
from tkg_conformance.reports import results_json, terminal
from tkg_conformance.reports.created import creation_lines, sentence
from tkg_conformance.reports.errors import ResultsError
from tkg_conformance.reports.html import HtmlRenderer
from tkg_conformance.reports.layout import plain
from tkg_conformance.reports.records import RunVerdict
from tkg_conformance.reports.remains import unsettled
from tkg_conformance.reports.verdict import run_verdict

LEFT = {
    "object": "VM wl9-abc (vm-7)",
    "age_s": 754,
    "evidence": "it is new and has the name of a machine of the cluster; tkg@vsphere.local cloned it",
    "remove": "govc vm.destroy wl9-abc",
}


def creation(**changes: Any) -> dict[str, Any]:
    created = [{"object": f"Secret dev/{name}", "uid": name} for name in ("a", "b")]
    return {
        "run": "r1",
        "started": "2026-01-02T03:04:05Z",
        "cluster": "dev/wl9",
        "plan": {"objects": []},
        "created": created,
        "deleted": ["Secret dev/a", "Secret dev/b"],
        "kept": [],
        "machines": ["wl9-abc"],
        "leftovers": [],
        "writes": ["CREATE Secret dev/a"],
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "created dev/wl9: 2 objects, 1 machine; deleted 2 of 2 objects, nothing is left over"),
        ({"leftovers": [LEFT]}, "created dev/wl9: 2 objects, 1 machine; deleted 2 of 2 objects; 1 leftover"),
        (
            {"deleted": ["Secret dev/a"], "gone": ["Secret dev/b"]},
            "created dev/wl9: 2 objects, 1 machine; deleted 1 of 2 objects, 1 was gone without it, "
            "nothing is left over",
        ),
        (
            {"unsearched": "vCenter was not searched"},
            "created dev/wl9: 2 objects, 1 machine; deleted 2 of 2 objects, nothing is left over on the management "
            "cluster; vCenter was not searched",
        ),
        ({"phase": "deleting"}, "created dev/wl9: 2 objects, 1 machine; deleted 2 of 2 objects; not known to be gone"),
        ({"kept": ["Secret dev/a"]}, "created dev/wl9: 2 objects, 1 machine; kept, as asked for"),
    ],
)
def test_one_sentence_says_what_became_of_it(changes: dict[str, Any], words: str) -> None:
    assert sentence(creation(**changes)) == words


def test_a_leftover_is_shown_with_its_age_and_how_to_remove_it() -> None:
    text = plain(creation_lines(creation(leftovers=[LEFT] * 5), 80))
    assert "left over: VM wl9-abc (vm-7), 12 min old" in text
    assert "→ govc vm.destroy wl9-abc" in text
    assert "and 2 more leftovers" in text
    assert max(len(line) for line in text.splitlines()) <= 80


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"phase": "done"}, ""),
        ({"phase": "kept", "kept": ["Secret dev/a"]}, ""),
        ({"leftovers": [LEFT], "phase": "leftovers"}, "not all gone, or not known to be (1 leftover)"),
        ({"phase": "deleting"}, "its deletion has not come to its end"),
    ],
)
def test_what_is_not_known_to_be_gone_certifies_nothing(changes: dict[str, Any], words: str) -> None:
    assert words in unsettled(creation(**changes))
    results = sample.certified_site()
    verdict, reason = run_verdict(results.results, state=results.run.state, creation=creation(**changes))
    assert verdict is (RunVerdict.INCOMPLETE if words else RunVerdict.CERTIFIED)
    assert words in reason
    held = "none of the" in reason
    assert held


def test_results_that_hide_their_leftovers_behind_a_certificate_are_refused() -> None:
    results = replace(sample.certified_site(), creation=creation(leftovers=[LEFT]))
    with pytest.raises(ResultsError, match="contradicts the rows, from which INCOMPLETE follows"):
        results_json.loads(results_json.dumps(results))


def test_a_thing_of_unknown_origin_comes_without_a_command() -> None:
    left = {**LEFT, "evidence": "new since the run began, of unknown origin", "remove": ""}
    results = replace(sample.every_verdict(), creation=creation(leftovers=[left]))
    assert "→" not in plain(creation_lines(creation(leftovers=[left]), 120))
    assert "remove it with" not in HtmlRenderer().render(results)


def test_what_the_creation_asked_and_wrote_is_told_apart_from_the_look() -> None:
    made = creation(requests={"read": 40, "write": 1, "by_plane": {"creation": 41}})
    assert "40 requests to read, 1 request to write" in plain(creation_lines(made, 120))
    results = replace(sample.every_verdict(), creation=made)
    jsonschema.validate(results_json.to_dict(results), results_json.schema())
    assert "40 requests to read, 1 request to write" in HtmlRenderer().render(results)


def test_it_is_stored_read_and_shown() -> None:
    results = replace(sample.every_verdict(), creation=creation(leftovers=[LEFT]))
    document = results_json.to_dict(results)
    jsonschema.validate(document, results_json.schema())
    assert results_json.loads(results_json.dumps(results)).creation == results.creation
    assert "1 leftover" in plain(terminal.summary_lines(results))
    assert "govc vm.destroy wl9-abc" in HtmlRenderer().render(results)
    jsonschema.validate(results_json.to_dict(sample.every_verdict()), results_json.schema())
