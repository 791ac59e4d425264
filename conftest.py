"""The labs that the acceptance tests of one run share, and which tests therefore take turns.

A lab is started by the first test that asks for it, in whichever process of pytest-xdist, and ended with the run. Tests
on the default lab change it and put it back, so that they form one group; other tests with the mark `lab` run beside
them, a group for each file, unless they say otherwise themselves (`--dist loadgroup`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from filelock import FileLock

SHARED = "TKG_TEST_SHARED_LABS"


def pytest_configure(config: pytest.Config) -> None:
    """Give all processes of this run one folder for the labs that they share."""
    if not hasattr(config, "workerinput"):
        os.environ[SHARED] = tempfile.mkdtemp(prefix="tkg-test-labs-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the shared labs once every process is through, whatever became of the one that started them."""
    if hasattr(config, "workerinput") or SHARED not in os.environ:
        return
    from tkg_conformance.fixtures import lab

    folder = Path(os.environ.pop(SHARED))
    problems = []
    for directory in (each for each in folder.iterdir() if each.is_dir()):
        try:
            lab.down(directory)
        except Exception as error:  # the other labs must end all the same
            problems.append(f"{directory}: {error}")
    shutil.rmtree(folder, ignore_errors=True)
    if problems:
        pytest.exit("; ".join(problems), returncode=1)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """Put tests that use the default lab into one group, and those of other labs into one for each file.

    A wrapper, because pytest-xdist reads the groups in a hook that comes before those of any conftest.py.
    """
    for item in items:
        if item.get_closest_marker("lab") and not item.get_closest_marker("xdist_group"):
            on_default = "running_lab" in getattr(item, "fixturenames", ())
            item.add_marker(pytest.mark.xdist_group("default-lab" if on_default else item.path.stem))
    return (yield)


def _shared(scenario: str) -> Path:
    """Return the folder of a healthy lab; its programs are built first, which takes minutes on a new machine."""
    from tkg_conformance.fixtures import lab

    directory = Path(os.environ[SHARED]) / scenario
    with FileLock(f"{directory}.lock"):
        if not directory.exists():
            lab.build()
            lab.up(directory, scenario=scenario)
        elif not (directory / "site.yaml").is_file():
            pytest.fail(
                f"The lab {scenario} that this run shares did not start; an earlier test says why.", pytrace=False
            )
    return directory


@pytest.fixture(scope="session")
def running_lab() -> Path:
    """The folder of the default lab, or of the one that TKG_TEST_LAB names, which is left as it is."""
    named = os.environ.get("TKG_TEST_LAB")
    return Path(named) if named else _shared("default")


@pytest.fixture(scope="session")
def small_lab() -> Path:
    """The folder of a lab of one zone and one cluster, on which several tests may work at the same time."""
    return _shared("small")


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
