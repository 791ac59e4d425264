"""The HTML report: complete, alone in its file, and harmless whatever objects are called."""

from __future__ import annotations

import re

import pytest

from reports.tests import sample
from reports.tests.htmlpage import Page, parsed
from tkg_conformance.reports.html import HtmlRenderer


def page(name: str) -> Page:
    return parsed(HtmlRenderer().render(sample.SAMPLES[name]()))


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_one_file_without_scripts_or_requests(name: str) -> None:
    html, found = HtmlRenderer().render(sample.SAMPLES[name]()), page(name)
    assert not found.elements.keys() & {"script", "img", "link", "iframe", "object", "embed", "form"}
    assert not [attribute for attribute in found.attributes if attribute.startswith("on")]
    assert all(link.startswith("#") for link in found.links)
    assert "url(" not in html
    assert "@import" not in html


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_every_link_has_its_target_once(name: str) -> None:
    found = page(name)
    assert {link[1:] for link in found.links} <= set(found.ids)
    assert set(found.ids.values()) == {1}


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_every_requirement_with_its_sentence_verdict_and_reason(name: str) -> None:
    results = sample.SAMPLES[name]()
    found = page(name)
    for requirement in results.catalogue:
        assert requirement.id in found.ids
        assert requirement.must in found.text
    for row in results.results:
        assert row.verdict in found.text
        if name != "hostile-names":
            assert row.reason in found.text


def test_first_screen_says_it_all() -> None:
    text = page("every-verdict").text
    first = text[: text.index("What was judged")]
    assert "SIMULATED SITE." in first
    assert "NOT CERTIFIED (simulated site)" in first
    assert "zone, identity; 11 of 12 requirements" in first
    assert "not as required: ZONE-3, ZONE-8" in first
    order = ["What was judged", "What to act on", "disagree", "does not decide", "Selected and not judged"]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)


def test_cause_shows_expected_observed_remedy_and_consequences() -> None:
    text = page("every-verdict").text
    cause = text[text.index("What to act on") : text.index("The page and the implementation disagree")]
    for part in (
        "Expected one tag of the category k8s-zone",
        "Observed no tag of the category k8s-zone",
        "Attach zone-b",
        "Explains 1 further violation",
        "ZONE-8 [dev/wl1]",
    ):
        assert part in cause


def test_site_run_proof_and_problems_are_shown() -> None:
    text = page("every-verdict").text
    for part in (
        "1 of 2 seeded faults detected",
        "IDENT-1 stayed PASS",
        "1 read did not give all it should.",
        "workload:dev/wl2: CSINode: the API server refused: forbidden",
        "suite@vsphere.local",
        "tkg-conformance run --area zone --area identity --out out",
        "Cloud Provider vSphere 1.36.0 (upstream)",
        "Examined 6 objects",
        "crashed",
    ):
        assert part in text


def test_real_site_is_not_called_simulated() -> None:
    text = page("certified-site").text
    assert "simulated" not in text.lower()
    assert "not claimed: identity" in text
    assert "No violation was seen." in text


def test_aborted_and_waived_runs() -> None:
    assert "vc01.example.org no longer answers" in page("aborted-run").text
    waived = page("waived-site").text
    assert "FAIL (waived)" in waived
    assert "head of platform" in waived


def test_hostile_names_are_shown_and_not_obeyed() -> None:
    html, found = HtmlRenderer().render(sample.hostile_names()), page("hostile-names")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\ud800]", html)
    assert "<script>alert('x')</script>" in found.text
    assert "\\x1b[31mred" in found.text
    assert "{{ 7*7 }}" in found.text


def test_same_results_give_the_same_bytes() -> None:
    assert HtmlRenderer().render(sample.every_verdict()) == HtmlRenderer().render(sample.every_verdict())
