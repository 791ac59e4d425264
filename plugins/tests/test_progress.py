from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.tests.builder import healthy
from tkg_conformance.fixtures.observation import store
from tkg_conformance.plugins import styling
from tkg_conformance.plugins.progress import HEARTBEAT_S, TerminalProgress
from tkg_conformance.reports.layout import Line
from tkg_conformance.reports.words import Tone


def test_a_terminal_gets_one_line_that_is_overwritten_and_cleared() -> None:
    stream = io.StringIO()
    shown = TerminalProgress(stream, tty=True, width=40)
    shown.report("capv", 3, 10, "compiling")
    shown.judged("ZONE-8 [dev/wl1]", 7, 89)
    shown.close()
    first, second, cleared, end = stream.getvalue().split("\r")[1:]
    assert first.rstrip() == "[0:00] capv 3/10: compiling"
    assert second.rstrip() == "[0:00] judging 7 of 89 rows: ZONE-8 [dev"
    assert (cleared, end) == (" " * 40, "")


def test_a_look_says_what_of_how_much() -> None:
    stream = io.StringIO()
    shown = TerminalProgress(stream, tty=True)
    shown.looking(3)
    shown.started("management", "objects")
    shown.advanced("management", "objects", 1200)
    shown.advanced("vcenter:vc01", "inventory", 34)
    shown.finished("management", "objects", 1200, 0.25)
    shown.done("management")
    lines = [each.rstrip() for each in stream.getvalue().split("\r")[1:]]
    assert lines == [
        "[0:00] observing 0/3 planes, 0 objects; management: objects",
        "[0:00] observing 0/3 planes, 1,200 objects; management: objects 1200",
        "[0:00] observing 0/3 planes, 1,234 objects; vcenter:vc01: inventory 34",
        "[0:00] observing 0/3 planes, 1,234 objects; management: 1200 objects in 0.2 s",
        "[0:00] observing 1/3 planes, 1,234 objects; management: done",
    ]


def test_reads_are_kept_with_their_counts_and_those_of_a_second_look_are_told_apart() -> None:
    shown = TerminalProgress(io.StringIO(), tty=False)
    for _ in range(2):
        shown.looking(1)
        shown.advanced("management", "objects", 12)
        shown.finished("management", "objects", 12, 0.0)
        shown.finished("vcenter:vc01", "govc", 0, 0.0)
    found = [(each.what, each.count) for each in shown.timeline.spans()]
    assert sorted(found) == [("govc", None), ("govc again", None), ("objects", 12), ("objects again", 12)]


def test_a_long_line_never_wraps() -> None:
    stream = io.StringIO()
    TerminalProgress(stream, tty=True, width=30).report("wl1", None, None, "waiting " * 20)
    assert len(stream.getvalue().lstrip("\r")) == 30


def test_elsewhere_the_last_observation_is_repeated_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("tkg_conformance.plugins.progress.time.monotonic", lambda: clock[0])
    stream = io.StringIO()
    shown = TerminalProgress(stream, tty=False)
    shown.report("wl1", 1, 3, "machines Running")
    shown.report("wl1", 2, 3, "machines Running")
    clock[0] += HEARTBEAT_S
    shown.report("wl1", 2, 3, "machines Running")
    assert stream.getvalue().splitlines() == ["[0:00] wl1 1/3: machines Running", "[0:20] wl1 2/3: machines Running"]


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "terminal", "coloured"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": "", "TERM": "dumb"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
)
def test_colours_are_left_out_where_they_are_not_wanted(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], terminal: bool, coloured: bool
) -> None:
    for name, value in ({"NO_COLOR": "", "FORCE_COLOR": "", "TERM": "xterm"} | environment).items():
        monkeypatch.setenv(name, value)
    stream = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    styling.echo([Line("CERTIFIED", Tone.GOOD)])
    assert ("\x1b[" in stream.getvalue()) is coloured
    assert "CERTIFIED" in stream.getvalue()
    plain = Terminal()
    monkeypatch.setattr(sys, "stdout", plain)
    styling.echo([Line("CERTIFIED", Tone.GOOD)], plain=True)
    assert plain.getvalue() == "CERTIFIED\n"


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_on_a_terminal_one_line_shows_how_far_judging_is(tmp_path: Path, term: str) -> None:
    store.save(healthy().build(), tmp_path / "stored.json")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tkg_conformance.plugins.cli", "judge", "stored.json", "--area", "zone"]
    environment = {**os.environ, "TERM": term, "NO_COLOR": "1"}
    with subprocess.Popen(command, cwd=tmp_path, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        told = _read(ours)
        process.wait()
    os.close(ours)
    live = [part for part in told.replace("\n", "").split("\r") if "judging" in part]
    if term == "dumb":
        assert live == []
        assert "[100%]" in told
    else:
        assert live[-1].split("judging ")[1].startswith("26 of 26 rows: ")
        assert "[100%]" not in told


def _read(handle: int) -> str:
    """Return what arrives at a terminal until its last writer has gone."""
    told = b""
    while True:
        try:
            part = os.read(handle, 4096)
        except OSError:  # Linux says so instead of an end of file
            return told.decode()
        if not part:
            return told.decode()
        told += part
