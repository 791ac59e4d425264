"""The plan of a run as lines for people, 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tkg_conformance.fixtures.creation.plan import CreationPlan
from tkg_conformance.fixtures.preflight.plan_model import Plan, PlannedLogin, PlannedName, PlannedProbe, PlannedRequest
from tkg_conformance.reports.layout import Line, indented
from tkg_conformance.reports.words import Tone, counted

WIDTH = 80


def plan_lines(plan: Plan, *, width: int = WIDTH) -> list[Line]:
    """Return the plan as lines of at most `width` cells."""
    return list(_lines(plan, width))


def _lines(plan: Plan, width: int) -> Iterator[Line]:
    total = _total(plan.requests)
    kind = " (SIMULATED)" if plan.simulated else ""
    written = _written(plan.creation) if plan.creation else "write nothing"
    if any(each.writes for each in plan.probes):
        written += ", but for its probes" if not plan.creation else ", and what its probes need"
    title = f"A run on {plan.site}{kind} would send {total} and {written}."
    yield from (Line(text, bold=True) for text in indented(title, width=width, indent=""))
    yield from _text(
        f"selection: {plan.selection}. What is read does not depend on it: a site is read once, as a whole.", width
    )
    yield from _text("What a failing check looked at is read a second time before that is said.", width)
    for gap in plan.gaps:
        yield from (Line(text, Tone.BAD) for text in indented(f"not planned: {gap}", width=width, indent="  "))
    yield from _requests(plan.requests, width)
    yield from _logins(plan.logins, width)
    yield from _names(plan.named, width)
    yield from _heading("never read")
    for each in plan.never:
        yield from _item(each, width)
    if plan.creation is not None:
        yield from _created(plan.creation, width)
    if plan.probes:
        yield from _probes(plan.probes, width)
    yield from _heading("duration")
    sizes = ", ".join(f"{name} {count}" for name, count in plan.sizes.items())
    yield from _text(
        f"about {_range(plan.estimate.low_s, plan.estimate.high_s)}, an estimate from {plan.estimate.rests_on}", width
    )
    if plan.creation is not None:
        yield from _text("and as long as the controllers need to create and to delete (see --create-timeout)", width)
    if plan.probes:
        longest = max(each.seconds for each in plan.probes)
        yield from _text(f"and the probes side by side, at most {longest:.0f} s (see --probe-time)", width)
    yield from _text(f"counted: {sizes or 'nothing'}", width)
    yield Line("")
    asked = sum(plan.asked.values())
    yield Line(f"Planning sent {asked} requests, read no Secret's values and wrote nothing.", Tone.QUIET)


def _requests(requests: Iterable[PlannedRequest], width: int) -> Iterator[Line]:
    """Show the requests of each plane: one line for each verb with its kinds, a count where it is not one."""
    planned = list(requests)
    for plane in sorted({each.plane for each in planned}, key=_order):
        here = [each for each in planned if each.plane == plane]
        yield from _heading(f"{_title(plane)}: {_total(here)}")
        for verb in dict.fromkeys(_verb(each) for each in here):
            shown = ", ".join(_shown(each) for each in here if _verb(each) == verb)
            head = f"  {verb:<6} "
            yield from _hanging(head, shown, width)
        for why in dict.fromkeys(each.why for each in here if each.why):
            yield from _hanging("  ±      ", why, width, Tone.QUIET)


def _verb(request: PlannedRequest) -> str:
    first = request.what.partition(" ")[0]
    return first if first in ("GET", "LIST", "REST", "CREATE", "DELETE") else "SOAP"


def _total(requests: Iterable[PlannedRequest]) -> str:
    planned = list(requests)
    tolerance = sum(each.give_or_take for each in planned)
    return f"{sum(each.count for each in planned)}{f' (±{tolerance})' if tolerance else ''} requests"


def _shown(request: PlannedRequest) -> str:
    name = request.what.partition(" ")[2] if _verb(request) != "SOAP" else request.what
    if not request.count:
        return f"{name} up to x{request.give_or_take}"
    count = f" x{request.count}" if request.count != 1 else ""
    return f"{name}{count}{f' ±{request.give_or_take}' if request.give_or_take else ''}"


def _logins(logins: Iterable[PlannedLogin], width: int) -> Iterator[Line]:
    yield from _heading("logins, one for each account and API; a refused one is never repeated")
    for each in logins:
        yield from _item(f"{each.account} on {_title(each.plane)}: {', '.join(each.apis)}; from {each.source}", width)


def _names(named: Iterable[PlannedName], width: int) -> Iterator[Line]:
    items = list(named)
    if not items:
        yield from _heading("no Secret or ConfigMap is read")
        return
    yield from _heading("Secrets and ConfigMaps, read by name if they are there")
    kept = "; ".join(f"{what}: {keeps}" for what, keeps in dict.fromkeys((_sort(each), each.keeps) for each in items))
    yield from _text(f"what stays of a {kept}", width)
    for plane in dict.fromkeys(each.plane for each in items):
        yield Line(f"  {_title(plane)}")
        for each in items:
            if each.plane == plane:
                yield from _hanging(f"    {each.kind:<10}", f"{each.namespace}/{each.name}", width)


def _sort(named: PlannedName) -> str:
    return "kubeconfig" if named.name.endswith("-kubeconfig") else named.kind


def _written(creation: CreationPlan) -> str:
    return f"create {'and keep' if creation.keep else 'and delete'} {counted(len(creation.objects), 'object')}"


def _created(creation: CreationPlan, width: int) -> Iterator[Line]:
    yield from _heading("what is created")
    for text in creation.lines():
        yield from _hanging(" " * (2 + len(text) - len(text.lstrip())), text.lstrip(), width)
    yield from _text("Until it is up, and until it is gone, its objects are read every 2 s.", width)


def _probes(probes: Iterable[PlannedProbe], width: int) -> Iterator[Line]:
    yield from _heading("what probes do")
    for each in probes:
        written = f"; creates and deletes there: {', '.join(each.writes)}" if each.writes else "; only reads"
        about = f"{each.probe} ({each.requirement}), on {each.where}, at most {each.seconds:.0f} s"
        yield from _item(f"{about}: {each.does}{written}", width)


def _heading(text: str) -> Iterator[Line]:
    yield Line("")
    yield Line(text, bold=True)


def _item(text: str, width: int, indent: str = "  ") -> Iterator[Line]:
    first, *rest = indented(text, width=width, indent=f"{indent}  ")
    yield Line(f"{indent}- {first.strip()}")
    yield from (Line(each) for each in rest)


def _text(text: str, width: int) -> Iterator[Line]:
    yield from (Line(each) for each in indented(text, width=width, indent="  "))


def _hanging(head: str, text: str, width: int, tone: Tone | None = None) -> Iterator[Line]:
    first, *rest = indented(text, width=width, indent=" " * len(head))
    yield Line(head + first[len(head) :], tone)
    yield from (Line(each, tone) for each in rest)


def _title(plane: str) -> str:
    kind, _, name = plane.partition(":")
    titles = {"vcenter": f"vCenter {name}", "workload": f"workload cluster {name}", "management": "management cluster",
              "creation": "creation, on the management cluster"}  # fmt: skip
    return titles.get(kind, plane)


def _order(plane: str) -> tuple[int, str]:
    return ("vcenter", "management", "workload", "creation").index(plane.partition(":")[0]), plane


def _range(low: float, high: float) -> str:
    if high < 60:
        bounds = max(1, round(low)), max(1, round(high))
        return f"{bounds[0]} to {bounds[1]} seconds" if bounds[0] < bounds[1] else f"{bounds[1]} s"
    return f"{max(1, round(low))} seconds to {max(2, round(high / 60))} minutes"
