"""Parts of a Markdown page that has to fit into a comment: each shows what has room, and counts what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tkg_conformance.reports.markdown_text import SENTENCE, short
from tkg_conformance.reports.words import counted

LIMIT = 60_000
"""Characters of a page at most; GitHub refuses a comment of more than 65,536."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part whose items are left out from the last on where there is no room for them; `thing` is what one is.

    `opening` and `closing` stand around the items, each with its line ends.
    """

    opening: str
    items: tuple[str, ...]
    thing: str
    closing: str = ""

    def within(self, room: int) -> str:
        """Return its text of at most `room` characters; "" if there is no item, or not even one has room."""
        room -= len(self.opening) + len(self.closing) + SENTENCE
        taken = 0
        for item in self.items:
            room -= len(item)
            if room < 0:
                break
            taken += 1
        left = len(self.items) - taken
        more = f"\n… and {counted(left, f'more {self.thing}')}: see results.json\n" if left else ""
        return "".join([self.opening, *self.items[:taken], more, self.closing]) if taken else ""


def listed(texts: Sequence[str], thing: str, *, between: str = ", ", room: int = SENTENCE) -> str:
    """Return the texts, each escaped, as far as there is room for them, and how many more there are of the thing."""
    shown: list[str] = []
    for text in texts:
        shown.append(short(text))
        room -= len(shown[-1]) + len(between)
        if room < 0 and len(shown) > 1:
            shown.pop()
            break
    left = len(texts) - len(shown)
    return between.join([*shown, *([f"… and {counted(left, f'more {thing}')}"] if left else [])])


def joined(parts: tuple[str, ...]) -> str:
    """Return the parts that say something with an empty line between them."""
    return "\n\n".join(text.strip("\n") for text in parts if text) + "\n"
