"""Draws the port groups, datastore clusters and datastores of a datacenter, and which zones use them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from tkg_conformance.reports.site_tree import NAMES, Part
from tkg_conformance.reports.svg import box, element, text
from tkg_conformance.reports.topology_marks import Drawn, linked, sign_of, tone_of
from tkg_conformance.reports.topology_records import PlaceKind
from tkg_conformance.reports.words import counted

_CARD, _GAP, _LINE = 150.0, 10.0, 17.0
_BETWEEN = 34.0
"""The room for the lines from zones."""
_LISTED = 8
_KINDS = (PlaceKind.PORT_GROUP, PlaceKind.DATASTORE_CLUSTER, PlaceKind.DATASTORE)


def storage_and_networks(
    part: Part, x: float, y: float, width: float, zones: Mapping[int, tuple[float, float]]
) -> Drawn:
    """Draw what the zones share; `zones` are the points from which lines go to what their VMs use."""
    cards = tuple(each for kind in _KINDS for each in part.of(kind))
    if not cards:
        return [], 0.0
    columns = max(1, min(len(cards), int(width / _CARD)))
    column = (width - _GAP * (columns - 1)) / columns
    lined = bool(zones) and len(cards) <= columns
    top = y + (_BETWEEN if lined else 0)
    parts: list[Markup] = []
    for start in range(0, len(cards), columns):
        row = cards[start : start + columns]
        height = max(_height(each) for each in row)
        for index, card in enumerate(row):
            left = x + index * (column + _GAP)
            if lined:
                parts += _lines(card, left + column / 2, top, zones)
            parts += _card(card, left, top, column, height)
        top += height + _GAP
    return parts, top - y


def _lines(card: Part, x: float, y: float, zones: Mapping[int, tuple[float, float]]) -> Iterator[Markup]:
    users = _users(card)
    for zone, (left, top) in zones.items():
        if users[zone]:
            middle = (top + y) / 2
            path = f"M{left:.0f} {top:.0f}C{left:.0f} {middle:.0f} {x:.0f} {middle:.0f} {x:.0f} {y:.0f}"
            yield element("path", d=path, class_="line")


def _card(card: Part, x: float, y: float, width: float, height: float) -> list[Markup]:
    kind = NAMES[card.place.kind] if card.place else ""
    used = f"{kind} · {counted(sum(_users(card).values()), 'VM')}" if not card.parts else kind
    head = linked(
        card,
        box(x, y, width, height, class_=f"store {tone_of(card)}"),
        text(sign_of(card) + card.title, x + 10, y + 18, size=12.5, width=width - 20, class_="name"),
        text(used, x + 10, y + 34, size=11, width=width - 20, class_="soft"),
    )
    parts = [head]
    top = y + 42
    for each in _listed(card):
        words = counted(sum(each.used_by.values()), "VM")
        parts.append(
            linked(
                each,
                box(x + 6, top, width - 12, _LINE - 2, class_=f"vm {tone_of(each)}"),
                text(sign_of(each) + each.title, x + 12, top + 11.5, size=11, width=width * 0.6, class_="mono"),
                text(words, x + width - 12, top + 11.5, size=10.5, text_anchor="end", class_="soft"),
            )
        )
        top += _LINE
    if len(card.parts) > _LISTED:
        more = counted(len(card.parts) - _LISTED, "more datastore")
        parts.append(text(f"and {more}", x + 12, top + 11, size=10.5, class_="soft"))
    return parts


def _height(card: Part) -> float:
    lines = min(len(card.parts), _LISTED) + (len(card.parts) > _LISTED)
    return 42.0 + lines * _LINE + (5 if lines else 0)


def _listed(card: Part) -> Sequence[Part]:
    return sorted(card.parts, key=lambda each: not each.is_marked)[:_LISTED]


def _users(card: Part) -> Counter[int]:
    """Return how many VMs use the object, by zone; those that use several of its datastores count for each."""
    return sum((_users(each) for each in card.parts), Counter(card.used_by))
