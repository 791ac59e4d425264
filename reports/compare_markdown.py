"""A comparison as Markdown, for a pull-request comment, a job summary or a mail."""

from __future__ import annotations

from tkg_conformance.reports.compare_view import CHANGE_GLYPHS, ChangeGroup, ComparisonView, since, view_of_comparison
from tkg_conformance.reports.comparison_records import Comparison
from tkg_conformance.reports.markdown_parts import LIMIT, Part, joined, listed
from tkg_conformance.reports.markdown_text import SENTENCE, escaped, short

_RUNS = 6_000
# One line of a table is shown wholly or not at all, so it must not grow with the number of objects.
_OBJECTS = 800
_LINE_BREAK = "<br>"


def comparison_markdown(comparison: Comparison) -> str:
    """Return one table of what changed and one of what else differs, of at most `LIMIT` characters."""
    view = view_of_comparison(comparison)
    runs = Part(_table_head("run", "started", "verdict", "suite"), tuple(_table_row(run) for run in view.runs), "run")
    head = f"{_doubts(view)}## {_glyph(view)} {short(view.title)}\n\n{short(view.summary)}\n"
    return joined((head, runs.within(_RUNS), *_tables(view, LIMIT - _RUNS - len(head) - SENTENCE)))


def changes_since(comparison: Comparison, room: int) -> str:
    """Return the comparison as a part of a run's own page, of at most `room` characters."""
    view = view_of_comparison(comparison)
    head = f"### {_glyph(view)} What changed\n\n{_doubts(view)}{short(since(comparison))}\n"
    return joined((head, *_tables(view, room - len(head) - SENTENCE)))


def _tables(view: ComparisonView, room: int) -> tuple[str, ...]:
    changes = Part(
        _table_head("change", "requirement", "verdict", "what"), tuple(_group(each) for each in view.groups), "line"
    )
    others = Part(
        _table_head("what else changed", "before", "now"),
        tuple(_table_row((each.what, each.before, each.after)) for each in view.environment),
        "fact",
    )
    second = others.within(room // 3)
    return changes.within(room - len(second)), second, f"{short(view.unchanged)}\n"


def _doubts(view: ComparisonView) -> str:
    return "".join(f"> [!CAUTION]\n> {short(doubt)}\n\n" for doubt in view.doubts)


def _glyph(view: ComparisonView) -> str:
    return "✗" if view.worse else "✓"


def _group(group: ChangeGroup) -> str:
    names = listed(group.names, "row")
    verdict = f"{group.before} → {group.after}" if group.before != group.after else group.after
    objects = [f"{each.change}: {each.object}: {each.message}" for each in group.objects]
    what = (short(group.reason), listed(objects, "object", between=_LINE_BREAK, room=_OBJECTS))
    cells = (
        f"{CHANGE_GLYPHS[group.change]} {escaped(group.change)}",
        f"{names} {short(group.title)}" if group.title else names,
        short(", ".join((verdict, *group.marks))),
        _LINE_BREAK.join(each for each in what if each),
    )
    return f"| {' | '.join(cells)} |\n"


def _table_head(*titles: str) -> str:
    return f"| {' | '.join(titles)} |\n|{' --- |' * len(titles)}\n"


def _table_row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(short(each) for each in cells)} |\n"
