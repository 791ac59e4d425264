"""The ini file of a folder is the one that pytest would use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.plugins.inifile import keys_in


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\ntkg_site = a.yaml\naddopts = -q\n"),
        ("pytest.toml", '[pytest]\ntkg_site = "a.yaml"\nother = "x"\n'),
        ("pyproject.toml", '[tool.pytest.ini_options]\ntkg_site = "a.yaml"\n'),
        ("tox.ini", "[tox]\nx = y\n[pytest]\ntkg_site = a.yaml\n"),
        ("setup.cfg", "[tool:pytest]\ntkg_site = a.yaml\n"),
    ],
)
def test_each_form_is_read(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    assert keys_in(tmp_path) == (tmp_path / name, {"tkg_site": "a.yaml"})


def test_the_first_file_with_a_section_decides(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\ntkg_site = first.yaml\n")
    (tmp_path / "tox.ini").write_text("[pytest]\ntkg_site = second.yaml\n")
    assert keys_in(tmp_path)[1] == {"tkg_site": "first.yaml"}


def test_none_and_an_unrelated_one_say_nothing(tmp_path: Path) -> None:
    assert keys_in(tmp_path) == (None, {})
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert keys_in(tmp_path) == (None, {})


@pytest.mark.parametrize(("name", "text"), [("pytest.ini", "no section"), ("pyproject.toml", "= x")])
def test_a_broken_one_is_one_sentence(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=r"The ini file .* cannot be read: [^\n]*\."):
        keys_in(tmp_path)
