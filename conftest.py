"""The lab that all acceptance tests of one run share: one started for them, or the one that TKG_TEST_LAB names."""

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


@pytest.fixture(scope="session")
def container_engine() -> None:
    """A container engine of this machine that answers; without one the test is skipped, in CI it fails."""
    from tkg_conformance.fixtures.errors import LabError
    from tkg_conformance.fixtures.lab import container

    try:
        with container.engine():
            return
    except LabError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
