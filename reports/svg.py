"""Builds SVG text: everything from outside is escaped, and what is too long for its place is cut in the middle."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from tkg_conformance.reports.printable import one_line

_MONO_EM, _SANS_EM = 0.61, 0.56
"""How wide a character is, in parts of the font size: of the widest common fonts, so that texts fit in all of them."""


def element(name: str, *children: str, **attributes: object) -> Markup:
    """Return an element; `class_` stands for `class`, an underscore for a hyphen; an attribute of None is left out.

    A child that is no markup is text.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(one_line(_value(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = Markup("").join(each if isinstance(each, Markup) else escape(one_line(each)) for each in children)
    return Markup(f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>")  # noqa: S704 - escaped


def text(
    words: str, x: float, y: float, *, size: float = 12, width: float | None = None, **attributes: object
) -> Markup:
    """Return a text whose base line starts at a point, cut to a width if it has one."""
    classes = str(attributes.get("class_", ""))
    shown = words if width is None else fitted(words, width, size=size, mono="mono" in classes)
    return element("text", shown, x=x, y=y, font_size=size, **attributes)


def box(x: float, y: float, width: float, height: float, **attributes: object) -> Markup:
    """Return a rectangle with slightly rounded corners."""
    return element("rect", x=x, y=y, width=width, height=height, rx=3, **attributes)


def drawing(width: float, height: float, label: str, parts: Iterable[str], *, class_: str) -> Markup:
    """Return the whole picture, which a screen reader announces by its label."""
    view = f"-1 -1 {_value(width + 2)} {_value(height + 2)}"
    return element("svg", *parts, class_=class_, viewBox=view, role="group", aria_label=label)


def fitted(words: str, width: float, *, size: float, mono: bool = False) -> str:
    """Return the words, cut in the middle if they are wider: what tells names apart is at both ends."""
    room = max(int(width / (size * (_MONO_EM if mono else _SANS_EM))), 3)
    if len(words) <= room:
        return words
    tail = (room - 1) // 2
    return f"{words[: room - 1 - tail]}…{words[-tail:]}"


def _value(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
