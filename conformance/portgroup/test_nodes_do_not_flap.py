"""DVPG-7: Windows Nodes stay Ready, as the probe `nodes` watched them, or as their Ready condition tells of the past.

Without the probe, what the Ready condition says of the last half hour is passive evidence. A Node that is gone or was
replaced while it was watched did not flap.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tkg_conformance.conformance.portgroup.segments import networks_of
from tkg_conformance.conformance.portgroup.systems import is_windows, require_windows
from tkg_conformance.conformance.subjects import settled_nodes
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.transition import instant
from tkg_conformance.fixtures.probes.model import SORTS, NodeReading, Outcome, Probe, ProbeRun, WatchedNode
from tkg_conformance.reports.check import Check

WINDOW = timedelta(minutes=30)
SOAK = timedelta(seconds=SORTS[Probe.NODES].seconds)
"""How long a watch is that proves something by itself; after a shorter one the time before it counts, as without it."""
_SHOWN = 3


@pytest.mark.requirement("DVPG-7")
def test_nodes_do_not_flap(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    nodes = [each.node for each in settled_nodes(check, cluster) if each.node and is_windows(cluster, each)]
    if not nodes:
        check.not_applicable(f"{cluster.name} has no Windows Node")
    run = site.probe(Probe.NODES, cluster.name)
    if run is not None:
        _judge_watch(check, cluster, nodes, run)
        return
    recent = [reason for node in nodes if (reason := _judge(check, cluster, node, site.now))]
    if recent and not check.findings:
        check.inconclusive(f"{recent[0]}; watch it with --probe nodes, or look again later")


def _judge(check: Check, cluster: Cluster, node: KubernetesObject, now: datetime) -> str | None:
    """Judge a Node that has a Ready condition; return why it does not tell enough."""
    conditions = node.status.get("conditions") or ()
    ready = next((each for each in conditions if each.get("type") == "Ready"), None)
    if ready is None:
        return f"{node.ref} has no Ready condition"
    since = instant(str(ready.get("lastTransitionTime") or ""))
    if ready.get("status") != "True":
        check.examine(node)
        check.fail(
            node,
            expected=f"Ready without a change for {WINDOW.seconds // 60} minutes",
            observed=f"Ready {ready.get('status')} ({ready.get('reason') or 'no reason'}) since {since or 'unknown'}",
            message=f"{node.ref} is not Ready",
            involves=networks_of(cluster, node.name),
        )
        return None
    if since is None or now - since < WINDOW:
        return f"{node.ref} is Ready, but only since {since or 'an unknown time'}"
    check.examine(node)
    return None


def _judge_watch(check: Check, cluster: Cluster, nodes: list[KubernetesObject], run: ProbeRun) -> None:
    """Judge what the probe saw of these Nodes; a change that was seen counts however the watch ended."""
    watched = {each.name: each for each in run.nodes}
    unsettled = []
    for node in nodes:
        seen = watched.get(node.name)
        if seen is None:
            unsettled.append(f"{node.ref} was not seen by the probe")
        elif reason := _judge_readings(check, cluster, node, seen, run):
            unsettled.append(reason)
    for note in run.notes:
        check.note(note)
    check.note(f"watched from {run.started} to {run.ended}")
    if check.findings:
        return
    if run.outcome is not Outcome.COMPLETED:
        check.inconclusive(f"the probe nodes did not come to its end: {run.reason}; probe again")
    if unsettled:
        check.inconclusive(unsettled[0])


def _judge_readings(
    check: Check, cluster: Cluster, node: KubernetesObject, seen: WatchedNode, run: ProbeRun
) -> str | None:
    """Judge one Node; return why it does not tell enough."""
    first, last = seen.readings[0], seen.readings[-1]
    if not last.uid or last.uid != first.uid:
        return f"{node.ref} was removed or replaced while it was watched: probe again when it is settled"
    check.examine(node)
    if len(seen.readings) > 1 or first.ready != "True":
        check.fail(
            node,
            expected=f"Ready without a change from {run.started} to {seen.last}",
            observed=_changes(seen, run),
            message=f"{node.ref} "
            + ("flapped" if len(seen.readings) > 1 else "was not Ready")
            + " while it was watched",
            involves=networks_of(cluster, node.name),
            evidence=run.evidence,
        )
        return None
    since, started, until = instant(first.since), instant(run.started), instant(seen.last)
    if since is None or started is None or until is None:
        return f"the times of {node.ref} cannot be read"
    if until - max(started, since) < SOAK and until - since < WINDOW:
        return (
            f"{node.ref} was Ready without a change while it was watched, but that was only from {run.started} to "
            f"{seen.last}, and it is only since {first.since}; watch it for {SOAK.seconds // 60} minutes"
        )
    return None


def _changes(seen: WatchedNode, run: ProbeRun) -> str:
    """Return the readings that differ, and the Events about them."""
    shown = "; ".join(_reading(each) for each in seen.readings[-_SHOWN - 1 :])
    events = [f"{each.reason} at {each.at}" for each in run.events if each.object == f"Node {seen.name}"]
    return shown + (f" (Events: {', '.join(events[:_SHOWN])})" if events else "")


def _reading(reading: NodeReading) -> str:
    why = f" ({reading.reason})" if reading.reason and reading.ready != "True" else ""
    return f"Ready {reading.ready or 'is missing'}{why} since {reading.since or 'unknown'}"
