"""A comparison on the terminal: what got worse first, then what else changed, 80 columns."""

from __future__ import annotations

from tkg_conformance.reports.compare_view import (
    CHANGE_GLYPHS,
    CHANGE_TONES,
    ChangeGroup,
    ComparisonView,
    view_of_comparison,
)
from tkg_conformance.reports.comparison_records import Change, Comparison, EnvironmentChange
from tkg_conformance.reports.layout import Line, cut, indented, wrap, wrap_at_most
from tkg_conformance.reports.words import Tone, counted

_MAX_OBJECTS = 10
_NAME_LINES = 3
_REASON_LINES = 2


def comparison_lines(comparison: Comparison, *, width: int = 80) -> list[Line]:
    """Return the whole comparison; of a row with many objects the first ones are shown and the others counted."""
    view = view_of_comparison(comparison)
    return [
        *(Line(text, Tone.BAD, bold=True) for doubt in view.doubts for text in wrap(f"! {doubt}", width)),
        *_head(view, width),
        *(line for group in view.groups for line in _group(group, width)),
        *([Line("")] if view.groups else []),
        *_environment(view.environment, width),
        *(Line(text, Tone.QUIET) for text in wrap(view.unchanged, width)),
    ]


def _head(view: ComparisonView, width: int) -> list[Line]:
    glyph, tone = ("✗", Tone.BAD) if view.worse else ("✓", Tone.GOOD)
    lines = [Line(text, tone, bold=True) for text in wrap(f"{glyph} {view.title}: {view.summary}", width)]
    for when, started, headline, _ in view.runs:
        start = f"{when:<6}  {started}  "
        for index, text in enumerate(wrap(headline, max(width - len(start), 20))):
            lines.append(Line((" " * len(start) if index else start) + text))
    return [*lines, Line("")]


def _group(group: ChangeGroup, width: int) -> list[Line]:
    words = [f"{group.before} → {group.after}"] if group.before != group.after else [group.after]
    suffix = f" ({', '.join((*words, *group.marks))})"
    is_one = len(group.names) == 1
    named = f"{group.names[0]} {group.title}" if is_one else counted(len(group.names), "row")
    start = f"{CHANGE_GLYPHS[group.change]} {group.change} {named}"
    lines = [Line(cut(start, width - len(suffix)) + suffix, CHANGE_TONES[group.change], bold=True)]
    if not is_one:
        lines += [Line(f"    {text}") for text in wrap_at_most(", ".join(group.names), width - 4, lines=_NAME_LINES)]
    if group.reason:
        lines += [Line(f"    {text}") for text in wrap_at_most(group.reason, width - 4, lines=_REASON_LINES)]
    for each in group.objects[:_MAX_OBJECTS]:
        lines.append(Line("    " + cut(f"{each.change}: {each.object}", width - 4)))
        if each.change not in (Change.FIXED, Change.GONE):
            lines.append(Line("        " + cut(each.message, width - 8), Tone.QUIET))
    hidden = len(group.objects) - _MAX_OBJECTS
    return [*lines, *([Line(f"    … and {counted(hidden, 'more object')}", Tone.QUIET)] if hidden > 0 else [])]


def _environment(changes: tuple[EnvironmentChange, ...], width: int) -> list[Line]:
    if not changes:
        return []
    lines = [Line("What else changed", bold=True)]
    for each in changes:
        lines += [
            Line(text) for text in indented(f"{each.what}: {each.before} → {each.after}", width=width, indent="  ")
        ]
    return [*lines, Line("")]
