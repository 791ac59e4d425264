"""Tests, marks and requirements of other projects beside the suite, in inner pytest sessions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.tests.builder import healthy
from plugins.tests.test_engine import OBSERVATION
from plugins.tests.test_plugin import rows, run
from tkg_conformance.fixtures.observation import store


@pytest.fixture
def observation(tmp_path: Path) -> Path:
    path = tmp_path / "stored.json"
    store.save(OBSERVATION, path)
    return path


def test_a_failure_beside_the_requirements_is_not_hidden_by_a_certificate(pytester: pytest.Pytester) -> None:
    store.save(healthy().build(), pytester.path / "healthy.json")
    pytester.makepyfile("def test_of_the_house(): assert False\n")
    arguments = ("--tkg-observation", "healthy.json", "--tkg-require", "ZONE-1")
    result, results = run(pytester, *arguments)
    assert (result.ret, results["verdict"]) == (0, "CERTIFIED")
    result, results = run(pytester, str(pytester.path), *arguments)
    assert (result.ret, results["verdict"]) == (1, "CERTIFIED")
    result.stdout.fnmatch_lines(["A test that judges no requirement failed*"])


def test_a_mark_of_somebody_else_is_left_alone_while_dormant(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import pytest\n\n@pytest.mark.requirement('REQ-1')\ndef test_x(): pass\n"
        "@pytest.mark.requirement(['REQ-2'], owner='me')\ndef test_y(): pass\n"
    )
    assert pytester.runpytest_subprocess("-p", "no:cacheprovider").ret == 0


@pytest.mark.parametrize("more", [(), ("-n", "1")])
def test_a_second_test_of_a_requirement_is_refused(
    pytester: pytest.Pytester, observation: Path, more: tuple[str, ...]
) -> None:
    pytester.makepyfile(test_mine="import pytest\n\n@pytest.mark.requirement('ZONE-1')\ndef test_x(check): pass\n")
    arguments = ("-p", "no:cacheprovider", "--tkg-observation", str(observation), *more)
    result = pytester.runpytest_subprocess(*arguments)
    assert result.ret == 11
    assert "Two tests judge ZONE-1: " in result.stdout.str() + result.stderr.str()


def test_a_module_that_cannot_be_collected_aborts_the_run_and_is_not_the_users_doing(
    pytester: pytest.Pytester, observation: Path
) -> None:
    pytester.makepyfile(test_mine="import pytest\n\n@pytest.mark.requirement('HOUSE-9')\ndef test_x(check): pass\n")
    result, results = run(pytester, str(pytester.path), "--tkg-observation", str(observation))
    assert (result.ret, results["verdict"]) == (11, "ABORTED")
    assert results["run"]["abort_reason"].endswith("test_mine.py could not be collected")
    result.stdout.fnmatch_lines(["There is no requirement 'HOUSE-9'*"])
    result.stdout.no_fnmatch_line("*Traceback*")


CATALOGUE = """
area: house
prefix: HOUSE
title: House rules
page: none
promise: Clusters follow the rules of the house.
requirements:
  - id: HOUSE-1
    title: Clusters are named
    must: Every cluster MUST have a name.
    level: required
    scope: cluster
    planes: [CFG]
    provenance: [I]
    applies: always
    severity: minor
    source: [{house: rule 1}]
    expected: a name
    remediation: name it
"""


@pytest.mark.parametrize("more", [(), ("-n", "1")])
def test_others_add_requirements_with_a_hook_and_the_mark(
    pytester: pytest.Pytester, observation: Path, more: tuple[str, ...]
) -> None:
    (pytester.path / "house.yaml").write_text(CATALOGUE)
    pytester.makeconftest(
        "from pathlib import Path\n\n"
        "def pytest_tkg_catalogues(config):\n    return [Path(__file__).parent / 'house.yaml']\n"
    )
    pytester.makepyfile(
        "import pytest\n\n@pytest.mark.requirement('HOUSE-1')\n"
        "def test_named(check, site, cluster):\n    check.examine(cluster.name)\n"
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "--tkg-observation", str(observation), *more)
    found = rows(json.loads((pytester.path / "tkg-conformance-results" / "results.json").read_text()))
    assert [found["HOUSE-1", scope][0] for scope in ("dev/wl1", "dev/wl2")] == ["PASS", "PASS"]
    assert found["ZONE-1", "site"][0] == "NOT-RUN"
