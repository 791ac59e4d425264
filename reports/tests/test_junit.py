"""JUnit XML: the structure of the Jenkins xUnit schema (junit-10), written here without the schema's text."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest

from reports.tests import sample
from tkg_conformance.reports.junit import JUnitRenderer
from tkg_conformance.reports.records import Verdict

COUNTS = {"name", "time", "tests", "failures", "errors"}
ALLOWED: dict[str, tuple[set[str], set[str], set[str]]] = {
    # element: required attributes, further attributes, children
    "testsuites": (set(), COUNTS, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"time", "skipped", "timestamp"},
        {"properties", "testcase"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "testcase": ({"name"}, {"time", "classname"}, {"skipped", "error", "failure", "system-out"}),
    "skipped": (set(), {"type", "message"}, set()),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
}


def rendered(name: str) -> Element:
    # The text is our own and has no DTD.
    return fromstring(JUnitRenderer().render(sample.SAMPLES[name]()))  # noqa: S314


def outcome_of(case: Element) -> str | None:
    found = [child.tag for child in case if child.tag != "system-out"]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_structure_is_the_common_one(name: str) -> None:
    root = rendered(name)
    assert root.tag == "testsuites"
    for element in root.iter():
        required, further, children = ALLOWED[element.tag]
        assert required <= set(element.attrib) <= required | further
        assert {child.tag for child in element} <= children
        assert re.fullmatch(r"\d+\.\d{3}", element.get("time", "0.000"))


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_one_case_per_row_and_true_counts(name: str) -> None:
    root = rendered(name)
    rows = sample.SAMPLES[name]().results
    cases = [case for case in root.iter("testcase") if case.get("classname") != "tkg_conformance.run"]
    assert len(cases) == len(rows)
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(rows)
    for suite in root.findall("testsuite"):
        outcomes = [outcome_of(case) for case in suite.findall("testcase")]
        assert suite.get("tests") == str(len(outcomes))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.get(attribute) == str(outcomes.count(tag))


def test_names_outcomes_and_reasons() -> None:
    cases = {case.get("name"): case for case in rendered("every-verdict").iter("testcase")}
    failed = cases["ZONE-3 Each compute cluster carries one zone tag"]
    failure = failed.find("failure")
    assert failure is not None
    assert failure.text is not None
    assert failure.text.startswith("FAIL: the compute cluster carries no zone tag\n\ncritical: ClusterComputeResource")
    assert "expected: one tag of the category k8s-zone" in failure.text
    assert "what to do: Attach zone-b" in failure.text
    assert outcome_of(cases["ZONE-8 Every Node carries the documented region and zone labels [dev/wl1]"]) == "skipped"
    assert outcome_of(cases["ZONE-1 The tag categories exist"]) is None
    assert outcome_of(cases["IDENT-7 The alternate account can log in [dev/wl1]"]) == "error"
    out = failed.find("system-out")
    assert out is not None
    assert out.text is not None
    assert {"verdict: FAIL", "level: required", "examined: 3"} <= set(out.text.splitlines())


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_the_text_says_all_that_the_message_says(name: str) -> None:
    nodes = [node for tag in ("failure", "error", "skipped") for node in rendered(name).iter(tag)]
    assert nodes or name == "certified-site"
    for node in nodes:
        first = (node.text or "").splitlines()[0]
        assert first in (node.get("message"), sample.SAMPLES[name]().run.abort_reason)


def test_what_does_not_decide_is_marked() -> None:
    messages = [node.get("message", "") for node in rendered("every-verdict").iter("skipped")]
    assert "KNOWN-LIMIT (advisory): the topology stays Success after a move" in messages


def test_a_name_attaches_no_file() -> None:
    tag = "[[ATTACHMENT|/etc/passwd]]"
    finding = replace(sample.MISSING_TAG, object=tag)
    row = sample.row("ZONE-3", Verdict.FAIL, tag, findings=(finding,), notes=(tag,))
    root = fromstring(JUnitRenderer().render(sample.results((row,))))  # noqa: S314
    texts = [node.text or "" for node in root.iter() if node.tag in ("failure", "system-out")]
    assert tag not in "".join(texts)
    assert "".join(texts).count("[ [ATTACHMENT|/etc/passwd]]") == 4


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("every-verdict", "failure"), ("aborted-run", "error"), ("certified-site", None), ("waived-site", None)],
)
def test_the_run_itself_is_a_case(name: str, outcome: str | None) -> None:
    (case,) = [c for c in rendered(name).iter("testcase") if c.get("classname") == "tkg_conformance.run"]
    assert outcome_of(case) == outcome


def test_certified_with_waivers_has_no_failure() -> None:
    root = rendered("waived-site")
    assert root.get("failures") == "0"
    skipped = [case.find("skipped") for case in root.iter("testcase")]
    assert "FAIL (waived): the compute cluster carries no zone tag" in [
        node.get("message") for node in skipped if node is not None
    ]


def test_properties_name_verdict_and_selection() -> None:
    properties = {each.get("name"): each.get("value") for each in rendered("every-verdict").iter("property")}
    assert properties["verdict"] == "NOT CERTIFIED"
    assert properties["selection"] == "zone, identity; 11 of 12 requirements"
    assert properties["environment"] == "lab"


@pytest.mark.parametrize(("name", "simulated"), [("every-verdict", True), ("waived-site", False)])
def test_only_a_simulated_site_rests_on_the_lab(name: str, simulated: bool) -> None:
    texts = [each.text or "" for each in rendered(name).iter("system-out")]
    assert any("rests on: Cloud Provider vSphere" in text for text in texts) == simulated
