from __future__ import annotations

import io

import pytest

from tkg_conformance.plugins.progress import HEARTBEAT_S, TerminalProgress


def test_a_terminal_gets_one_line_that_is_overwritten_and_cleared() -> None:
    stream = io.StringIO()
    shown = TerminalProgress(stream, tty=True, width=40)
    shown.report("capv", 3, 10, "compiling")
    shown.started("management", "Machine")
    shown.close()
    first, second, cleared, end = stream.getvalue().split("\r")[1:]
    assert first.rstrip() == "[0:00] capv 3/10: compiling"
    assert second.rstrip() == "[0:00] observing management: Machine"
    assert (cleared, end) == (" " * 40, "")


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
