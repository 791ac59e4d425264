"""MOS-17: Windows Nodes are tainted, Linux workers are not."""

from __future__ import annotations

from typing import Any

import pytest

from tkg_conformance.conformance.subjects import settled_nodes
from tkg_conformance.conformance.systems import WINDOWS, require_windows
from tkg_conformance.fixtures.models.topology import UNINITIALIZED_TAINT
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member, node_system
from tkg_conformance.reports.check import Check

TAINT = "os=windows:NoSchedule"


@pytest.mark.requirement("MOS-17")
def test_windows_nodes_are_tainted(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    wanted = tuple(site.profile.get("taint") or ()) or (TAINT,)
    for member in settled_nodes(check, cluster):
        if member.node is None:
            continue
        check.examine(member.node)
        _judge(check, member.node, member, wanted)


def _judge(check: Check, node: KubernetesObject, member: Member, wanted: tuple[str, ...]) -> None:
    found = [taint_text(each) for each in node.spec.get("taints") or ()]
    told = ", ".join(found) or "no taint"
    is_windows = node_system(node) == WINDOWS
    for taint in wanted:
        if is_windows and taint not in found:
            _fail(check, node, member, f"the taint {taint} on a Windows Node", told, f"lacks the taint {taint}")
        if not is_windows and taint in found:
            _fail(check, node, member, f"no taint {taint} on a Linux Node", told, f"is Linux and has the taint {taint}")
    left = [each for each in found if each.startswith(UNINITIALIZED_TAINT)]
    if left:
        _fail(check, node, member, f"no taint {UNINITIALIZED_TAINT}", told, "was not initialised by the cloud provider")


def taint_text(taint: dict[str, Any]) -> str:
    """Return a taint as kubectl writes it: key=value:Effect."""
    value = f"={taint['value']}" if taint.get("value") else ""
    return f"{taint.get('key')}{value}:{taint.get('effect')}"


def _fail(check: Check, node: KubernetesObject, member: Member, expected: str, observed: str, problem: str) -> None:
    check.fail(
        node,
        expected=expected,
        observed=observed,
        message=f"{node.ref} {problem}",
        involves=member.objects,
    )
