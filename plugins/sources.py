"""Finds what a command is about: the nearest place decides, and one place must not name two things.

The places are the command line, the environment (TKG_CONFORMANCE_*), and the ini file of the present folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.plugins import inifile
from tkg_conformance.plugins.options import OPTIONS, PATHS, SOURCES

COMMAND_LINE = "command line"


@dataclass(frozen=True)
class Named:
    """What is to be judged: `site`, `lab` or `observation`, its value, and the place that names it."""

    name: str
    value: str
    place: str


def nearest(given: Mapping[str, Path | None], names: Sequence[str] = SOURCES) -> Named | None:
    """Return what the nearest place names, None if none does; `given` is the command line's.

    Raises:
        UsageError: if one place names two things, or the ini file cannot be read.
    """
    on_command_line = {name: (str(value), COMMAND_LINE) for name, value in given.items() if value is not None}
    for place in (on_command_line, from_environment(), from_ini()):
        found = [Named(name, *place[name]) for name in names if name in place]
        if len(found) > 1:
            shown = " and ".join(f"--{each.name}" if each.place == COMMAND_LINE else _shown(each) for each in found)
            raise UsageError(f"{shown} exclude each other; give the one that is meant.")
        if found:
            return found[0]
    return None


def from_environment() -> dict[str, tuple[str, str]]:
    """Return the options that variables set, with the variable."""
    return {
        option.name: (os.environ[option.variable], option.variable)
        for option in OPTIONS
        if os.environ.get(option.variable)
    }


def from_ini() -> dict[str, tuple[str, str]]:
    """Return the options that the ini file sets, with its path; paths in it are relative to it."""
    path, keys = inifile.keys_in(Path())
    base = (path or Path()).parent
    return {
        option.name: (
            str(base / keys[option.dest]) if option.name in (*PATHS, "lab") else keys[option.dest],
            str(path),
        )
        for option in OPTIONS
        if option.dest in keys
    }


def _shown(named: Named) -> str:
    return named.place if named.place.startswith("TKG_") else f"tkg_{named.name} of {named.place}"
