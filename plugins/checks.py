"""Finds the functions that judge, by the requirement that each is marked with."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.plugins.catalogue import PACKAGE
from tkg_conformance.plugins.engine import CheckFunction

MARKER = "requirement"


def load() -> dict[str, CheckFunction]:
    """Import the suite's test modules and return their functions by requirement id.

    Raises:
        UsageError: if two functions claim one requirement.
    """
    found: dict[str, CheckFunction] = {}
    for module in _test_modules(importlib.import_module(PACKAGE)):
        for function in vars(module).values():
            for id_ in requirement_marks(getattr(function, "pytestmark", ())):
                add(found, id_, function)
    return found


def requirement_marks(marks: Iterable[Any]) -> list[str]:
    """Return the requirement ids among pytest marks.

    Raises:
        UsageError: if the mark is not of the form `requirement("ZONE-8")`.
    """
    ids: list[str] = []
    for mark in marks if isinstance(marks, (list, tuple)) else ():
        if getattr(mark, "name", None) != MARKER:
            continue
        if len(mark.args) != 1 or mark.kwargs or not isinstance(mark.args[0], str):
            raise UsageError(f'The mark requirement{mark.args} is wrong; expected requirement("ZONE-8").')
        ids.append(mark.args[0])
    return ids


def add(known: dict[str, CheckFunction], id_: str, function: CheckFunction) -> None:
    """Enter the function that judges a requirement.

    Raises:
        UsageError: if another one does already, because only one of them would be run.
    """
    other = known.setdefault(id_, function)
    if _place(other) != _place(function):
        raise UsageError(f"Two tests judge {id_}: {_place(other)} and {_place(function)}; give one another id.")


def _place(function: CheckFunction) -> str:
    """Return file and name; pytest may import a module under another name than the suite does."""
    code = inspect.unwrap(function).__code__
    return f"{Path(code.co_filename).resolve()}::{code.co_name}"


def _test_modules(package: ModuleType) -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        leaf = info.name.rpartition(".")[2]
        if info.ispkg and leaf != "tests":
            yield from _test_modules(importlib.import_module(info.name))
        elif leaf.startswith("test_"):
            yield importlib.import_module(info.name)
