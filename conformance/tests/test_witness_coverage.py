"""Every by-hand command is run against a lab, or it is said why not."""

from __future__ import annotations

import re
from pathlib import Path

from tkg_conformance.plugins import catalogue as catalogues

NO_TKG_LAYER = "the lab did not serve these kinds when the witnesses were written"
NOT_RUN = {
    "MOS-20": "the guests of a lab run no containers to look into",
    "DVPG-7": "watches until it is stopped",
    "MOS-10": "needs the object spec of a multi-OS cluster",
    **dict.fromkeys(("MOS-1", "MOS-2", "MOS-3", "MOS-4", "MOS-5", "MOS-6", "MOS-7", "MOS-8", "MOS-25"), NO_TKG_LAYER),
    **dict.fromkeys(("MOS-13", "MOS-19", "MOS-24"), NO_TKG_LAYER),
}


def test_every_command_is_run_or_has_a_reason() -> None:
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_witness_[gk]*.py")]
    run = set(re.findall(r'"((?:OVA|ZONE|IDENT|DSC|MOS|DVPG)-\d+)"', "\n".join(texts)))
    known = {each.id for each in catalogues.load().requirements}
    assert known - run == set(NOT_RUN)
    assert run <= known
