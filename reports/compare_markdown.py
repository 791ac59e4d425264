"""A comparison as Markdown, for a pull-request comment, a job summary or a mail."""

from __future__ import annotations

from collections.abc import Iterator

from tkg_conformance.reports.compare_view import CHANGE_GLYPHS, ChangeGroup, view_of_comparison
from tkg_conformance.reports.comparison_records import Comparison
from tkg_conformance.reports.markdown_text import escaped
from tkg_conformance.reports.words import counted

_MAX_OBJECTS = 20
_MAX_NAMES = 50
_LINE_BREAK = "<br>"


def comparison_markdown(comparison: Comparison) -> str:
    """Return the comparison with one table of what changed and one of what else differs."""
    view = view_of_comparison(comparison)
    lines = [line for doubt in view.doubts for line in ("> [!CAUTION]", f"> {escaped(doubt)}", "")]
    lines += [f"## {'✗' if view.worse else '✓'} {escaped(view.title)}", "", escaped(view.summary), ""]
    lines += ["| run | started | verdict | suite |", "| --- | --- | --- | --- |"]
    lines += [_table_row(run) for run in view.runs]
    if view.groups:
        lines += ["", "| change | requirement | verdict | what |", "| --- | --- | --- | --- |"]
        lines += [_group(group) for group in view.groups]
    if view.environment:
        lines += ["", "| what else changed | before | now |", "| --- | --- | --- |"]
        lines += [_table_row((each.what, each.before, each.after)) for each in view.environment]
    return "\n".join([*lines, "", escaped(view.unchanged), ""])


def _group(group: ChangeGroup) -> str:
    name = _cut(group.names, _MAX_NAMES, "row")
    title = f" {group.title}" if group.title else ""
    verdict = f"{group.before} → {group.after}" if group.before != group.after else group.after
    cells = (
        f"{CHANGE_GLYPHS[group.change]} {escaped(group.change)}",
        escaped(f"{name}{title}"),
        escaped(", ".join((verdict, *group.marks))),
        _LINE_BREAK.join(_what(group)),
    )
    return f"| {' | '.join(cells)} |"


def _what(group: ChangeGroup) -> Iterator[str]:
    if group.reason:
        yield escaped(group.reason)
    for each in group.objects[:_MAX_OBJECTS]:
        yield escaped(f"{each.change}: {each.object}: {each.message}")
    if len(group.objects) > _MAX_OBJECTS:
        yield f"… and {counted(len(group.objects) - _MAX_OBJECTS, 'more object')}"


def _cut(names: tuple[str, ...], most: int, thing: str) -> str:
    more = f" and {counted(len(names) - most, f'more {thing}')}" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _table_row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(escaped(each) for each in cells)} |"
