"""What identifies the site that was judged and how it was read, as results carry it; nothing of it is secret."""

from __future__ import annotations

import platform
from typing import Any

import pytest

from tkg_conformance.fixtures.observation import store
from tkg_conformance.fixtures.observation.model import Observation, Resource
from tkg_conformance.plugins.versions import cluster_objects, versions


def environment(observation: Observation | None) -> dict[str, Any]:
    """Return what identifies the site that was judged, nothing of it secret."""
    if observation is None:
        return {"kind": "unknown", "versions": {}, "sight": {}}
    clusters = cluster_objects(observation)
    return {
        "kind": observation.kind,
        "name": observation.intent.source or "",
        "vcenters": [
            {
                "server": each.server,
                "account": each.username,
                "instance_uuid": each.about.get("instanceUuid", ""),
            }
            for each in observation.vcenters
        ],
        "management": observation.management.server if observation.management else "",
        "clusters": [
            {"name": cluster.name, "type": cluster.type or "unknown", **_uid(clusters.get(cluster.name))}
            for cluster in observation.intent.clusters
        ],
        "versions": versions(observation),
        "sight": {each.server: each.sight for each in observation.vcenters},
        "requests": request_totals(observation.requests),
        "observed": {
            "started": observation.started,
            "duration_s": observation.duration_s,
            "digest": store.digest(observation),
            "requests": observation.requests,
            **second_look(observation),
            "problems": [f"{each.plane}: {each.what}: {each.reason}" for each in observation.problems],
        },
        "lab": observation.lab,
        "suite_host": {"python": platform.python_version(), "pytest": pytest.__version__},
    }


def request_totals(requests: dict[str, int]) -> dict[str, Any]:
    """Return how many requests were sent, by plane too, and how many calls were refused because they do not only read.

    Keys of `requests` are "plane what", or "plane refused what" for a call that was not sent.
    """
    by_plane: dict[str, int] = {}
    refused = 0
    for key, count in requests.items():
        plane, _, what = key.partition(" ")
        if what.startswith("refused "):
            refused += count
        else:
            by_plane[plane] = by_plane.get(plane, 0) + count
    return {"total": sum(by_plane.values()), "refused": refused, "by_plane": dict(sorted(by_plane.items()))}


def second_look(observation: Observation) -> dict[str, Any]:
    """Return what was read a second time before a FAIL was reported, if anything was."""
    second = observation.second
    if second is None:
        return {}
    differing = sorted({*second.changed, *second.appeared, *second.vanished})
    return {
        "second_look": {"started": second.started, "requests": second.requests, "in_transition": differing},
    }


def _uid(cluster: Resource | None) -> dict[str, str]:
    uid = cluster.metadata.get("uid") if cluster else None
    return {"uid": str(uid)} if uid else {}
