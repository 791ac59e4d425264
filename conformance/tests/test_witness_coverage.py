"""Every by-hand command is run against a lab, or it is said why not."""

from __future__ import annotations

import re
from pathlib import Path

from tkg_conformance.plugins import catalogue as catalogues

NOT_RUN = {
    "MOS-20": "the guests of a lab run no containers to look into",
    "DVPG-7": "watches until it is stopped",
}


def test_every_command_is_run_or_has_a_reason() -> None:
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_witness_[gk]*.py")]
    run = set(re.findall(r'"((?:OVA|ZONE|IDENT|DSC|MOS|DVPG)-\d+)"', "\n".join(texts)))
    known = {each.id for each in catalogues.load().requirements}
    assert known - run == set(NOT_RUN)
    assert run <= known
