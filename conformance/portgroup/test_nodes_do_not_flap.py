"""DVPG-7: Windows Nodes stay Ready; what the Ready condition says of the last half hour is passive evidence."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tkg_conformance.conformance.portgroup.systems import is_windows, require_windows
from tkg_conformance.conformance.subjects import settled_nodes
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.transition import instant
from tkg_conformance.reports.check import Check

WINDOW = timedelta(minutes=30)


@pytest.mark.requirement("DVPG-7")
def test_nodes_do_not_flap(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    nodes = [each.node for each in settled_nodes(check, cluster) if each.node and is_windows(cluster, each)]
    if not nodes:
        check.not_applicable(f"{cluster.name} has no Windows Node")
    recent = [reason for node in nodes if (reason := _judge(check, node, site.now))]
    if recent and not check.findings:
        check.inconclusive(f"{recent[0]}; watch it for half an hour, or look again later")


def _judge(check: Check, node: KubernetesObject, now: datetime) -> str | None:
    """Judge a Node that has a Ready condition; return why it does not tell enough."""
    conditions = node.status.get("conditions") or ()
    ready = next((each for each in conditions if each.get("type") == "Ready"), None)
    if ready is None:
        return f"{node.ref} has no Ready condition"
    since = instant(ready.get("lastTransitionTime"))
    if ready.get("status") != "True":
        check.examine(node)
        check.fail(
            node,
            expected=f"Ready without a change for {WINDOW.seconds // 60} minutes",
            observed=f"Ready {ready.get('status')} ({ready.get('reason') or 'no reason'}) since {since or 'unknown'}",
            message=f"{node.ref} is not Ready",
        )
        return None
    if since is None or now - since < WINDOW:
        return f"{node.ref} is Ready, but only since {since or 'an unknown time'}"
    check.examine(node)
    return None
