"""Which TKr a cluster uses, and whether it is the one that was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from tkg_conformance.fixtures.models.builds import same_build
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.reports.check import Check

KIND = "TanzuKubernetesRelease"
_UNUSABLE = ("incompatible", "deactivated", "invalid")


def judge_release(check: Check, cluster: Cluster, version: str) -> None:
    """Judge the label of the Cluster against the version asked for and the TKrs that were there."""
    if cluster.resource is None:
        return
    check.examine(cluster.resource)
    key, label = cluster.release_label
    asked = asked_for(cluster) or version
    if not label or not (names(label, asked) or same_build(label, asked)):
        check.fail(
            cluster.resource,
            expected=f"label {key} of the TKr for {asked}",
            observed=label or "no such label",
            message=f"the TKr of {cluster.name} is {label or 'not set'}, but {asked} was asked for",
        )
        return
    known = cluster.management.all(KIND)
    if not known:
        check.note(f"no {KIND} was observed, so the label {label} is compared with {asked} alone")
        return
    release = next((each for each in known if each.name == label), None)
    newest = newest_for(asked, known, cluster.resource.created)
    if release is None:
        there = ", ".join(each.name for each in known)
        check.fail(
            cluster.resource,
            expected=f"an existing {KIND}",
            observed=f"{label}, which does not exist",
            message=f"the TKr {label} of {cluster.name} does not exist; there are {there}",
        )
    elif newest is not None and release.name != newest.name and _labelled(newest.name) != _labelled(asked):
        check.fail(
            cluster.resource,
            expected=f"{newest.name}, the newest compatible TKr for {asked}",
            observed=label,
            message=f"{cluster.name} uses {label} although {newest.name} was the newest compatible TKr for {asked}",
            involves=[newest, release],
        )


def asked_for(cluster: Cluster) -> str | None:
    """Return the TKr name, version or prefix in the intent, None if it names none."""
    if cluster.intent.is_flat:
        return cluster.intent.variable("KUBERNETES_VERSION")
    for document in cluster.intent.documents("Cluster"):
        found = ((document.get("spec") or {}).get("topology") or {}).get("version")
        if found:
            return str(found)
    for document in cluster.intent.documents("KubeadmControlPlane"):
        return str((document.get("spec") or {}).get("version") or "") or None
    return None


def names(label: str, asked: str) -> bool:
    """Return whether a TKr's name is the one asked for, or begins with it up to the end of a part."""
    wanted = _labelled(asked)
    return label == wanted or (label.startswith(wanted) and label[len(wanted)] in ".-")


def newest_for(asked: str, known: Iterable[KubernetesObject], before: str) -> KubernetesObject | None:
    """Return the newest usable TKr that an asked prefix means, of those that were there when the cluster was made."""
    usable = [
        each
        for each in known
        if names(each.name, asked)
        and not any(label in each.labels for label in _UNUSABLE)
        and (not before or each.created <= before)
    ]
    return max(usable, key=lambda each: _sortable(each.name), default=None)


def _labelled(version: str) -> str:
    return version.replace("+", "---")


def _sortable(name: str) -> list[tuple[int, str]]:
    parts = name.replace("---", ".").replace("-", ".").replace("v", "").split(".")
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
