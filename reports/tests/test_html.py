"""The HTML report: complete, alone in its file, and harmless whatever objects are called."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from reports.tests import sample
from reports.tests.htmlpage import Page, parsed
from tkg_conformance.reports import results_json
from tkg_conformance.reports.html import HtmlRenderer
from tkg_conformance.reports.report_facts import identity, when


def page(name: str) -> Page:
    return parsed(HtmlRenderer().render(sample.SAMPLES[name]()))


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_one_file_that_asks_for_nothing(name: str) -> None:
    html, found = HtmlRenderer().render(sample.SAMPLES[name]()), page(name)
    assert not found.elements.keys() & {"img", "link", "iframe", "object", "embed", "base"}
    assert not [attribute for attribute in found.attributes if attribute.startswith("on")]
    assert all(link.startswith("#") for link in found.links)
    assert "url(" not in html
    assert "@import" not in html


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_the_only_script_that_may_run_is_ours(name: str) -> None:
    html, found = HtmlRenderer().render(sample.SAMPLES[name]()), page(name)
    data, script = found.scripts
    allowed = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{allowed}';" in html
    assert "default-src 'none'" in html
    assert html.count('<script type="application/json"') == 1
    assert not set(data) & set("<>&\u2028\u2029")


@pytest.mark.parametrize("name", sample.SAMPLES)
def test_the_data_in_the_page_are_the_results(name: str) -> None:
    results = sample.SAMPLES[name]()
    assert results_json.loads(page(name).scripts[0]) == results


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
    first = text[: text.index("What to act on")]
    for part in (
        "SIMULATED SITE.",
        "NOT CERTIFIED (simulated site)",
        "zone, identity; 11 of 12 requirements",
        "not as required: ZONE-3, ZONE-8",
        "required ✗ 1 FAIL ↳ 1 BLOCKED",
        "advisory ! 1 UNSUPPORTED",
        "127.77.1.1:8989 · UUID 42-1",
        "CAPV 1.16.1",
        "Looked at vCenter 127.77.1.1:8989 as suite@vsphere.local; it sees the whole inventory.",
        "2026-11-22 13:40:00 UTC, took 9.0 s",
        "zone ✗ not certified",
    ):
        assert part in first
    rest = text[text.rindex("What to act on") :]
    order = ["disagree", "does not decide", "Selected and not judged", "What changed", "The site, drawn", "Course of"]
    assert [rest.index(each) for each in order] == sorted(rest.index(each) for each in order)


def test_cause_shows_expected_observed_remedy_and_consequences() -> None:
    text = page("every-verdict").text
    cause = text[text.rindex("What to act on") : text.index("The page and the implementation disagree")]
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
    assert "REAL SITE. Everything below was observed on Berlin 2." in text
    assert "simulated" not in text.lower()
    assert "not claimed: identity" in text
    assert "No violation was seen." in text


def test_aborted_and_waived_runs() -> None:
    assert "vc01.example.org no longer answers" in page("aborted-run").text
    waived = page("waived-site").text
    assert "FAIL (waived)" in waived
    assert "head of platform" in waived


def test_what_an_object_is_called_leads_to_its_findings() -> None:
    html = HtmlRenderer().render(sample.every_verdict())
    found = re.search(
        r'<a href="#(object-\d+)" aria-label="compute cluster cluster2: FAIL, 1 finding" class="mark">', html
    )
    assert found
    listed = html[html.index(f'<li id="{found.group(1)}">') :]
    assert listed.index("ClusterComputeResource /dc0/host/cluster2") < listed.index("ZONE-3") < listed.index("</li>")


def test_requirements_are_filtered_without_a_script() -> None:
    html = HtmlRenderer().render(sample.every_verdict())
    rule = "body:has(#filter-verdict option[value=v-FAIL]:checked) .entry:not(.v-FAIL)"
    assert rule in html
    assert '<option value="v-FAIL">FAIL</option>' in html
    assert re.search(r'<article class="entry [^"]*\bv-FAIL\b[^"]*" id="ZONE-3">', html)
    assert not re.search(r'<article class="entry [^"]*\bv-FAIL\b[^"]*" id="ZONE-1">', html)


def test_the_search_is_shown_only_where_scripts_run() -> None:
    html = HtmlRenderer().render(sample.every_verdict())
    assert '<label class="search" for="search" hidden>' in html


def test_a_run_id_cannot_leave_the_style_sheet() -> None:
    results = sample.every_verdict()
    html = HtmlRenderer().render(replace(results, run=replace(results.run, id='x"}</style><b>')))
    assert html.count("</style>") == 1
    assert 'content: "tkg-conformance · run x____style__b_"' in html


def test_hostile_names_are_shown_and_not_obeyed() -> None:
    html, found = HtmlRenderer().render(sample.hostile_names()), page("hostile-names")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\ud800]", html)
    assert "<script>alert('x')</script>" in found.text
    assert "\\x1b[31mred" in found.text
    assert "{{ 7*7 }}" in found.text


def test_same_results_give_the_same_bytes() -> None:
    assert HtmlRenderer().render(sample.every_verdict()) == HtmlRenderer().render(sample.every_verdict())


def test_versions_stand_with_what_they_are_of() -> None:
    environment: dict[str, Any] = {
        "kind": "site",
        "vcenters": [{"server": "vc01.example.org", "instance_uuid": "42-1"}],
        "clusters": [{"name": f"dev/wl{number}", "type": "linux", "uid": f"u{number}"} for number in range(1, 7)],
        "management": "https://mgmt",
        "versions": {
            "vCenter vc01.example.org": "VMware vCenter Server 8.0.3 build-1",
            "Kubernetes management": "v1.30.1",
            "Kubernetes dev/wl1": "v1.31.1",
            "CSI dev/wl1": "v3.7.0",
            "capi-controller-manager": "v1.13.5",
            "capi-kubeadm-bootstrap-controller-manager": "v1.13.5",
            "CAPV": "v1.16.1",
        },
    }
    facts = dict(identity(replace(sample.certified_site(), environment=environment)))
    assert facts["vCenter"] == ("vc01.example.org · 8.0.3 build-1 · UUID 42-1",)
    assert facts["Management"] == ("https://mgmt · Kubernetes v1.30.1",)
    assert facts["Clusters"][0] == "dev/wl1 · linux · UID u1"
    assert facts["Clusters"][4] == "and 2 more clusters"
    assert facts["Versions"] == (
        "capi, capi-kubeadm-bootstrap v1.13.5; CAPV v1.16.1; Kubernetes (dev/wl1) v1.31.1; CSI (dev/wl1) v3.7.0",
    )
    environment["clusters"] = [{"name": "dev/wl1"}]
    facts = dict(identity(replace(sample.certified_site(), environment=environment)))
    assert facts["Versions"][0].endswith("; Kubernetes v1.31.1; CSI v3.7.0")


def test_a_run_that_never_finished_says_so() -> None:
    assert when(sample.aborted_run().run) == "2026-11-22 13:40:00 UTC, never finished"
