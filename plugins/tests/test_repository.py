"""Rules about the repository as a whole."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("conformance", "fixtures", "plugins", "reports")
SHIPPED = {".py", ".yaml", ".json", ".jinja", ".js", ".go", ".mod", ".sum", ".typed"}


def kept_files() -> list[Path]:
    """The files of the repository that git keeps or would keep, relative to its root."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return [Path(name) for name in names if (ROOT / name).is_file()]


def shipped_files() -> set[str]:
    """The files of the four folders that an installed package must hold, by their path in the wheel."""
    found = set()
    for path in kept_files():
        if path.parts[0] not in FOLDERS or "tests" in path.parts or path.suffix not in SHIPPED:
            continue
        inside = Path(*path.parts[2:]) if path.parts[:2] == ("plugins", "_root") else path
        found.add(str("tkg_conformance" / inside))
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The wheel's files, built from a copy: setuptools would also pack what an earlier build left in a checkout."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for path in kept_files():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, copy / path)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(out), str(copy)],
        check=True,
        cwd=out,
    )
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_exactly_the_folders(wheel: set[str]) -> None:
    assert wheel == shipped_files()


def test_no_top_level_name_but_ours_is_installed(wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel} == {"tkg_conformance"}


def test_the_version_is_written_once_more_only_where_python_reads_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    root = (ROOT / "plugins/_root/__init__.py").read_text()
    assert f'__version__ = "{project["version"]}"' in root


def test_the_readme_test_command_is_what_ci_runs() -> None:
    readme = (ROOT / "README.md").read_text()
    marked = re.search(r"<!-- test-command -->\n```\n(.+?)\n```", readme, re.DOTALL)
    assert marked is not None
    assert "tox" in marked.group(1)
    assert "test-command" in (ROOT / ".ci/run").read_text()


def test_no_file_names_a_machine_path() -> None:
    bad = re.compile("|".join(["/" + "work/", "/" + "root/", "/" + "home/", "proxy" + r"\.golang", "pypi" + r"\.org"]))
    offending = [
        str(path) for path in kept_files() if bad.search((ROOT / path).read_text(encoding="utf-8", errors="ignore"))
    ]
    assert offending == []
