"""MOS-19: TKG's components run on Linux Nodes and are healthy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tkg_conformance.conformance.multios.placement import (
    is_component,
    is_running,
    made_for,
    node_of,
    require_pods,
    waiting_for,
    workload_of,
)
from tkg_conformance.conformance.multios.test_package_is_installed import not_reconciled, package_of
from tkg_conformance.conformance.systems import WINDOWS, require_multi_os
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import node_system
from tkg_conformance.fixtures.observation.views.transition import instant
from tkg_conformance.reports.check import Check

_STARTING = timedelta(minutes=5)
"""A younger Pod may still be pulling its image."""
_DONE = "Succeeded"


@pytest.mark.requirement("MOS-19")
def test_components_run_on_linux(check: Check, site: Site, cluster: Cluster) -> None:
    require_multi_os(check, cluster)
    components = [pod for pod in require_pods(check, cluster) if is_component(pod) and not pod.is_deleting]
    for pod in components:
        _judge(check, site, cluster, pod)
    if not check.examined.count:
        check.inconclusive(f"no Pod of TKG's components was seen in {cluster.name}")
    for install in check.each(cluster.workload.all("PackageInstall")):
        problem = not_reconciled(install)
        if problem:
            check.fail(
                install,
                expected="condition ReconcileSucceeded True",
                observed=problem,
                message=f"{install.ref} ({package_of(install)}) is not reconciled: {problem}",
            )


def _judge(check: Check, site: Site, cluster: Cluster, pod: KubernetesObject) -> None:
    node = node_of(cluster, pod)
    if pod.status.get("phase") == _DONE:
        return
    check.examine(pod)
    involved = [pod.ref, *([node.ref] if node else [])]
    owner = workload_of(cluster, pod)
    if node is not None and node_system(node) == WINDOWS and made_for(pod) != WINDOWS:
        check.fail(
            owner,
            expected="its Pods on Linux Nodes",
            observed=f"{pod.ref} on {node.ref}, which runs Windows; {waiting_for(pod)}",
            message=f"{owner} has a Pod of a Linux image on the Windows Node {node.name}",
            involves=involved,
        )
        return
    if is_running(pod):
        return
    if _is_young(site, pod):
        check.note(f"{pod.ref} is being started: listed, not judged")
        return
    check.fail(
        owner,
        expected="its Pods Running and Ready",
        observed=f"{pod.ref}: {waiting_for(pod)}",
        message=f"{pod.ref} of {owner} is not Ready",
        involves=involved,
    )


def _is_young(site: Site, pod: KubernetesObject) -> bool:
    created = instant(pod.created)
    return created is not None and site.now - created < _STARTING
