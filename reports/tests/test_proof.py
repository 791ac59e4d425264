"""A proof in each form: what is stored, the page for people, and the lines for a terminal, byte by byte."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reports.tests import sample
from reports.tests.htmlpage import parsed
from tkg_conformance.reports import proof as stored
from tkg_conformance.reports import proof_text
from tkg_conformance.reports.layout import plain
from tkg_conformance.reports.proof import FaultProof, LabUsed, Named, Proof, Spent, Suite
from tkg_conformance.reports.proof_html import matrices, render
from tkg_conformance.reports.proof_records import NotShowable

GOLDEN = Path(__file__).parent / "golden-proof"
FOUND = FaultProof(
    id="zone-tag-detached",
    requirement="ZONE-3",
    scope="site",
    sentence="the zone tag of cluster2 was detached",
    object="ClusterComputeResource /dc0/host/cluster2",
    expected="FAIL",
    before="PASS",
    observed="FAIL",
    after="PASS",
    detected=True,
    findings=("ClusterComputeResource /dc0/host/cluster2: carries no tag of the category k8s-zone",),
    consequences={"ZONE-8 dev/wl1": "BLOCKED", "IDENT-9 dev/wl1": "INCONCLUSIVE"},
    duration_s=3.4,
    spent=Spent(0.2, 1.9, 1.0, 0.3),
)
MISSED = FaultProof(
    id="identity-not-admitted",
    requirement="IDENT-1",
    scope="dev/wl1",
    sentence="a cluster was ordered in a namespace that the identity does not admit",
    object="VSphereCluster dev/wl3-*",
    expected="FAIL",
    before="PASS",
    observed="PASS",
    after="PASS",
    why="IDENT-1 is PASS instead of FAIL: both keys are present",
    quotes="is not allowed to use specified identity",
    batch="clusters",
    duration_s=61.0,
    spent=Spent(1.0, 20.0, 39.0, 1.0),
)


def proof(*faults: FaultProof, **changes: Any) -> Proof:
    made = Proof(
        suite=Suite("0.1.0", "5" * 64),
        lab=LabUsed("default", "1" * 64, 2),
        started="2026-11-22T13:00:00Z",
        finished="2026-11-22T13:05:30Z",
        duration_s=330.0,
        complete=True,
        whole=True,
        score=stored.score(faults, len(faults)),
        faults=faults,
        requirements=tuple(Named(each.id, each.area, each.title) for each in sample.every_verdict().catalogue),
        not_showable=(NotShowable("OVA-1", "the default lab has no second release"),),
    )
    return replace(made, **changes)


WHOLE = proof(FOUND, MISSED)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("proof.json", lambda: stored.dumps(WHOLE)),
        ("proof.html", lambda: render(WHOLE)),
        (
            "proof.txt",
            lambda: plain(
                line
                for lines in (
                    *(proof_text.progress_lines(each) for each in WHOLE.faults),
                    proof_text.summary_lines(WHOLE, Path("out")),
                    proof_text.fault_lines(WHOLE.faults),
                )
                for line in lines
            ),
        ),
    ],
)
def test_rendering_is_the_golden_one(file: str, text: Callable[[], str]) -> None:
    path, content = GOLDEN / file, text().encode()
    if os.environ.get("TKG_UPDATE_GOLDEN") == "1":
        path.write_bytes(content)
    assert path.read_bytes() == content, f"{file} changed; if that is meant, run with TKG_UPDATE_GOLDEN=1"


def test_what_is_stored_is_valid_and_comes_back_the_same() -> None:
    jsonschema.Draft202012Validator(stored.schema()).validate(json.loads(stored.dumps(WHOLE)))
    assert stored.loads(stored.dumps(WHOLE)) == WHOLE


def test_a_requirement_is_proven_only_if_each_of_its_faults_was_found() -> None:
    score = stored.score([FOUND, replace(FOUND, id="b", detected=False), replace(MISSED, detected=True)], 5)
    assert (score.detected, score.seeded, score.selected, score.proven, score.judged) == (2, 3, 5, 1, 2)


def test_the_matrix_has_a_row_for_whatever_changed_and_names_each_verdict() -> None:
    zone, identity = matrices(WHOLE)
    assert [each.requirement.id for each in zone.rows] == ["ZONE-3", "ZONE-8", "IDENT-9"]
    assert [each.cells for each in zone.rows] == [("found",), ("BLOCKED",), ("INCONCLUSIVE",)]
    assert [(each.requirement.id, each.cells) for each in identity.rows] == [("IDENT-1", ("missed",))]


def test_every_link_of_the_page_leads_somewhere_and_nothing_is_loaded() -> None:
    page = parsed(render(WHOLE))
    assert set(page.ids.values()) == {1}
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert not page.elements.keys() & {"script", "img", "link", "iframe", "object", "embed", "form"}


def test_hostile_names_are_shown_and_not_obeyed() -> None:
    hostile = replace(
        FOUND,
        sentence=sample.HOSTILE,
        object=sample.HOSTILE,
        findings=(sample.HOSTILE,),
        why=sample.HOSTILE,
        detected=False,
    )
    text = render(proof(hostile))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\ud800]", text)
    assert "script" not in parsed(text).elements
    said = plain([*proof_text.progress_lines(hostile), *proof_text.summary_lines(proof(hostile), Path("out"))])
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "detection shown in simulation: 1 of 2 faults (suite 55555555, lab 11111111)"),
        ({"whole": False}, "; not all faults were tried)"),
        ({"complete": False}, "; not all faults were tried)"),
        ({"suite": Suite("0.0.9", "6" * 64)}, "; not the suite that judged here)"),
    ],
)
def test_a_report_says_what_the_proof_is_worth_to_it(changes: dict[str, Any], said: str) -> None:
    assert stored.detection(stored.record_for_results(proof(FOUND, MISSED, **changes), "5" * 64)).endswith(said)


def test_without_a_proof_a_report_says_so() -> None:
    assert stored.detection(None) == "detection not shown for this suite here: `tkg-conformance prove` shows it"
