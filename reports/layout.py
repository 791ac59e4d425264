"""Lines of text for a terminal: measured in cells, because the page's headings are Japanese and twice as wide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells, set_cell_size

from tkg_conformance.reports.printable import one_line, printable
from tkg_conformance.reports.words import Tone


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its tone (None: plain) and whether it is emphasised; whoever prints chooses the colours."""

    text: str
    tone: Tone | None = None
    bold: bool = False


def plain(lines: Iterable[Line]) -> str:
    """Return the lines as text without any styling, ending in a line feed."""
    return "".join(f"{line.text}\n" for line in lines)


def cut(text: str, width: int) -> str:
    """Return the text on one line of at most `width` cells, with an ellipsis where it was cut."""
    flat = one_line(text)
    return flat if cell_len(flat) <= width else set_cell_size(flat, width - 1).rstrip() + "…"


def wrap(text: str, width: int) -> list[str]:
    """Return the text as lines of at most `width` cells, broken at spaces where there are any; its own lines stay."""
    lines: list[str] = []
    for paragraph in printable(text).splitlines():
        current = ""
        for word in _pieces(paragraph, width):
            joined = f"{current} {word}" if current else word
            if cell_len(joined) <= width:
                current = joined
            else:
                lines.append(current)
                current = word
        lines.append(current)
    return lines or [""]


def wrap_at_most(text: str, width: int, *, lines: int) -> list[str]:
    """Return the wrapped text, cut with an ellipsis after so many lines."""
    wrapped = wrap(one_line(text), width)
    if len(wrapped) <= lines:
        return wrapped
    return [*wrapped[: lines - 1], cut(" ".join(wrapped[lines - 1 :]), width)]


def indented(text: str, *, width: int, indent: str) -> list[str]:
    """Return the wrapped text, every line behind the indent."""
    return [(indent + line).rstrip() for line in wrap(text, width - cell_len(indent))]


def _pieces(paragraph: str, width: int) -> list[str]:
    # Only plain spaces divide, so that a hard space can hold two words together.
    words = [word for word in paragraph.replace("\t", " ").split(" ") if word]
    return [piece for word in words for piece in (chop_cells(word, width) if cell_len(word) > width else [word])]
