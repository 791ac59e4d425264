"""The results as data inside of the report, so that the one file that is handed on can be read by a program too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from markupsafe import Markup

from tkg_conformance.reports.records import Examined, Result, Results
from tkg_conformance.reports.results_json import to_dict

LARGEST = 600_000
"""So many characters at most, so that the report of a large site can still be mailed."""
_LISTED = 10
_FINDINGS = 25
_AROUND = 120
"""So many characters stand around the values of a record, for its keys."""

_UNSAFE = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"))


@dataclass(frozen=True)
class Embedded:
    """The data block, and what was left out of it for its size; "" for nothing."""

    data: Markup
    left_out: str


@dataclass(frozen=True)
class _Weight:
    """Something that may make the results too large: how large it is about, and the results without it."""

    name: str
    size: Callable[[Results], int]
    without: Callable[[Results], Results]


def embedded(results: Results) -> Embedded:
    """Return the results in the form of `results.json`, without what makes them too large.

    What is left out may be missing from results.json too, so that the block can be read and rendered like one.
    """
    lightest = results
    for each in _WEIGHTS:
        lightest = each.without(lightest)
    room = LARGEST - len(_data(lightest))
    gone = []
    for each in _WEIGHTS:
        size = each.size(results)
        if size > room:
            results = each.without(results)
            gone.append(each.name)
        else:
            room -= size
    return Embedded(Markup(_data(results)), ", ".join(gone))  # noqa: S704 - no character of it means anything in HTML


def _data(results: Results) -> str:
    text = json.dumps(to_dict(results), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    for character, escape in _UNSAFE:
        text = text.replace(character, escape)
    return text


def _size(texts: Iterable[str | None]) -> int:
    return sum(len(each) + 3 for each in texts if each)


def _findings(results: Results) -> int:
    found = [each for row in results.results for each in row.findings[_FINDINGS:]]
    parts = ((each.object, each.expected, each.observed, each.message, each.remediation, each.source) for each in found)
    return sum(_size(texts) + _AROUND for texts in parts) + sum(_size(each.involves) for each in found)


def _course(results: Results) -> int:
    return sum(_size((each.lane, each.what)) + _AROUND for each in results.timeline)


def _site(results: Results) -> int:
    objects = results.topology.objects if results.topology else ()
    return sum(_size((each.ref, each.name, each.node, *each.also, *each.uses)) + 2 * _AROUND for each in objects)


def _lists(results: Results) -> int:
    return sum(_size(row.examined.objects[_LISTED:]) for row in results.results)


def _without_findings(results: Results) -> Results:
    return _each(results, lambda row: replace(row, findings=row.findings[:_FINDINGS]))


def _without_lists(results: Results) -> Results:
    return _each(
        results, lambda row: replace(row, examined=Examined(row.examined.count, row.examined.objects[:_LISTED]))
    )


def _each(results: Results, shorter: Callable[[Result], Result]) -> Results:
    return replace(results, results=tuple(shorter(row) for row in results.results))


_WEIGHTS = (
    _Weight(f"findings beyond {_FINDINGS} a row", _findings, _without_findings),
    _Weight("the single steps of the run", _course, lambda results: replace(results, timeline=())),
    _Weight("the objects of the drawing", _site, lambda results: replace(results, topology=None)),
    _Weight(f"examined objects beyond {_LISTED} a row", _lists, _without_lists),
)
"""What matters most comes first."""
