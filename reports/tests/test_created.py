"""What a run created and left over is said in the summary, in the report, and survives in results.json."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from reports.tests import sample
from tkg_conformance.reports import results_json, terminal
from tkg_conformance.reports.created import creation_lines, has_leftovers, sentence
from tkg_conformance.reports.html import HtmlRenderer
from tkg_conformance.reports.layout import plain

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


def test_only_leftovers_count() -> None:
    assert has_leftovers(creation(leftovers=[LEFT])) is True
    assert has_leftovers(creation()) is False
    assert has_leftovers(None) is False


def test_it_is_stored_read_and_shown() -> None:
    results = replace(sample.every_verdict(), creation=creation(leftovers=[LEFT]))
    document = results_json.to_dict(results)
    jsonschema.validate(document, results_json.schema())
    assert results_json.loads(results_json.dumps(results)).creation == results.creation
    assert "1 leftover" in plain(terminal.summary_lines(results))
    assert "govc vm.destroy wl9-abc" in HtmlRenderer().render(results)
    jsonschema.validate(results_json.to_dict(sample.every_verdict()), results_json.schema())
