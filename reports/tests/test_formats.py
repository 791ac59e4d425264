"""Markdown, YAML and CSV: what they say, and that Markdown stays short enough for a comment."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
import yaml

from reports.tests import sample
from tkg_conformance.reports.csv_findings import COLUMNS, CsvRenderer
from tkg_conformance.reports.markdown import MarkdownRenderer
from tkg_conformance.reports.markdown_parts import LIMIT
from tkg_conformance.reports.records import Finding, Result, Results, Verdict
from tkg_conformance.reports.yaml_report import API_VERSION, KIND, YamlRenderer


def failing(text: str, *, scopes: int = 1, findings: int = 1) -> Results:
    """A run with a violation in so many clusters, whose every word is this text."""
    finding = Finding(object=text, expected=text, observed=text, message=text, remediation=text)
    rows = (
        sample.row("ZONE-8", Verdict.FAIL, f"{text} {number}", scope=f"dev/wl{number}", findings=(finding,) * findings)
        for number in range(scopes)
    )
    return sample.results(tuple(rows))


def parsed(results: Results) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(CsvRenderer().render(results), newline="")))


def test_csv_has_a_line_for_each_finding_and_each_row_without_one() -> None:
    results = sample.every_verdict()
    lines = parsed(results)
    assert len(lines) == sum(max(1, len(row.findings)) for row in results.results)
    (tag,) = [each for each in lines if each["requirement"] == "ZONE-3"]
    assert (tag["verdict"], tag["object"]) == ("FAIL", "ClusterComputeResource /dc0/host/cluster2")
    assert CsvRenderer().render(results).split("\r\n")[0] == ",".join(COLUMNS)
    assert {each["waived"] for each in parsed(sample.waived_site()) if each["requirement"] == "ZONE-3"} == {"yes"}


def test_csv_says_of_each_line_which_run_it_is_of_and_that_the_site_was_simulated() -> None:
    assert {(each["run"], each["simulated"]) for each in parsed(sample.every_verdict())} == {
        ("20261122T134000Z-7f3a", "yes")
    }
    assert {each["simulated"] for each in parsed(sample.certified_site())} == {"no"}


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\n=1", "'=1"),
        ("\r=1", "\\x0d=1"),
        ("＝1", "'＝1"),
        ('",=1+1,"', '",=1+1,"'),
    ],
)
def test_csv_gives_a_spreadsheet_no_formula(text: str, cell: str) -> None:
    (line,) = parsed(failing(text))
    assert (line["object"], line["expected"]) == (cell, cell)


def test_yaml_says_who_what_and_how_to_repeat_it() -> None:
    document = yaml.safe_load(YamlRenderer().render(sample.every_verdict()))
    assert (document["apiVersion"], document["kind"]) == (API_VERSION, KIND)
    assert document["verdict"] == "NOT CERTIFIED"
    assert document["implementation"]["simulated"] is True
    assert document["implementation"]["versions"]["CAPV"] == "1.16.1"
    assert document["reproduce"]["command"] == "tkg-conformance run --area zone --area identity --out out"


def test_yaml_counts_by_level_and_lists_what_did_not_pass() -> None:
    results = sample.every_verdict()
    document = yaml.safe_load(YamlRenderer().render(results))
    zone = next(each for each in document["areas"] if each["name"] == "zone")
    assert zone["result"] == "not certified"
    assert zone["statistics"]["advisory"] == {"UNSUPPORTED": 1, "KNOWN-LIMIT": 1}
    counted = sum(count for counts in zone["statistics"].values() for count in counts.values())
    assert counted == sum(row.area == "zone" and row.selected for row in results.results)
    told = {(each["requirement"], each["verdict"]) for each in zone["notPassed"]}
    assert ("ZONE-3", "FAIL") in told
    assert not {verdict for _, verdict in told} & {"PASS", "NOT-APPLICABLE"}
    assert document["notSelected"] == ["ova"]


def test_markdown_names_causes_first_and_says_what_is_simulated() -> None:
    text = MarkdownRenderer().render(sample.every_verdict())
    order = [
        "NOT CERTIFIED",
        "SIMULATED SITE**",
        "What to act on",
        "By area",
        "zone: 5 rows of note",
        "Repeat this run",
    ]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    cause = text[text.index("What to act on") : text.index("By area")]
    for part in ("- **ClusterComputeResource /dc0/host/cluster2**", "observed no tag", "Attach zone-b", "ZONE-8"):
        assert part in cause
    assert "SIMULATED" not in MarkdownRenderer().render(sample.certified_site())


def test_markdown_says_what_the_site_is_who_looked_and_what_changed() -> None:
    text = MarkdownRenderer().render(sample.every_verdict())
    for part in (
        "worse since 2026-11-21 13:40:00 UTC: 1 new violation",
        "| version of CAPV | 1.15.0 | 1.16.1 |",
        "127.77.1.1:8989 · UUID 42-1",
        "as suite@<!-- -->vsphere.local; it sees the whole inventory",
        "1 of 2 faults",
        "the API server refused: forbidden",
    ):
        assert part in text
    assert "Waived: ZONE-3, cluster2 is being emptied, head of platform, 2026-12-31" in MarkdownRenderer().render(
        sample.waived_site()
    )


def test_markdown_puts_rows_together_that_differ_in_nothing_but_their_names() -> None:
    rows = tuple(sample.row("ZONE-8", Verdict.NOT_RUN, "aborted", scope=f"dev/wl{number}") for number in range(3))
    text = MarkdownRenderer().render(sample.results(rows))
    assert text.count("aborted") == 1
    assert r"| ○ NOT-RUN | ZONE-8 \[dev/wl0\], ZONE-8 \[dev/wl1\], ZONE-8 \[dev/wl2\] | aborted |" in text


@pytest.mark.parametrize("text", ["a long text " * 30, "@a" * 2_000, "_" * 50_000, "<" * 50_000])
def test_markdown_stays_short_enough_for_a_comment_and_says_what_it_left_out(text: str) -> None:
    results = failing(text, scopes=400, findings=5)
    made = MarkdownRenderer().render(replace(results, run=replace(results.run, command=text * 10)))
    assert 20_000 < len(made) <= LIMIT
    assert re.search(r"… and \d+ more causes: see results\.json", made)
    assert re.search(r"… and \d+ more lines: see results\.json", made)
    assert "### By area" in made
    assert "The site and the run" in made


def test_markdown_stays_short_with_any_number_of_areas() -> None:
    rows: tuple[Result, ...] = tuple(
        replace(row, area=f"area {number} {'x' * 500}")
        for number in range(300)
        for row in failing("a long text " * 30).results
    )
    made = MarkdownRenderer().render(sample.results(rows))
    assert len(made) <= LIMIT
    assert re.search(r"… and the rows of note of \d+ more areas: see results\.json", made)
    assert re.search(r"… and \d+ more areas: see results\.json", made)
