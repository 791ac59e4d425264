"""Tells whether two runs looked at one site, so that a change of verdicts means a change of the site.

A lab is told by its scenario, because each start gives it new addresses and a new vCenter; a real site by the instance
UUIDs of its vCenters, and, as one vCenter can carry several, by its management cluster and its workload clusters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tkg_conformance.reports.comparison_records import Sites
from tkg_conformance.reports.records import Results
from tkg_conformance.reports.verdict import is_simulated

NOTHING_OBSERVED = "unknown"
"""The kind of an environment of which nothing was observed."""


def same_site(before: Results, after: Results) -> tuple[Sites, str]:
    """Return whether the two runs looked at one site, with the reason in a phrase."""
    if NOTHING_OBSERVED in (before.environment.get("kind"), after.environment.get("kind")):
        return Sites.UNKNOWN, "one of the two runs observed nothing"
    if is_simulated(before) != is_simulated(after):
        return Sites.DIFFERENT, "one of the two runs looked at a simulated lab, the other at a real site"
    if is_simulated(before):
        first, second = scenario(before), scenario(after)
        if first and second:
            if first == second:
                return Sites.SAME, f"both are labs of the scenario {first}"
            return Sites.DIFFERENT, f"they are labs of different scenarios, {first} and {second}"
    return _same_vcenters(before.environment, after.environment)


def scenario(results: Results) -> str:
    """Return the scenario of the lab that was looked at; "" if the results name none."""
    return str(mapping(results.environment.get("lab")).get("scenario") or "")


def vcenters(environment: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the vCenters of an environment that have a name."""
    for each in environment.get("vcenters") or ():
        if isinstance(each, Mapping) and each.get("server"):
            yield each


def cluster_names(environment: Mapping[str, Any]) -> list[str]:
    """Return the names of the workload clusters, in the order of the environment."""
    found = environment.get("clusters") or ()
    return [str(each["name"]) for each in found if isinstance(each, Mapping) and each.get("name")]


def mapping(value: object) -> Mapping[str, Any]:
    """Return the value if it is a mapping, else an empty one: environments may hold anything."""
    return value if isinstance(value, Mapping) else {}


def _same_vcenters(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Sites, str]:
    for key, words in (("instance_uuid", "the instance UUID"), ("server", "the name")):
        first, second = _values(before, key), _values(after, key)
        if first and second:
            if not first & second:
                names = [", ".join(sorted(_values(each, "server"))) for each in (before, after)]
                return Sites.DIFFERENT, f"they looked at different vCenters, {names[0]} and {names[1]} (by {words})"
            return _same_installation(before, after, f"both looked at one vCenter (by {words})")
    servers = _management(before), _management(after)
    if "" in servers:
        return Sites.UNKNOWN, "the two runs name neither a vCenter nor a management cluster to tell it by"
    if servers[0] == servers[1]:
        return Sites.SAME, f"both looked at the management cluster {servers[0]}"
    return Sites.DIFFERENT, f"they looked at different management clusters, {servers[0]} and {servers[1]}"


def _same_installation(before: Mapping[str, Any], after: Mapping[str, Any], same: str) -> tuple[Sites, str]:
    """Tell apart several installations on one vCenter; an address alone may change, and so may the clusters."""
    servers = _management(before), _management(after)
    names = set(cluster_names(before)), set(cluster_names(after))
    if "" in servers or servers[0] == servers[1] or not all(names) or names[0] & names[1]:
        return Sites.SAME, same
    return Sites.DIFFERENT, f"they looked at different management clusters, {servers[0]} and {servers[1]}"


def _management(environment: Mapping[str, Any]) -> str:
    return str(environment.get("management") or "")


def _values(environment: Mapping[str, Any], key: str) -> set[str]:
    return {str(each[key]) for each in vcenters(environment) if each.get(key)}
