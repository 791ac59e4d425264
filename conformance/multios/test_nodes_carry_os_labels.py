"""MOS-16: Nodes carry the well-known labels of their operating system."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.multios.images import image_of
from tkg_conformance.conformance.subjects import settled_nodes
from tkg_conformance.conformance.systems import OS_LABEL, WINDOWS, require_windows
from tkg_conformance.fixtures.models.windows import BUILDS, build_of_kernel
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member, node_system
from tkg_conformance.reports.check import Check

BUILD_LABEL = "node.kubernetes.io/windows-build"
_ARCH, _HOSTNAME = "kubernetes.io/arch", "kubernetes.io/hostname"


@pytest.mark.requirement("MOS-16")
def test_nodes_carry_os_labels(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    for member in settled_nodes(check, cluster):
        if member.node is None:
            continue
        check.examine(member.node)
        _judge_known(check, member.node, member)
        _judge_build(check, site, cluster, member.node, member)


def _judge_known(check: Check, node: KubernetesObject, member: Member) -> None:
    wanted = {
        OS_LABEL: node.at("status.nodeInfo.operatingSystem"),
        _ARCH: node.at("status.nodeInfo.architecture"),
        _HOSTNAME: _hostname(node),
    }
    for label, value in wanted.items():
        if value is None:
            check.note(f"nodeInfo of {node.ref} does not say what {label} has to be")
        elif node.labels.get(label) != value:
            _fail(check, node, member, f"{label}={value}", f"{label}={node.labels.get(label, 'unset')}")


def _judge_build(check: Check, site: Site, cluster: Cluster, node: KubernetesObject, member: Member) -> None:
    found = node.labels.get(BUILD_LABEL)
    if node_system(node) != WINDOWS:
        if found is not None:
            _fail(check, node, member, f"no {BUILD_LABEL} on a Linux Node", f"{BUILD_LABEL}={found}")
        return
    kernel = build_of_kernel(str(node.at("status.nodeInfo.kernelVersion") or ""))
    image = image_of(site, cluster, member)
    version = str(image.at("spec.os.version") or "") if image else ""
    expected = BUILDS.get(version) or kernel
    if version and version not in BUILDS:
        check.note(
            f"which build Windows {version} of {image.ref if image else 'the image'} has is not known to this suite"
        )
    if found != expected or (kernel and found != kernel):
        why = f"Windows {version} of {image.ref}" if version in BUILDS and image else "nodeInfo's kernelVersion"
        observed = f"{BUILD_LABEL}={found or 'unset'}, kernelVersion {node.at('status.nodeInfo.kernelVersion')}"
        _fail(check, node, member, f"{BUILD_LABEL}={expected or 'set'} ({why})", observed)


def _hostname(node: KubernetesObject) -> str | None:
    addresses = node.status.get("addresses") or ()
    return next((str(each["address"]) for each in addresses if each.get("type") == "Hostname"), None)


def _fail(check: Check, node: KubernetesObject, member: Member, expected: str, observed: str) -> None:
    check.fail(
        node,
        expected=expected,
        observed=observed,
        message=f"{node.ref} has {observed} where {expected} is expected",
        involves=member.objects,
    )
