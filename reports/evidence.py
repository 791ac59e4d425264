"""What is too large for `results.json` lies in files beside it: which those are, and what of it stays.

Both are pure; whoever writes the results writes the files first (see `EvidenceFile`), and says which could be kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tkg_conformance.reports.causes import row_name
from tkg_conformance.reports.comparison_records import Comparison
from tkg_conformance.reports.printable import one_line
from tkg_conformance.reports.records import Examined, Finding, Result, Results
from tkg_conformance.reports.words import counted

FOLDER = "evidence"
MAX_LISTED = 200
"""Examined objects that a row lists by name."""
MAX_TEXT = 4096
"""Characters of a text that stay in the results."""
_TEXTS = ("message", "expected", "observed", "evidence", "remediation")
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_NAME = 80
_OURS = re.compile(r"(examined|texts)-[A-Za-z0-9_-]+\.txt")


@dataclass(frozen=True, slots=True)
class Content:
    """A file to be written: its path from the folder of `results.json`, what it holds in a few words, and its text."""

    file: str
    what: str
    text: str


def contents(results: Results) -> Iterator[Content]:
    """Yield the files that the results need beside them."""
    for row, name in _named(results.results):
        if len(row.examined.objects) > MAX_LISTED:
            lines = "".join(f"{one_line(each)}\n" for each in row.examined.objects)
            what = f"the {counted(len(row.examined.objects), 'object')} that {row_name(row)} examined"
            yield Content(_examined_file(name), what, lines)
        if texts := list(_long_texts(row)):
            yield Content(_texts_file(name), f"the long texts of {row_name(row)}, whole", "\n".join(texts))


def reduced(results: Results, kept: Collection[str]) -> Results:
    """Return the results without what is too large for them; `kept` are the files that hold it."""
    rows = tuple(_reduced_row(row, name, kept) for row, name in _named(results.results))
    comparison = _reduced_comparison(results.comparison) if results.comparison else None
    return replace(results, results=rows, comparison=comparison)


def _named(rows: Sequence[Result]) -> Iterator[tuple[Result, str]]:
    """Yield each row with the part of a file name that is its own, whatever its scope is called."""
    taken: set[str] = set()
    for row in rows:
        plain = _UNSAFE.sub("-", f"{row.id}-{row.scope}")[:_LONGEST_NAME]
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.casefold())
        yield row, name


def _examined_file(name: str) -> str:
    return f"{FOLDER}/examined-{name}.txt"


def _texts_file(name: str) -> str:
    return f"{FOLDER}/texts-{name}.txt"


def _long_texts(row: Result) -> Iterator[str]:
    if len(row.reason) > MAX_TEXT:
        yield f"== reason\n{row.reason}\n"
    for number, finding in enumerate(row.findings, 1):
        for field in _TEXTS:
            text = getattr(finding, field) or ""
            if len(text) > MAX_TEXT:
                yield f"== finding {number}, {one_line(finding.object)}: {field}\n{text}\n"
    for number, note in enumerate(row.notes, 1):
        if len(note) > MAX_TEXT:
            yield f"== note {number}\n{note}\n"


def _reduced_row(row: Result, name: str, kept: Collection[str]) -> Result:
    texts, listed = _texts_file(name), _examined_file(name)
    where = f"whole in {texts}" if texts in kept else "the rest could not be kept"
    notes = tuple(_short(note, where) for note in row.notes)
    if len(row.examined.objects) > MAX_LISTED:
        all_of_them = f"in {listed}" if listed in kept else "not listed anywhere: they could not be kept"
        notes = (*notes, f"all {row.examined.count} examined objects are {all_of_them}")
    return replace(
        row,
        reason=_short(row.reason, where),
        examined=Examined(row.examined.count, row.examined.objects[:MAX_LISTED]),
        findings=tuple(_reduced_finding(finding, where) for finding in row.findings),
        notes=notes,
    )


def _reduced_finding(finding: Finding, where: str) -> Finding:
    long = [field for field in _TEXTS if len(getattr(finding, field) or "") > MAX_TEXT]
    changes: dict[str, Any] = {field: _short(getattr(finding, field), where) for field in long}
    return replace(finding, **changes)


def _reduced_comparison(comparison: Comparison) -> Comparison:
    rows = tuple(
        replace(row, objects=tuple(replace(each, message=_short(each.message, "cut")) for each in row.objects))
        for row in comparison.rows
    )
    return replace(comparison, rows=rows)


def _short(text: str, where: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}… ({len(text)} characters; {where})"


def stale(present: Iterable[str], results: Results) -> list[str]:
    """Return the names in the folder that a former run left and these results do not name."""
    named = {each.file for each in results.evidence}
    return [name for name in present if _OURS.fullmatch(name) and f"{FOLDER}/{name}" not in named]
