"""MOS-23: kubelet and container runtime are of one build on both systems."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.multios.images import image_of, place_ref
from tkg_conformance.conformance.multios.releases import TKR, tkr_name
from tkg_conformance.conformance.subjects import settled_nodes
from tkg_conformance.conformance.systems import require_windows
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.members import Member, node_system
from tkg_conformance.fixtures.observation.views.transition import same_version
from tkg_conformance.reports.check import Check

_RUNTIME = "containerd://"


@pytest.mark.requirement("MOS-23")
def test_one_kubelet_build(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    name = tkr_name(cluster)
    tkr = site.management.get(TKR, name) if name else None
    of_release = str(tkr.at("spec.kubernetes.version") or "") if tkr else ""
    for member in settled_nodes(check, cluster):
        wanted = member.owner.version or of_release
        if not wanted:
            check.inconclusive(f"neither the TKr of {cluster.name} nor the Machine of {member.ref} names a version")
        _judge(check, site, cluster, member, wanted)


def _judge(check: Check, site: Site, cluster: Cluster, member: Member, wanted: str) -> None:
    node = member.node
    if node is None:
        return
    check.examine(node)
    kubelet = str(node.at("status.nodeInfo.kubeletVersion") or "")
    runtime = str(node.at("status.nodeInfo.containerRuntimeVersion") or "")
    image = image_of(site, cluster, member)
    involved = [*member.objects, *([image] if image else []), cluster.ref, place_ref(cluster, member)]
    if not kubelet or not same_version(kubelet, wanted):
        check.fail(
            node,
            expected=f"kubelet {wanted}, the build of the TKr",
            observed=f"kubelet {kubelet or 'unknown'} ({node_system(node)})",
            message=f"{node.ref} runs kubelet {kubelet or 'unknown'} instead of {wanted}",
            involves=involved,
        )
    if not runtime.startswith(_RUNTIME):
        check.fail(
            node,
            expected="containerd as container runtime",
            observed=runtime or "unknown",
            message=f"{node.ref} runs {runtime or 'an unknown runtime'} instead of containerd",
            involves=involved,
        )
