"""What identifies the site and the run, in the words of the HTML report: the first screen's few, and all the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tkg_conformance.reports.created import requests_sentence, sentence
from tkg_conformance.reports.manners import manners
from tkg_conformance.reports.proof import detection
from tkg_conformance.reports.records import Results, RunInfo
from tkg_conformance.reports.timeline_svg import seconds
from tkg_conformance.reports.verdict import is_simulated
from tkg_conformance.reports.words import counted

_CLUSTERS = 4
_FACTS: Mapping[str, str] = {
    "name": "Name",
    "versions": "Versions",
    "sight": "Sight",
    "vcenters": "vCenters",
    "management": "Management cluster",
    "clusters": "Workload clusters",
    "requests": "Requests",
    "observed": "Observed",
    "lab": "Lab",
    "suite_host": "Suite ran on",
}
_SHOWN_APART = frozenset({"kind", "simulated"})
_KINDS = {
    "lab": "lab with a simulated vCenter",
    "site": "real site",
    "bundle": "stored observation",
    "unknown": "not known: the run ended before anything was observed",
}

Lines = tuple[str, ...]


def identity(results: Results) -> tuple[tuple[str, Lines], ...]:
    """Return what the first screen says of the site and of when it was seen: names with the lines beside them."""
    environment = results.environment
    versions = {str(key): str(value) for key, value in _mapping(environment.get("versions")).items()}
    management = environment.get("management")
    facts = (
        ("Site", (_site(results),)),
        ("vCenter", tuple(_vcenters(environment, versions))),
        ("Management", (_joined(management, _named(versions.pop("Kubernetes management", ""), "Kubernetes")),)),
        ("Clusters", tuple(_clusters(environment))),
        ("Versions", (_together(_of_clusters(environment, versions)),)),
        ("When", (when(results.run),)),
        ("Run", (_joined(results.run.id, f"suite {results.run.suite_version}"),)),
    )
    return tuple((name, shown) for name, lines in facts if (shown := tuple(line for line in lines if line)))


def remarks(results: Results) -> Lines:
    """Return sentences on who looked with what sight, what was created, and whether the checks were shown to fail."""
    said = (*manners(results.environment), *_created(results), detection(results.proof))
    return tuple(f"{words[:1].upper()}{words[1:]}." for words in said)


def kind_of_site(results: Results) -> str:
    """Return what was judged, in words."""
    kind = str(results.environment.get("kind"))
    taken = ", taken from a lab" if is_simulated(results) and kind != "lab" else ""
    return _KINDS.get(kind, kind) + taken


def further_facts(environment: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield everything else that is known of the site."""
    without_problems = {key: value for key, value in observed(environment).items() if key != "problems"}
    for key, value in environment.items():
        shown = without_problems if key == "observed" and isinstance(value, dict) else value
        if key not in _SHOWN_APART and shown:
            yield _FACTS.get(key, key), shown


def observed(environment: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the results tell of the look at the site."""
    return _mapping(environment.get("observed"))


def when(run: RunInfo) -> str:
    """Return when the run was, and how long it took."""
    started = moment(run.started)
    if run.finished is None:
        return f"{started}, never finished"
    try:
        took = datetime.fromisoformat(run.finished) - datetime.fromisoformat(run.started)
    except (ValueError, TypeError):
        return f"{started} to {moment(run.finished)}"
    return f"{started}, took {seconds(max(took.total_seconds(), 0.0))}"


def moment(written: str) -> str:
    """Return a time as people read it, "2026-11-22 13:40:00 UTC"."""
    return written.replace("T", " ").removesuffix("Z") + " UTC" if written.endswith("Z") else written


def _site(results: Results) -> str:
    name = results.environment.get("name")
    kind = kind_of_site(results)
    return f"{name} ({kind})" if name else kind


def _vcenters(environment: Mapping[str, Any], versions: dict[str, str]) -> Iterator[str]:
    for each in environment.get("vcenters") or ():
        vcenter = _mapping(each)
        server = str(vcenter.get("server", ""))
        version = versions.pop(f"vCenter {server}", "").removeprefix("VMware vCenter Server ")
        yield _joined(server, version, _named(vcenter.get("instance_uuid"), "UUID"))


def _clusters(environment: Mapping[str, Any]) -> Iterator[str]:
    clusters = [_mapping(each) for each in environment.get("clusters") or ()]
    for each in clusters[:_CLUSTERS]:
        yield _joined(each.get("name"), each.get("type"), _named(each.get("uid"), "UID"))
    if len(clusters) > _CLUSTERS:
        yield f"and {counted(len(clusters) - _CLUSTERS, 'more cluster')}"


def _of_clusters(environment: Mapping[str, Any], versions: Mapping[str, str]) -> dict[str, str]:
    """Return the versions, each component said once where all clusters have the same, else with their names."""
    names = [str(_mapping(each).get("name", "")) for each in environment.get("clusters") or ()]
    found: dict[str, str] = {}
    components: dict[str, dict[str, list[str]]] = {}
    for key, version in versions.items():
        component, _, name = key.rpartition(" ")
        if component and name in names:
            components.setdefault(component, {}).setdefault(version, []).append(name)
        else:
            found[key] = version
    for component, by_version in components.items():
        for version, members in by_version.items():
            same = set(members) == set(names)
            found[component if same else f"{component} ({_shortened(members)})"] = version
    return found


def _shortened(names: list[str]) -> str:
    more = f" and {len(names) - _CLUSTERS} more" if len(names) > _CLUSTERS else ""
    return ", ".join(names[:_CLUSTERS]) + more


def _created(results: Results) -> Iterator[str]:
    """Yield what the run created, and each leftover with what to do."""
    if not results.creation:
        return
    yield sentence(results.creation)
    yield from requests_sentence(results.creation)
    for each in results.creation.get("leftovers") or ():
        removal = f"; remove it with {each['remove']}" if each.get("remove") else ""
        yield f"left over: {each['object']}: {each['evidence']}{removal}"


def _together(versions: Mapping[str, str]) -> str:
    """Return the versions, those that are equal said once: "capi, capi-kubeadm-bootstrap v1.13.5; capv v1.16.1"."""
    names: dict[str, list[str]] = {}
    for name, version in versions.items():
        names.setdefault(version, []).append(name.removesuffix("-controller-manager"))
    return "; ".join(f"{', '.join(members)} {version}" for version, members in names.items())


def _named(value: object, name: str) -> str:
    return f"{name} {value}" if value else ""


def _joined(*words: object) -> str:
    return " · ".join(str(word) for word in words if word)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
