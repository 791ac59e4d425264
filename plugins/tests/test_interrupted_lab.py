"""Ctrl-C while the command brings up a lab of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plugins.tests.rows import interruptible
from tkg_conformance.reports import results_json

pytestmark = pytest.mark.lab


def test_ctrl_c_while_the_lab_starts_leaves_nothing_running(tmp_path: Path) -> None:
    process = interruptible(
        [sys.executable, "-m", "tkg_conformance.plugins.cli", "run", "--out", "out"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("tkg-conformance-lab-*/state.json")) and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(5)
    process.send_signal(signal.SIGINT)
    try:
        assert process.wait(60) == 2
    finally:
        process.kill()
    assert list(tmp_path.glob("tkg-conformance-lab-*")) == []
    commands = [each.read_bytes() for each in Path("/proc").glob("[0-9]*/cmdline") if each.exists()]
    assert [each for each in commands if str(tmp_path).encode() in each] == []
    results = results_json.load(tmp_path / "out" / "results.json")
    assert (results.run.state, results.verdict) == ("aborted", "ABORTED")
