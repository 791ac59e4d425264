"""The summary, the manual page and the list: they fit, they say the important things first, they are harmless."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from reports.tests import sample
from tkg_conformance.reports.layout import cut, plain, wrap, wrap_at_most
from tkg_conformance.reports.manual import explain_lines, list_lines
from tkg_conformance.reports.printable import one_line, printable
from tkg_conformance.reports.records import Verdict
from tkg_conformance.reports.terminal import summary_lines
from tkg_conformance.reports.verdict import ExitCode
from tkg_conformance.reports.words import GLYPHS, MEANINGS, TONES

FILES = ("out/results.json", "out/report.html")


@pytest.mark.parametrize("name", sample.SAMPLES)
@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (60, 30)])
def test_summary_fits_the_screen(name: str, width: int, height: int) -> None:
    lines = summary_lines(sample.SAMPLES[name](), files=FILES, width=width, height=height)
    assert max(cell_len(line.text) for line in lines) <= width
    assert len(lines) <= height


def test_many_causes_fit_and_are_counted() -> None:
    rows = tuple(replace(sample.EVERY_VERDICT[1], id=f"ZONE-{n}") for n in range(100, 140))
    lines = summary_lines(sample.results(rows), files=FILES)
    assert len(lines) <= 24
    text = plain(lines)
    named = len(re.findall(r"^✗ FAIL", text, re.MULTILINE))
    assert f"… and {40 - named} more causes: see the report" in text


def test_summary_says_verdict_cause_remedy_and_exit_code() -> None:
    text = plain(summary_lines(sample.every_verdict(), files=FILES, height=26))
    lines = text.splitlines()
    assert lines[0] == "✗ NOT CERTIFIED (SIMULATED SITE): zone, identity; 11 of 12 requirements"
    assert "✗ FAIL ZONE-3 Each compute cluster carries one zone tag (blocks 1)" in lines
    assert "    → Attach zone-b: vSphere Client > Hosts and Clusters > cluster2 > Actions >" in lines
    assert text.index("ZONE-3 Each") < text.index("DOC-CONFLICT ZONE-6") < text.index("INCONCLUSIVE IDENT-9")
    assert "NOT-RUN (crashed) IDENT-7" in text
    assert "○ not selected: ova (1 requirement)" in lines
    assert lines[-2:] == ["written: out/results.json, out/report.html", "exit code 1 (not certified)"]


def test_summary_of_an_interrupted_run() -> None:
    text = plain(summary_lines(sample.aborted_run(), code=ExitCode.INTERRUPTED))
    assert text.startswith("■ ABORTED (SIMULATED SITE)")
    assert "no longer answers (3 attempts in 30 s); the run ended early, 1 of 2" in " ".join(text.split())
    assert text.endswith("exit code 2 (interrupted)\n")


def test_waived_violation_is_called_so() -> None:
    assert "one zone tag (waived, blocks 1)" in plain(summary_lines(sample.waived_site()))


def test_blocked_row_without_its_cause_is_still_a_violation() -> None:
    text = plain(summary_lines(sample.results((sample.EVERY_VERDICT[3],))))
    assert "(blocked by ZONE-3)" in text


def test_hostile_names_move_no_cursor() -> None:
    assert "\x1b" not in plain(summary_lines(sample.hostile_names(), width=400))
    assert "\\x1b[31m" in plain(summary_lines(sample.hostile_names(), width=400))


def test_manual_page_has_its_sections() -> None:
    requirement = next(each for each in sample.CATALOGUE if each.id == "ZONE-8")
    text = plain(explain_lines(requirement, sample.AREAS[0], sample.RESTS_ON, sample.EVERY_VERDICT))
    headings = [line for line in text.splitlines() if re.fullmatch(r"[A-Z][A-Z ()]+", line)]
    assert headings[:4] == ["NAME", "MUST", "WHY", "APPLIES"]
    assert headings[-1] == "LAST RESULT"
    assert "    ZONE-3\n" in text
    assert "Cloud Provider vSphere 1.36.0 (upstream): the controller itself" in text
    assert "↳ BLOCKED ZONE-8 [dev/wl1]" in text
    assert "LAST RESULT" not in plain(explain_lines(requirement, sample.AREAS[0], sample.RESTS_ON))


def test_list_names_every_requirement() -> None:
    lines = list_lines(sample.CATALOGUE, sample.AREAS)
    text = plain(lines)
    assert all(f"  {each.id} " in text for each in sample.CATALOGUE)
    assert "zone: CSI region and zone tags (7)" in text
    assert max(cell_len(line.text) for line in lines) <= 80
    assert list_lines(()) == []


def test_every_verdict_has_its_sign_meaning_and_tone() -> None:
    assert set(GLYPHS) == set(MEANINGS) == set(TONES) == set(Verdict)
    assert len(set(GLYPHS.values())) == len(Verdict)


@given(st.text(), st.integers(min_value=4, max_value=100))
def test_lines_never_exceed_their_width(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) <= width
    assert all(cell_len(line) <= width for line in wrap(text, width))
    assert len(wrap_at_most(text, width, lines=2)) <= 2


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_printable_is_harmless_and_stable(text: str) -> None:
    shown = printable(text)
    assert printable(shown) == shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", shown)
    shown.encode("utf-8")
    assert "\n" not in one_line(text)
