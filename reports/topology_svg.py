"""Draws the site: vCenter, datacenter, zones, hosts and machines in one another, storage and networks beneath.

Up to some dozens of machines are named one by one. On larger sites each is a square, and those with findings are named.
Colour only repeats what a sign and the outline say, and only findings are coloured: what was not found wrong may not
have been looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from tkg_conformance.reports.site_tree import NAMES, Part, described, zone_name
from tkg_conformance.reports.svg import box, drawing, fitted, text
from tkg_conformance.reports.topology_marks import Drawn, linked, sign_of, squares, tone_of
from tkg_conformance.reports.topology_records import PlaceKind
from tkg_conformance.reports.topology_storage import storage_and_networks
from tkg_conformance.reports.words import counted

WIDTH = 1000.0
NAMED = 60
"""So many machines are named one by one."""
_SHOWN = 4
"""So many machines of a host are named on a larger site."""
_HOSTS = 10
_PAD, _GAP = 12.0, 10.0
_COLUMN = 225.0
_VM_HEIGHT = 34.0
_ZONES = (PlaceKind.COMPUTE_CLUSTER, PlaceKind.HOST, PlaceKind.VM)


def topology_svg(roots: Sequence[Part], label: str) -> Markup:
    """Return the drawing; `label` says in words what it shows."""
    parts: list[Markup] = []
    y = 0.0
    few = sum(len(root.machines) for root in roots) <= NAMED
    for root in roots:
        drawn, height = _outer(root, 0.0, y, WIDTH, few=few)
        parts += drawn
        y += height + _GAP
    return drawing(WIDTH, max(y - _GAP, 1.0), label, parts, class_="site-map")


def _outer(part: Part, x: float, y: float, width: float, *, few: bool) -> Drawn:
    """Draw a vCenter or a datacenter."""
    inner, top = width - 2 * _PAD, y + 30
    parts: list[Markup] = []
    for each in part.of(PlaceKind.DATACENTER):
        drawn, height = _outer(each, x + _PAD, top, inner, few=few)
        parts += drawn
        top += height + _GAP
    zones = tuple(each for each in part.parts if each.place is None or each.place.kind in _ZONES)
    if zones:
        drawn, height, anchors = _zones(zones, x + _PAD, top, inner, few=few)
        parts += drawn
        top += height + _GAP
    else:
        anchors = {}
    drawn, height = storage_and_networks(part, x + _PAD, top, inner, anchors)
    parts += drawn
    top += height
    kind = NAMES[part.place.kind] if part.place else ""
    head = [text(f"{sign_of(part)}{part.title}", x + _PAD, y + 20, size=14, width=inner * 0.6, class_="name")]
    region = f"region {part.place.region}" if part.place and part.place.region else ""
    words = " · ".join(word for word in (kind, region) if word)
    head.append(text(words, x + width - _PAD, y + 20, text_anchor="end", class_="soft"))
    height = top + 2 - y
    return [linked(part, box(x, y, width, height, class_=f"level {tone_of(part)}"), *head), *parts], height


def _zones(
    zones: Sequence[Part], x: float, y: float, width: float, *, few: bool
) -> tuple[list[Markup], float, dict[int, tuple[float, float]]]:
    """Draw the zones side by side; return with them where lines to storage and networks begin, if in one row."""
    columns = max(1, min(len(zones), int(width / _COLUMN)))
    column = (width - _GAP * (columns - 1)) / columns
    parts: list[Markup] = []
    anchors: dict[int, tuple[float, float]] = {}
    top = y
    for start in range(0, len(zones), columns):
        row = zones[start : start + columns]
        contents = [_hosts(each, x + index * (column + _GAP), top, column, few=few) for index, each in enumerate(row)]
        height = max(each for _, each in contents)
        for index, (zone, (drawn, _)) in enumerate(zip(row, contents, strict=True)):
            left = x + index * (column + _GAP)
            parts += [_zone(zone, left, top, column, height), *drawn]
            if zone.place:
                anchors[zone.number] = (left + column / 2, top + height)
        top += height + _GAP
    return parts, top - _GAP - y, anchors if len(zones) <= columns else {}


def _zone(zone: Part, x: float, y: float, width: float, height: float) -> Markup:
    head = [text(sign_of(zone) + zone_name(zone), x + 10, y + 20, size=13, width=width * 0.55, class_="name")]
    if zone.place:
        about = zone.title if zone.place.zone else NAMES[zone.place.kind]
        head.append(text(about, x + width - 10, y + 20, width=width * 0.4, text_anchor="end", class_="soft"))
    return linked(zone, box(x, y, width, height, class_=f"zone {tone_of(zone)}"), *head)


def _hosts(zone: Part, x: float, y: float, width: float, *, few: bool) -> Drawn:
    """Draw what stands in a zone; the zone's own box is as high as the highest of its row."""
    hosts = zone.of(PlaceKind.HOST) + tuple(each for each in zone.parts if each.place is None)
    if zone.place is None and not hosts:
        hosts = (zone,)
    hosts = tuple(sorted(hosts, key=lambda each: not each.is_marked)) if not few else hosts
    parts: list[Markup] = []
    top = y + 30
    marked = sum(each.is_marked for each in hosts)
    # Those with findings come first.
    count = len(hosts) if few or len(hosts) <= _HOSTS else min(marked, _HOSTS)
    shown, rest = hosts[:count], hosts[count:]
    for each in shown:
        drawn, height = _host(each, x + 8, top, width - 16, few=few)
        parts += drawn
        top += height + 8
    if rest:
        machines = sorted((vm for each in rest for vm in each.machines), key=lambda vm: vm.violated is None)
        found = sum(vm.violated is not None for vm in machines)
        title = f"{counted(len(rest), 'more host' if shown else 'host')}, {counted(len(machines), 'VM')}"
        title += f", {found} with findings" if found else ""
        drawn, height = squares(machines, x + 16, top + 26, width - 32)
        frame = box(x + 8, top, width - 16, height + 34, class_="host plain")
        parts += [frame, text(title, x + 16, top + 17, width=width - 32, class_="soft"), *drawn]
        top += height + 34 + 8
    return parts, top - y


def _host(host: Part, x: float, y: float, width: float, *, few: bool) -> Drawn:
    parts: list[Markup] = []
    top = y + 26
    inner = width - 16
    named = host.machines if few else tuple(each for each in host.machines if each.violated)[:_SHOWN]
    if not few:
        drawn, height = squares(host.machines, x + 8, top, inner)
        parts += drawn
        top += height + (6 if height else 0)
    columns = max(1, int(inner / 215)) if len(named) > 1 else 1
    column = (inner - 6 * (columns - 1)) / columns
    for index, each in enumerate(named):
        left = x + 8 + index % columns * (column + 6)
        parts.append(_machine(each, left, top + index // columns * (_VM_HEIGHT + 5), column))
    rows = -(-len(named) // columns)
    top += rows * (_VM_HEIGHT + 5)
    hidden = sum(each.violated is not None for each in host.machines) - len(named)
    if not few and hidden > 0:
        parts.append(text(f"and {counted(hidden, 'more VM')} with findings", x + 8, top + 11, size=11, class_="soft"))
        top += 18
    height = top + 4 - y
    head = [text(sign_of(host) + host.title, x + 8, y + 17, size=12, width=inner * (1 if few else 0.72))]
    if not few:
        count = counted(len(host.machines), "VM")
        head.append(text(count, x + width - 8, y + 17, size=11, text_anchor="end", class_="soft"))
    return [linked(host, box(x, y, width, height, class_=f"host {tone_of(host)}"), *head), *parts], height


def _machine(machine: Part, x: float, y: float, width: float) -> Markup:
    place = machine.place
    name = (place.node if place else "") or machine.title
    words = described(place) if place else ""
    sign = sign_of(machine)
    shown = fitted(sign + name, width - 12, size=11.5, mono=True)
    return linked(
        machine,
        box(x, y, width, _VM_HEIGHT, class_=f"vm {tone_of(machine)}"),
        text(shown, x + 6, y + 14, size=11.5, class_="mono"),
        text(words, x + 6, y + 27, size=10.5, width=width - 12, class_="soft"),
    )
