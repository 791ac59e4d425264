"""How an object of the drawing shows what was found about it: a sign, an outline, a colour, a link to the findings."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from tkg_conformance.reports.site_tree import NAMES, Part
from tkg_conformance.reports.svg import element
from tkg_conformance.reports.words import GLYPHS, TONES, counted

_SIDE, _STEP = 8, 11

Drawn = tuple[list[Markup], float]
"""Parts of the picture, and how high they are."""


def linked(part: Part, shape: Markup, *others: Markup) -> Markup:
    """Return the drawn object, as a link to its findings if there are any."""
    about = f"{NAMES[part.place.kind]} {part.title}" if part.place else part.title
    if part.violated is None:
        return element("g", element("title", about), shape, *others)
    count = counted(len(part.violated.statements), "finding")
    about = f"{about}: {part.violated.verdict}, {count}"
    return element(
        "a", element("title", about), shape, *others, href=f"#{part.violated.anchor}", aria_label=about, class_="mark"
    )


def tone_of(part: Part) -> str:
    """Return the classes of an object's shape."""
    if part.violated is None:
        return "plain"
    return f"{TONES[part.violated.verdict]} is-{part.violated.verdict.lower()}"


def sign_of(part: Part) -> str:
    """Return the sign of what was found, with a blank behind it; "" for nothing."""
    return f"{GLYPHS[part.violated.verdict]} " if part.violated else ""


def squares(machines: Sequence[Part], x: float, y: float, width: float) -> Drawn:
    """Draw each VM as a square, all of one kind in one path, because there may be thousands."""
    columns = max(1, int((width + _STEP - _SIDE) / _STEP))
    paths: dict[str, list[str]] = {}
    for index, each in enumerate(machines):
        left, top = x + index % columns * _STEP, y + index // columns * _STEP
        paths.setdefault(tone_of(each), []).append(f"M{left:.0f} {top:.0f}h{_SIDE}v{_SIDE}h-{_SIDE}z")
    rows = -(-len(machines) // columns)
    return [element("path", d="".join(path), class_=f"square {tone}") for tone, path in paths.items()], rows * _STEP
