"""Reads the plugin's keys from the ini file that pytest would use in a folder, for commands that run no pytest."""

from __future__ import annotations

import configparser
import tomllib
from pathlib import Path
from typing import Any

from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.fixtures.plainfile import read_plain

# pytest's own order (reference, "Initialization: determining rootdir and configfile"); the first with a section wins.
_PLACES = (
    ("pytest.toml", ("pytest",)),
    (".pytest.toml", ("pytest",)),
    ("pytest.ini", ("pytest",)),
    (".pytest.ini", ("pytest",)),
    ("pyproject.toml", ("tool", "pytest", "ini_options")),
    ("pyproject.toml", ("tool", "pytest")),
    ("tox.ini", ("pytest",)),
    ("setup.cfg", ("tool:pytest",)),
)


def keys_in(folder: Path) -> tuple[Path | None, dict[str, str]]:
    """Return the ini file of a folder and its scalar keys that begin with `tkg_`; `UsageError` if it is broken."""
    for name, section in _PLACES:
        path = folder / name
        found = _section(path, section) if path.is_file() else None
        if found is not None:
            return path, {key: value for key, value in found.items() if key.startswith("tkg_") and _is_text(value)}
    return None, {}


def _section(path: Path, names: tuple[str, ...]) -> dict[str, Any] | None:
    try:
        text = read_plain(path).decode()
        content: Any = tomllib.loads(text) if path.suffix == ".toml" else _parsed(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, configparser.Error) as error:
        raise UsageError(f"The ini file {path} cannot be read: {str(error).splitlines()[0]}.") from error
    for name in names:
        content = content.get(name) if isinstance(content, dict) else None
    return content if isinstance(content, dict) else None


def _parsed(text: str) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return {section: dict(parser[section]) for section in parser.sections()}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
