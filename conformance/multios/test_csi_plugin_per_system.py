"""MOS-21: the CSI node plugin is registered on the systems that the installed package serves at the same time."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import settled_nodes
from tkg_conformance.conformance.systems import LINUX, OS_LABEL, WINDOWS, require_multi_os
from tkg_conformance.fixtures.models.topology import CSI_DRIVER
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import node_system
from tkg_conformance.reports.check import Check

_PLUGIN = "vsphere-csi-node"
_EXCLUSIVE = "2."
"""Packages of 2.x have the Windows DaemonSet instead of the Linux one (windows_support), never both."""


@pytest.mark.requirement("MOS-21")
def test_csi_plugin_per_system(check: Check, site: Site, cluster: Cluster) -> None:
    require_multi_os(check, cluster)
    plugins = {_system(each): each for each in cluster.workload.all("DaemonSet") if each.name.startswith(_PLUGIN)}
    if not plugins:
        check.not_applicable(f"no DaemonSet {_PLUGIN} is on {cluster.name}, so the CSI add-on is not installed")
    version = str(site.profile.get("csi_package_version") or "").lstrip("v")
    for system in (LINUX, WINDOWS):
        if system in plugins:
            continue
        check.note(f"the installed package has no node plugin for {system}; Pods with volumes cannot run there")
        if version and not version.startswith(_EXCLUSIVE):
            check.examine(cluster.ref)
            check.fail(
                cluster.ref,
                expected=f"node plugins for both systems, as CSI package {version} provides",
                observed=", ".join(plugin.ref for plugin in plugins.values()),
                message=f"{cluster.name} has no CSI node plugin for {system}",
            )
    for member in settled_nodes(check, cluster):
        node = member.node
        plugin = plugins.get(node_system(node)) if node else None
        if node is None or plugin is None:
            continue
        csi_node = cluster.workload.get("CSINode", node.name)
        ref = cluster.workload.ref("CSINode", node.name)
        check.examine(ref)
        drivers = [str(each.get("name")) for each in (csi_node.spec.get("drivers") or ())] if csi_node else []
        if CSI_DRIVER not in drivers:
            check.fail(
                ref,
                expected=f"the driver {CSI_DRIVER}, which {plugin.ref} registers on {node_system(node)} Nodes",
                observed=", ".join(drivers) or "no driver",
                message=f"{ref} lacks the driver {CSI_DRIVER}",
                involves=[node.ref, cluster.workload.ref("CSINodeTopology", node.name)],
            )


def _system(plugin: KubernetesObject) -> str:
    selector = plugin.at("spec.template.spec.nodeSelector") or {}
    return str(selector.get(OS_LABEL) or (WINDOWS if WINDOWS in plugin.name else LINUX))
