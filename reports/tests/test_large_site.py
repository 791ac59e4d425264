"""The report of a large site can be mailed: at most 2 MB for 500 nodes, however much was examined or is broken."""

from __future__ import annotations

from reports.tests.large import large_results
from tkg_conformance.reports import results_json
from tkg_conformance.reports.embedded import LARGEST, embedded
from tkg_conformance.reports.html import HtmlRenderer
from tkg_conformance.reports.records import Results


def megabytes(results: Results) -> float:
    return len(HtmlRenderer().render(results).encode()) / 1e6


def test_500_nodes_fit_into_2_megabytes() -> None:
    assert megabytes(large_results(500)) < 2


def test_500_broken_nodes_fit_too_and_are_all_named() -> None:
    results = large_results(500, broken=500)
    html = HtmlRenderer().render(results)
    assert len(html.encode()) / 1e6 < 2
    assert html.count('<li id="object-') == 500
    assert "400 more objects" in html


def test_the_data_of_a_large_site_are_shortened_and_say_so() -> None:
    results = large_results(500, broken=500)
    data = embedded(results)
    assert len(data.data) <= LARGEST
    assert "examined objects beyond 10 a row" in data.left_out
    read = results_json.loads(data.data)
    assert [(row.id, row.verdict, row.examined.count) for row in read.results] == [
        (row.id, row.verdict, row.examined.count) for row in results.results
    ]


def test_the_data_of_a_small_site_are_whole() -> None:
    results = large_results(6)
    data = embedded(results)
    assert data.left_out == ""
    assert results_json.loads(data.data) == results
