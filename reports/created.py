"""Says what a run created on the site, what of it was deleted, and what was left over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tkg_conformance.reports.layout import Line, cut, wrap
from tkg_conformance.reports.remains import unsettled
from tkg_conformance.reports.words import Tone, counted

_SHOWN = 3


def sentence(creation: Mapping[str, Any]) -> str:
    """Return what became of the created cluster, in one sentence without a full stop."""
    made, gone = len(creation.get("created") or ()), len(creation.get("deleted") or ())
    machines = len(creation.get("machines") or ())
    left = len(creation.get("leftovers") or ())
    text = f"created {creation.get('cluster')}: {counted(made, 'object')}, {counted(machines, 'machine')}"
    if creation.get("kept"):
        return f"{text}; kept, as asked for"
    text += f"; deleted {gone} of {counted(made, 'object')}"
    if others := len(creation.get("gone") or ()):
        text += f", {others} {'was' if others == 1 else 'were'} gone without it"
    if left:
        return f"{text}; {counted(left, 'leftover')}"
    if unsettled(creation):
        return f"{text}; not known to be gone"
    unsearched = creation.get("unsearched")
    return f"{text}, nothing is left over" + (f" on the management cluster; {unsearched}" if unsearched else "")


def requests_sentence(creation: Mapping[str, Any]) -> tuple[str, ...]:
    """Return how many requests the creation sent beside those of the look, without a full stop; none if not told."""
    requests = creation.get("requests") or {}
    if "read" not in requests or "write" not in requests:
        return ()
    read, written = (counted(int(requests[key]), "request") for key in ("read", "write"))
    return (f"creating and deleting: {read} to read, {written} to write",)


def creation_lines(creation: Mapping[str, Any], width: int) -> list[Line]:
    """Return the section of the closing summary: a sentence, then each leftover with its age and how to remove it."""
    left: Sequence[Mapping[str, Any]] = creation.get("leftovers") or ()
    tone = Tone.WARN if left or unsettled(creation) else Tone.QUIET
    lines = [Line(text, tone, bold=bool(left)) for text in wrap(sentence(creation), width)]
    for said in requests_sentence(creation):
        lines += [Line(text, Tone.QUIET) for text in wrap(said, width)]
    for each in left[:_SHOWN]:
        age = f", {_age(each['age_s'])} old" if each.get("age_s") is not None else ""
        lines.append(Line(cut(f"  left over: {each['object']}{age}: {each['evidence']}", width), Tone.WARN))
        if each.get("remove"):
            lines.append(Line(cut(f"    → {each['remove']}", width)))
    if len(left) > _SHOWN:
        lines.append(Line(f"  … and {counted(len(left) - _SHOWN, 'more leftover')}: see results.json", Tone.QUIET))
    return lines


def _age(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
