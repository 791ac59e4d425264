"""Which facts about the site, the selection and the suite differ between two runs.

Facts are what can explain a changed verdict. What differs in every run is left out: requests, digests, times, the
addresses of a lab.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tkg_conformance.reports.comparison_records import EnvironmentChange
from tkg_conformance.reports.records import Results
from tkg_conformance.reports.same_site import NOTHING_OBSERVED, cluster_names, mapping, scenario, vcenters
from tkg_conformance.reports.verdict import is_simulated

_KINDS = {"lab": "a lab", "site": "a site", "bundle": "a stored observation", "unknown": "nothing"}
_NOT_READ = "not fully read: "

Facts = Iterator[tuple[str, str]]


def environment_changes(before: Results, after: Results) -> tuple[EnvironmentChange, ...]:
    """Return the facts that differ, the suite and the selection first."""
    first, second = dict(_facts(before)), dict(_facts(after))
    if NOTHING_OBSERVED not in (before.environment.get("kind"), after.environment.get("kind")):
        labs = is_simulated(before) and is_simulated(after)
        first.update(_site_facts(before, labs=labs))
        second.update(_site_facts(after, labs=labs))
    levels = _levels(before), _levels(after)
    for name in levels[0].keys() & levels[1].keys():
        first[f"level of {name}"], second[f"level of {name}"] = levels[0][name], levels[1][name]
    changes = (
        EnvironmentChange(what, first.get(what, ""), second.get(what, ""))
        for what in sorted({*first, *second}, key=_order)
    )
    return tuple(each for each in changes if each.before != each.after and not _failed_alike(each))


def _order(what: str) -> tuple[bool, str]:
    return what not in ("suite", "selection"), what


def _failed_alike(change: EnvironmentChange) -> bool:
    """Say whether the same read failed in both runs; the servers' words for it differ with every attempt."""
    return change.before.startswith(_NOT_READ) and change.after.startswith(_NOT_READ)


def _levels(results: Results) -> dict[str, str]:
    return {each.id: each.level.value for each in results.catalogue}


def _facts(results: Results) -> Facts:
    kind = str(results.environment.get("kind"))
    yield "suite", results.run.suite_version
    yield "selection", results.run.selection.description
    yield "looked at", _KINDS.get(kind, kind)
    yield from _waivers(results.waivers)


def _site_facts(results: Results, *, labs: bool) -> Facts:
    environment = results.environment
    yield "scenario of the lab", scenario(results)
    yield from _vcenters(environment, labs=labs)
    if not labs:
        yield "management cluster", str(environment.get("management") or "")
    types = {str(mapping(each).get("name")): mapping(each).get("type") for each in environment.get("clusters") or ()}
    clusters = (f"{name} ({types[name]})" if types[name] else name for name in sorted(cluster_names(environment)))
    yield "workload clusters", ", ".join(clusters)
    yield from _profile(mapping(environment.get("profile")))
    yield from _probes(mapping(environment.get("probes")))


def _vcenters(environment: Mapping[str, Any], *, labs: bool) -> Facts:
    """Yield what names a vCenter; those of labs are numbered, because each start gives them new addresses."""
    found = list(vcenters(environment))
    names = {str(each["server"]): str(number) if labs else str(each["server"]) for number, each in enumerate(found, 1)}
    sights = mapping(environment.get("sight"))
    for each in found:
        server = str(each["server"])
        yield f"account on vCenter {names[server]}", str(each.get("account") or "")
        yield f"sight of vCenter {names[server]}", _sight(mapping(sights.get(server)))
        if not labs:
            yield f"instance UUID of vCenter {server}", str(each.get("instance_uuid") or "")
    for component, version in mapping(environment.get("versions")).items():
        product, _, server = str(component).partition(" ")
        named = f"{product} {names[server]}" if server in names else str(component)
        yield f"version of {named}", str(version)
    for problem in mapping(environment.get("observed")).get("problems") or ():
        plane, _, rest = str(problem).partition(": ")
        what, _, reason = rest.partition(": ")
        kind, _, server = plane.partition(":")
        named = f"{kind}:{names[server]}" if server in names else plane
        yield f"{named}: {what}", f"{_NOT_READ}{reason}"


def _sight(sight: Mapping[str, Any]) -> str:
    if "limited" not in sight:
        return "not determined"
    if not sight["limited"]:
        return "the whole inventory"
    return f"limited: {sight.get('reason') or 'part of the inventory is hidden'}"


def _profile(profile: Mapping[str, Any]) -> Facts:
    for key, value in profile.items():
        if key != "levels":  # these are told by the levels of the requirements
            yield "profile" if key == "source" else f"{key} of the profile", str(value)


def _probes(probes: Mapping[str, Any]) -> Facts:
    for run in probes.get("runs") or ():
        yield f"probe {mapping(run).get('probe')} of {mapping(run).get('scope')}", str(mapping(run).get("outcome"))


def _waivers(waivers: tuple[dict[str, Any], ...]) -> Facts:
    terms: dict[str, list[str]] = {}
    for each in waivers:
        scope = f" [{each['scope']}]" if each.get("scope") else ""
        expires = f"until {each['expires']}" if each.get("expires") else "without an end"
        objects = f" for {', '.join(map(str, each['objects']))}" if each.get("objects") else ""
        terms.setdefault(f"waiver of {each.get('requirement')}{scope}", []).append(expires + objects)
    for what, found in terms.items():
        yield what, "; ".join(sorted(found))
