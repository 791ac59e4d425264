"""Turns records into plain JSON values and back, checking every type on the way in.

One table of types serves all records, so that a field added to a record needs no second description here.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, cast

from tkg_conformance.reports.errors import ResultsError
from tkg_conformance.reports.files import read_plain

R = TypeVar("R")

_NAMES = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


def stored(path: Path, loads: Callable[[bytes], R]) -> R:
    """Return what `loads` makes of a file; raises `ResultsError`, which names the file, in one sentence."""
    try:
        return loads(read_plain(path))
    except OSError as error:
        raise ResultsError(f"cannot read {path}: {error.strerror}") from error
    except ResultsError as error:
        raise ResultsError(f"{path}: {error}") from error


def plain(record_or_value: Any) -> Any:
    """Return the record, enumeration or collection as plain JSON values."""
    if is_dataclass(record_or_value) and not isinstance(record_or_value, type):
        return {each.name: plain(getattr(record_or_value, each.name)) for each in fields(record_or_value)}
    if isinstance(record_or_value, Enum):
        return record_or_value.value
    if isinstance(record_or_value, list | tuple):
        return [plain(each) for each in record_or_value]
    return record_or_value


def record(kind: type[R], found: Any, where: str) -> R:
    """Return the record that a JSON object describes; raises `ResultsError` for missing, unknown or wrong fields."""
    given = mapping(found, where)
    described = fields(cast("Any", kind))
    unknown = sorted(set(given) - {each.name for each in described})
    if unknown:
        raise ResultsError(f"{where} holds the unknown key {unknown[0]}; was the file edited by hand?")
    needed = [each.name for each in described if each.default is MISSING and each.default_factory is MISSING]
    missing = [name for name in needed if name not in given]
    if missing:
        raise ResultsError(f"{where} lacks {', '.join(missing)}")
    hints = typing.get_type_hints(kind)
    return kind(**{name: value(hints[name], given[name], f"{where}.{name}") for name in given})


def records(kind: type[R], found: Any, where: str) -> tuple[R, ...]:
    """Return the records that a JSON array describes; raises `ResultsError`."""
    return tuple(record(kind, each, f"{where}[{index}]") for index, each in enumerate(sequence(found, where)))


def mapping(found: Any, where: str) -> Mapping[str, Any]:
    """Return the value if it is a JSON object; raises `ResultsError`."""
    if not isinstance(found, dict):
        raise _wrong(where, "an object", found)
    return found


def sequence(found: Any, where: str) -> list[Any]:
    """Return the value if it is a JSON array; raises `ResultsError`."""
    if not isinstance(found, list):
        raise _wrong(where, "an array", found)
    return found


def value(kind: Any, found: Any, where: str) -> Any:
    """Return the value as the annotated type; raises `ResultsError` naming the place."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return found
    if origin in (types.UnionType, typing.Union):
        if found is None and type(None) in arguments:
            return None
        return value(next(each for each in arguments if each is not type(None)), found, where)
    if origin is tuple:
        return _tuple(arguments, sequence(found, where), where)
    if origin is dict:
        return {key: value(arguments[1], each, f"{where}.{key}") for key, each in mapping(found, where).items()}
    if is_dataclass(kind):
        return record(cast("type[Any]", kind), found, where)
    if issubclass(kind, Enum):
        return _word(kind, found, where)
    return _scalar(kind, found, where)


def _tuple(arguments: tuple[Any, ...], found: list[Any], where: str) -> tuple[Any, ...]:
    if arguments[-1] is Ellipsis:
        return tuple(value(arguments[0], each, f"{where}[{index}]") for index, each in enumerate(found))
    if len(found) != len(arguments):
        raise _wrong(where, f"an array of {len(arguments)}", found)
    pairs = enumerate(zip(arguments, found, strict=True))
    return tuple(value(kind, each, f"{where}[{index}]") for index, (kind, each) in pairs)


def _word(kind: type[Enum], found: Any, where: str) -> Enum:
    try:
        return kind(found)
    except ValueError as error:
        raise _wrong(where, "one of " + ", ".join(str(each.value) for each in kind), found) from error


def _scalar(kind: type[Any], found: Any, where: str) -> Any:
    # JSON has one kind of number, and in Python true is an int; neither may slip through.
    fits = isinstance(found, bool) if kind is bool else isinstance(found, kind) and not isinstance(found, bool)
    if kind is float and isinstance(found, int) and not isinstance(found, bool):
        return float(found)
    if not fits:
        raise _wrong(where, _NAMES[kind], found)
    return found


def _wrong(where: str, expected: str, found: Any) -> ResultsError:
    shown = repr(found)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return ResultsError(f"{where} is {shown}, expected {expected}")
