"""The labs that the acceptance tests of one run share, and which tests therefore take turns.

A lab is started by the first test that asks for it, in whichever process of pytest-xdist, and ended with the run. Tests
on the default lab change it and put it back, so that one process runs them all, from the start; those come first that
wait more than they reckon, while other processes are busy. Tests that create clusters on the small lab begin beside it,
each in any process, and the other files follow (`--dist loadscope`).
"""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
import uuid
from pathlib import Path

import pytest
from filelock import FileLock
from xdist.scheduler import LoadScopeScheduling

SHARED = "TKG_TEST_SHARED_LABS"
_ON_DEFAULT = ("running_lab", "hands: Hands")
_PATIENT = (
    "plugins/tests/test_faulty_means.py",
    "plugins/tests/test_probing_lab.py",
)
_ON_SMALL = ("plugins/tests/test_creation_lab.py",)


def pytest_configure(config: pytest.Config) -> None:
    """Name one folder for the labs of all processes of this run; the first lab makes it."""
    if not hasattr(config, "workerinput"):
        os.environ[SHARED] = str(Path(tempfile.gettempdir()) / f"tkg-test-labs-{uuid.uuid4().hex[:12]}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the shared labs once every process is through, whatever became of the one that started them."""
    if hasattr(config, "workerinput") or SHARED not in os.environ:
        return
    from tkg_conformance.fixtures import lab

    folder = Path(os.environ.pop(SHARED))
    if not folder.is_dir():
        return
    problems = []
    for directory in (each for each in folder.iterdir() if each.is_dir()):
        try:
            lab.down(directory)
        except Exception as error:  # the other labs must end all the same
            problems.append(f"{directory}: {error}")
    shutil.rmtree(folder, ignore_errors=True)
    if problems:
        pytest.exit("; ".join(problems), returncode=1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Use more processes than a small machine has processors: about half of the time, the fast tests wait."""
    return max(4, os.cpu_count() or 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """Give each process the tests of one lab at a time, where `--dist loadscope` is asked for.

    Not by marks and `--dist loadgroup`: xdist 3.8 writes the group into the node id, which pytest 9.2 no longer reads.
    """
    if config.getvalue("dist") != "loadscope":
        return None
    config.option.loadscopereorder = False  # what takes long is first already, which is not what has many tests
    return _ByLab(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: the tests of the default lab, then those that create clusters."""
    items.sort(key=lambda item: _turn(item.nodeid.partition("::")[0]) if item.get_closest_marker("lab") else _LAST)


class _ByLab(LoadScopeScheduling):
    """Sends the tests that use the default lab to one process, and others each to any, by test or by file."""

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.partition("::")[0]
        turn = _turn(name)
        return "default lab" if turn < _CREATING else nodeid if turn == _CREATING else name


_CREATING, _LAST = 2, 3


@functools.cache
def _turn(name: str) -> int:
    """Return when a file's tests take their turn: below `_CREATING` those on the default lab, `_LAST` all others."""
    if name in _ON_SMALL:
        return _CREATING
    text = (Path(__file__).parent / name).read_text()
    if any(fixture in text for fixture in _ON_DEFAULT):
        return 0 if name in _PATIENT else 1
    return _LAST


@pytest.fixture(scope="session", autouse=True)
def _lean_children() -> None:
    """Spare the pytest sessions that tests start Hypothesis' plugin, which imports all of Hypothesis to say nothing."""
    os.environ.setdefault("PYTEST_ADDOPTS", "-p no:hypothesispytest")


def _started(scenario: str) -> Path:
    """Return the folder of a healthy lab that all processes share; its programs are built first if absent."""
    from tkg_conformance.fixtures import lab

    directory = Path(os.environ[SHARED]) / scenario
    directory.parent.mkdir(mode=0o700, exist_ok=True)
    with FileLock(f"{directory}.lock"):
        if not directory.exists():
            lab.build()
            lab.up(directory, scenario=scenario)
        elif not (directory / "site.yaml").is_file():
            pytest.fail(f"The lab {scenario} of this run did not start; an earlier test says why.", pytrace=False)
    return directory


@pytest.fixture(scope="session")
def running_lab() -> Path:
    """The folder of the default lab, or of the one that TKG_TEST_LAB names, which is left as it is."""
    named = os.environ.get("TKG_TEST_LAB")
    return Path(named) if named else _started("default")


@pytest.fixture(scope="session")
def small_lab() -> Path:
    """The folder of a lab of one zone and one cluster, on which several tests may work at the same time."""
    return _started("small")


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
