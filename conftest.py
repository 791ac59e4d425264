"""The lab that all acceptance tests of one run share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def running_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a healthy lab; its programs are built first, which takes minutes on a new machine."""
    from tkg_conformance.fixtures import lab

    if "TKG_TEST_LAB" in os.environ:  # a healthy lab that is there already, and is left as it is
        yield Path(os.environ["TKG_TEST_LAB"])
        return
    directory = tmp_path_factory.mktemp("acceptance") / "lab"
    lab.build()
    lab.up(directory)
    try:
        yield directory
    finally:
        lab.down(directory)
