"""Every rendering of a comparison, byte by byte; TKG_UPDATE_GOLDEN=1 writes the files anew."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from reports.tests import compared, sample
from tkg_conformance.reports import decoding
from tkg_conformance.reports.compare import compare
from tkg_conformance.reports.compare_markdown import comparison_markdown
from tkg_conformance.reports.compare_text import comparison_lines
from tkg_conformance.reports.compare_view import since, summary, view_of_comparison
from tkg_conformance.reports.comparison_records import Comparison
from tkg_conformance.reports.layout import plain
from tkg_conformance.reports.markdown_text import escaped
from tkg_conformance.reports.records import Verdict
from tkg_conformance.reports.templating import environment
from tkg_conformance.reports.terminal import summary_lines

GOLDEN = Path(__file__).parent / "golden-compare"


def of_the_sample() -> Comparison:
    return compare(sample.previous_run(), sample.every_verdict())


def unchanged() -> Comparison:
    return compare(sample.every_verdict(), sample.every_verdict())


def as_html(comparison: Comparison) -> str:
    macros = environment().get_template("report_comparison.html.jinja").make_module()
    return str(macros.comparison(view_of_comparison(comparison)))  # type: ignore[attr-defined]


SAMPLES: dict[str, Callable[[], Comparison]] = {
    "changed": of_the_sample,
    "unchanged": unchanged,
    "different-sites": compared.different_sites,
    "grown-and-aborted": compared.grown_and_aborted,
    "hostile": compared.hostile,
}
FORMATS: dict[str, Callable[[Comparison], str]] = {
    "txt": lambda comparison: plain(comparison_lines(comparison)),
    "md": comparison_markdown,
    "html": as_html,
    "json": lambda comparison: json.dumps(decoding.plain(comparison), ensure_ascii=False, indent=1) + "\n",
}
CASES = [(f"{name}.{suffix}", made, render) for name, made in SAMPLES.items() for suffix, render in FORMATS.items()]


@pytest.mark.parametrize(("file", "made", "render"), CASES, ids=[case[0] for case in CASES])
def test_rendering_is_the_golden_one(
    file: str, made: Callable[[], Comparison], render: Callable[[Comparison], str]
) -> None:
    path = GOLDEN / file
    content = render(made()).encode("utf-8", "backslashreplace")
    if os.environ.get("TKG_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    assert path.read_bytes() == content, f"{file} changed; if that is meant, run with TKG_UPDATE_GOLDEN=1"


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {case[0] for case in CASES}


@pytest.mark.parametrize("name", SAMPLES)
def test_text_fits_80_columns(name: str) -> None:
    assert max(cell_len(line.text) for line in comparison_lines(SAMPLES[name]())) <= 80


@pytest.mark.parametrize("name", SAMPLES)
def test_every_row_is_named_in_every_format(name: str) -> None:
    comparison = SAMPLES[name]()
    for suffix, render in FORMATS.items():
        rendered = render(comparison)
        assert all(row.id in rendered.replace("\\", "") for row in comparison.rows), suffix


def test_different_sites_are_said_first() -> None:
    comparison = compared.different_sites()
    assert comparison_lines(comparison)[0].text.startswith("! DIFFERENT SITES: one of the two runs looked at a")
    assert "DIFFERENT SITES" in "".join(comparison_markdown(comparison).splitlines()[:2])
    assert as_html(comparison).lstrip().startswith('<p class="doubt" role="note"><strong>DIFFERENT SITES')


def test_runs_in_the_wrong_order_are_said_to_be_so() -> None:
    swapped = compare(sample.every_verdict(), sample.previous_run())
    assert plain(comparison_lines(swapped)).startswith("! The first of the two runs is the later one")
    assert view_of_comparison(of_the_sample()).doubts == ()


def test_what_got_worse_comes_first_and_rows_alike_in_their_change_are_one() -> None:
    groups = view_of_comparison(compared.grown_and_aborted()).groups
    assert [group.names for group in groups] == [
        ("ZONE-8 [dev/wl2]",),
        ("ZONE-8 [dev/wl1]",),
        ("IDENT-1 [dev/wl1]", "ZONE-6 [dev/wl1]"),
        ("IDENT-1 [dev/wl2]", "IDENT-7 [dev/wl2]", "ZONE-6 [dev/wl2]"),
        ("IDENT-7 [dev/wl1]",),
    ]


def test_many_objects_are_counted_and_not_listed_but_in_json() -> None:
    comparison = compared.grown_and_aborted()
    assert "    … and 20 more objects\n" in FORMATS["txt"](comparison)
    assert re.search(r"… and \d+ more objects \|", FORMATS["md"](comparison))
    assert "<summary>25 more objects</summary>" in FORMATS["html"](comparison)
    assert FORMATS["json"](comparison).count('"object": ') == 31


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (
            of_the_sample,
            "worse since 2026-11-21 13:40:00 UTC: 1 new violation, 1 still broken, 1 fixed, 1 cannot be told",
        ),
        (unchanged, "not worse since 2026-11-22 13:40:00 UTC: no row changed, 2 still broken"),
        (
            compared.grown_and_aborted,
            "worse since 2026-11-22 13:40:00 UTC: NOT CERTIFIED → ABORTED, 1 new violation, "
            "1 still broken (1 in further objects), 6 cannot be told",
        ),
    ],
)
def test_one_line_says_it_all(made: Callable[[], Comparison], words: str) -> None:
    assert since(made()) == words


def test_what_went_and_what_is_judged_otherwise_is_counted_too() -> None:
    before = compared.run(compared.row(Verdict.FAIL, "a"), compared.row(Verdict.PASS, id_="ZONE-6"))
    after = compared.run(compared.row(Verdict.NOT_APPLICABLE), compared.row(Verdict.NOT_APPLICABLE, id_="ZONE-6"))
    assert summary(compare(before, after)) == "NOT CERTIFIED → INCOMPLETE, 1 gone, 1 judged otherwise"


def test_the_summary_of_a_run_says_it_in_one_line() -> None:
    results = sample.every_verdict()
    told = [line.text for line in summary_lines(results, width=120) if "since" in line.text]
    assert told == [since(of_the_sample())]
    assert not [line for line in summary_lines(replace(results, comparison=None)) if "since" in line.text]


def test_hostile_names_are_harmless() -> None:
    rendered = {suffix: render(compared.hostile()) for suffix, render in FORMATS.items()}
    for suffix in ("txt", "md", "html"):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", rendered[suffix]), suffix
    for suffix in ("md", "html"):
        assert "<script" not in rendered[suffix], suffix
    table = [line for line in rendered["md"].splitlines() if line.startswith("| ✗")]
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in table] == [5]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a|b", r"a\|b"),
        ("`x` *y* _z_ ~w~", r"\`x\` \*y\* \_z\_ \~w\~"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("[a](b) ![c](d)", r"\[a\](b) \!\[c\](d)"),
        ("@octocat", "@<!-- -->octocat"),
        ("see #12", r"see \#<!-- -->12"),
        ("GH-12", "GH-<!-- -->12"),
        ("https://evil.example", "https:<!-- -->//evil.example"),
        ("www.evil.example", "www<!-- -->.evil.example"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("> quote", "&gt; quote"),
        ("a\nb", "a b"),
        ("dev/wl1-md-0 v1.35.4", "dev/wl1-md-0 v1.35.4"),
    ],
)
def test_text_has_no_meaning_in_markdown(text: str, safe: str) -> None:
    assert escaped(text) == safe
