"""`results.json`: every record survives the way out and in, and what is wrong is refused in one sentence."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reports.tests import sample
from tkg_conformance.reports import results_json
from tkg_conformance.reports.errors import ResultsError
from tkg_conformance.reports.records import Results

VALIDATOR = jsonschema.Draft202012Validator(results_json.schema())
Change = Callable[[dict[str, Any]], object]


def healthy() -> dict[str, Any]:
    return copy.deepcopy(json.loads(results_json.dumps(sample.every_verdict())))


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_round_trip_and_schema(name: str) -> None:
    results: Results = sample.SAMPLES[name]()
    text = results_json.dumps(results)
    assert results_json.loads(text) == results
    assert results_json.loads(text.encode("utf-8", "backslashreplace")) == results
    VALIDATOR.validate(json.loads(text))


def test_schema_itself_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(results_json.schema())


def test_shape_of_the_design() -> None:
    document = healthy()
    assert list(document)[:6] == ["schema", "run", "environment", "verdict", "verdict_reason", "requirements"]
    assert document["schema"] == "tkg-conformance/results/v2"
    row = next(each for each in document["requirements"] if each["id"] == "ZONE-3")
    assert row["verdict"] == "FAIL"
    assert row["examined"]["count"] == 3
    assert row["findings"][0]["object"] == "ClusterComputeResource /dc0/host/cluster2"
    assert document["catalogue"][0]["source"][0] == {"kind": "page", "text": sample.CATALOGUE[0].source[0][1]}
    assert "waivers" not in document


WRONG: list[tuple[str, Change, str]] = [
    ("newer schema", lambda d: d.update(schema="tkg-conformance/results/v3"), "v3, this version reads"),
    ("foreign file", lambda d: d.pop("schema"), "no results file"),
    ("partial", lambda d: d.pop("requirements"), "partial: requirements missing"),
    ("unknown key", lambda d: d.update(extra=1), "unknown keys: extra"),
    ("row without verdict", lambda d: d["requirements"][0].pop("verdict"), "requirements[0] lacks verdict"),
    ("unknown row key", lambda d: d["requirements"][0].update(colour="red"), "unknown key colour"),
    ("unknown verdict", lambda d: d["requirements"][0].update(verdict="OK"), "requirements[0].verdict is 'OK'"),
    ("number as text", lambda d: d["requirements"][0]["examined"].update(count="2"), "examined.count is '2'"),
    ("truth as number", lambda d: d["requirements"][0].update(selected=1), "selected is 1, expected true or false"),
    ("number as truth", lambda d: d["requirements"][0].update(duration_s=True), "duration_s is True"),
    ("rows no array", lambda d: d.update(requirements={}), "requirements is {}, expected an array"),
    ("kind of site", lambda d: d["environment"].update(kind="moon"), "environment.kind is 'moon'"),
    ("source", lambda d: d["catalogue"][0].update(source=[{"page": "x"}]), "catalogue[0].source"),
    ("proof", lambda d: d.update(proof=[]), "proof is [], expected an object"),
    ("forged verdict", lambda d: d.update(verdict="CERTIFIED"), "contradicts the rows"),
    (
        "forged row",
        lambda d: d["requirements"][0].update(examined={"count": 0, "objects": []}),
        "without having examined",
    ),
    ("forged state", lambda d: d["run"].update(state="aborted"), "contradicts the rows"),
]


@pytest.mark.parametrize(("change", "message"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG])
def test_wrong_files_are_refused(change: Change, message: str) -> None:
    document = healthy()
    change(document)
    with pytest.raises(ResultsError) as caught:
        results_json.from_dict(document)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


FORGED_IN_ROWS_ONLY = {"proof", "forged verdict"}


@pytest.mark.parametrize(
    "change", [each[1] for each in WRONG if each[0] not in FORGED_IN_ROWS_ONLY], ids=lambda change: ""
)
def test_schema_refuses_them_too(change: Change) -> None:
    document = healthy()
    change(document)
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"schema": "tkg-conf', "[" * 100_000])
def test_damaged_text_is_refused(text: str) -> None:
    with pytest.raises(ResultsError):
        results_json.loads(text)


def test_half_a_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    text = results_json.dumps(sample.certified_site())
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    with pytest.raises(ResultsError, match=r"results\.json: the results are no complete JSON"):
        results_json.load(path)
    with pytest.raises(ResultsError, match=r"cannot read .*missing"):
        results_json.load(tmp_path / "missing")
    path.write_text(text, encoding="utf-8")
    assert results_json.load(path) == sample.certified_site()


def test_value_without_json_form_is_refused() -> None:
    results = replace(sample.certified_site(), environment={"kind": "site", "load": float("nan")})
    with pytest.raises(ResultsError, match="JSON cannot carry"):
        results_json.dumps(results)


def test_results_of_the_first_schema_still_load() -> None:
    former = results_json.load(Path(__file__).parent / "results-v1.json")
    assert former == sample.results(proof=sample.PROOF)
    assert json.loads(results_json.dumps(former))["schema"] == results_json.SCHEMA
