"""The catalogue of requirements is complete, uses only its vocabulary, and its causes form a sound graph."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
import yaml

CONFORMANCE = Path(__file__).parents[1]
AREAS = {
    "ova": ("OVA", 13),
    "zone": ("ZONE", 16),
    "identity": ("IDENT", 16),
    "datastore": ("DSC", 13),
    "multios": ("MOS", 25),
    "portgroup": ("DVPG", 11),
}
LEVELS = {"required", "advisory", "live"}
REQUIRED_FIELDS = {
    "id",
    "title",
    "must",
    "level",
    "scope",
    "planes",
    "provenance",
    "applies",
    "severity",
    "source",
    "expected",
    "remediation",
    "requires",
    "rests_on",
    "lab",
    "witness",
    "notes",
}
OPTIONAL_FIELDS = {"lab_reason"}
TEXT_FIELDS = ("title", "must", "applies", "expected", "remediation")
Row = dict[str, Any]


def load(path: str) -> dict[str, Any]:
    """Return one YAML file of the conformance folder."""
    content = yaml.safe_load((CONFORMANCE / path).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


DOCUMENTS = {area: load(f"{area}/requirements.yaml") for area in AREAS}
RESTS_ON = load("rests_on.yaml")
ROWS: list[Row] = [row for document in DOCUMENTS.values() for row in document["requirements"]]
BY_ID: dict[str, Row] = {row["id"]: row for row in ROWS}

each_row = pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
each_area = pytest.mark.parametrize("area", AREAS)


def test_there_are_94_different_requirements() -> None:
    """94 rows, every id once."""
    assert [name for name, count in Counter(row["id"] for row in ROWS).items() if count > 1] == []
    assert len(ROWS) == 94


@each_area
def test_area_is_numbered_without_gaps(area: str) -> None:
    """Ids are prefix and running number, in the order of the file."""
    prefix, count = AREAS[area]
    assert [row["id"] for row in DOCUMENTS[area]["requirements"]] == [f"{prefix}-{n}" for n in range(1, count + 1)]


@each_area
def test_area_has_its_head(area: str) -> None:
    """Every file names its area, prefix, title, the page's heading and its promise."""
    document = DOCUMENTS[area]
    assert set(document) == {"area", "prefix", "title", "page", "promise", "requirements"}
    assert (document["area"], document["prefix"]) == (area, AREAS[area][0])
    assert all(isinstance(document[field], str) and document[field] for field in ("title", "page", "promise"))


@each_row
def test_fields_are_those_of_the_format(row: Row) -> None:
    """No field is missing, none is unknown."""
    assert REQUIRED_FIELDS - set(row) == set()
    assert set(row) - REQUIRED_FIELDS - OPTIONAL_FIELDS == set()


@each_row
def test_texts_are_clean_sentences(row: Row) -> None:
    """Texts are single-line strings; MUST sentences end with a full stop; titles are short statements."""
    texts = [row[field] for field in (*TEXT_FIELDS, "witness", "notes", *OPTIONAL_FIELDS) if field in row]
    for text in texts:
        assert isinstance(text, str)
        assert text
        assert text == text.strip()
        assert "\n" not in text
    assert re.search(r"\bMUST\b", row["must"])
    assert row["must"].endswith(".")
    assert len(row["title"]) <= 72
    assert not row["title"].endswith(".")


@each_row
def test_values_are_of_the_vocabulary(row: Row) -> None:
    """Level, scope, severity, planes and provenance come from closed sets."""
    assert row["level"] in LEVELS
    assert row["scope"] in {"site", "cluster"}
    assert row["severity"] in {"critical", "major", "minor", "info"}
    assert row["planes"]
    assert set(row["planes"]) <= {"CFG", "VC", "MC", "WC"}
    assert row["provenance"]
    assert set(row["provenance"]) <= {"D", "I", "S", "U"}
    assert len(set(row["planes"])) == len(row["planes"])


@each_row
def test_applies_is_a_predicate(row: Row) -> None:
    """A precondition is either "always" or a clause that begins with "when"."""
    assert row["applies"] == "always" or row["applies"].startswith("when ")


@each_row
def test_source_says_where_the_rule_comes_from(row: Row) -> None:
    """Sources are single entries of a known kind; issues are addresses; pages stand behind D and I."""
    kinds = []
    for entry in row["source"]:
        ((kind, text),) = entry.items()
        assert kind in {"page", "code", "issue", "measured"}
        assert isinstance(text, str)
        assert text
        if kind == "issue":
            assert re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+/(issues|pull)/\d+", text)
        kinds.append(kind)
    assert kinds
    if {"D", "I"} & set(row["provenance"]):
        assert "page" in kinds
    if "S" in row["provenance"]:
        assert "code" in kinds


@each_row
def test_level_follows_from_provenance(row: Row) -> None:
    """What only the sources or third parties say is advisory, or its notes say why it is required."""
    if row["level"] == "required" and not {"D", "I"} & set(row["provenance"]):
        assert "Required although read from source" in row["notes"]
        assert any("page" in entry for entry in row["source"])


@each_row
def test_causes_are_known_and_as_strong_as_their_effect(row: Row) -> None:
    """A cause exists, is no weaker than what it explains, and is judged for the site where the effect is.

    A required row that is BLOCKED counts as its cause's FAIL: an advisory cause would hide it from the run's verdict.
    """
    assert len(set(row["requires"])) == len(row["requires"])
    assert row["id"] not in row["requires"]
    for name in row["requires"]:
        cause = BY_ID[name]
        if row["level"] == "required":
            assert cause["level"] == "required", name
        if row["scope"] == "site":
            assert cause["scope"] == "site", name


def test_causes_form_no_cycle() -> None:
    """Following causes always ends."""
    order = list(TopologicalSorter({row["id"]: row["requires"] for row in ROWS}).static_order())
    assert sorted(order) == sorted(BY_ID)


@each_row
def test_evidence_rests_on_known_parts(row: Row) -> None:
    """Every row says what its evidence rests on in the lab, in known keys, each once."""
    assert row["rests_on"]
    assert set(row["rests_on"]) <= set(RESTS_ON)
    assert len(set(row["rests_on"])) == len(row["rests_on"])


def test_parts_are_described_and_used() -> None:
    """Every part of the lab has a name, a kind and a note, and is named by a row, except etcd beneath them all."""
    for key, part in RESTS_ON.items():
        assert set(part) == {"name", "kind", "note"}, key
        assert part["kind"] in {"upstream", "simulator", "model"}, key
    used = {key for row in ROWS for key in row["rests_on"]}
    assert set(RESTS_ON) - used == {"etcd"}


@each_row
def test_what_the_lab_cannot_show_has_a_reason(row: Row) -> None:
    """A reason is given exactly for rows that are proven on constructed observations."""
    assert row["lab"] in {"shown", "constructed"}
    assert ("lab_reason" in row) == (row["lab"] == "constructed")


@each_row
def test_witness_puts_no_password_on_a_command_line(row: Row) -> None:
    """A command a person copies never carries a password."""
    assert not re.search(r"(?i)password=|--password|-p \S*pass", row["witness"])


@each_row
def test_witness_says_which_cluster_it_asks(row: Row) -> None:
    """kubectl asks the management cluster by its context, else the workload cluster; kinds tell which is meant."""
    for command in row["witness"].split("kubectl ")[1:]:
        asks_management = command.startswith("--context MGMT ")
        about_management = re.search(
            r"get (\S*(vsphere\w+ident|vspherev?m|vspherecluster|tkr|osimage|machine)|cluster )", command
        )
        assert asks_management or not about_management, command


@each_row
def test_witness_is_a_sound_shell_command(row: Row) -> None:
    """Quotes are closed, no line is a comment, and only tools that an administrator has are used."""
    words = shlex.split(row["witness"])
    assert not [word for word in words if word.startswith("#")]
    assert words[0] in {"govc", "kubectl", "grep"}
