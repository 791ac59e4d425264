"""MOS-24: backup and restore of the multi-OS cluster is not in use; the page says that it is not supported."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tkg_conformance.conformance.subjects import require_resource
from tkg_conformance.conformance.systems import require_multi_os
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject, PlaneView
from tkg_conformance.reports.check import Check
from tkg_conformance.reports.records import Severity

_KINDS = ("Backup", "Schedule")
_RESTORED = "velero.io/restore-name"
_CLUSTERS = "clusters"
_LOOKED_AT = ("Node", "Deployment", "DaemonSet", "PackageInstall", "Pod", "StorageClass")
"""Kinds of the workload cluster that are read anyway, on which Velero would leave its label."""


@pytest.mark.requirement("MOS-24")
def test_no_backup_covers_cluster(check: Check, cluster: Cluster) -> None:
    require_multi_os(check, cluster)
    resource = require_resource(check, cluster)
    planes = [plane for plane in (cluster.management, cluster.workload) if plane.is_present]
    served = [(plane, kind) for plane in planes for kind in _KINDS if plane.serves(kind)]
    restored = [resource, *(each for kind in _LOOKED_AT for each in cluster.workload.all(kind))]
    marked = [each for each in restored if _RESTORED in each.labels]
    if not served and not marked:
        check.not_applicable(f"neither the management cluster nor {cluster.name} serves Velero's Backup and Schedule")
    for plane, kind in served:
        check.examine(f"every {kind} of {plane.name}")
    for found in _covering(cluster, served):
        check.fail(
            found,
            expected="no Backup or Schedule that covers a multi-OS cluster",
            observed=_scope_of(found),
            message=f"{found.ref} covers the multi-OS cluster {cluster.name}",
            severity=Severity.INFO,
            remediation=f"velero {found.kind.lower()} delete {found.name}",
        )
    for found in marked:
        check.examine(found)
        check.fail(
            found,
            expected="no object that a restore has made",
            observed=f"{_RESTORED}={found.labels[_RESTORED]}",
            message=f"{found.ref} of the multi-OS cluster {cluster.name} was restored from a backup",
        )
    if check.findings:
        check.unsupported(
            "the page says that backup and restore of multi-OS clusters is not supported; "
            f"observed: {check.findings[0].message}"
        )


def _covering(cluster: Cluster, served: list[tuple[PlaneView, str]]) -> Iterator[KubernetesObject]:
    for plane, kind in served:
        for each in plane.all(kind):
            if plane.name == cluster.name or _covers_object(each, cluster):
                yield each


def _covers_object(backup: KubernetesObject, cluster: Cluster) -> bool:
    """Return whether a backup of the management cluster takes the Cluster object along."""
    included, excluded = backup.spec.get("includedNamespaces") or ["*"], backup.spec.get("excludedNamespaces") or ()
    if cluster.namespace in excluded or not {"*", cluster.namespace}.intersection(included):
        return False
    kinds = [str(kind).partition(".")[0] for kind in backup.spec.get("includedResources") or ["*"]]
    without = [str(kind).partition(".")[0] for kind in backup.spec.get("excludedResources") or ()]
    return bool({"*", _CLUSTERS}.intersection(kinds)) and not {"*", _CLUSTERS}.intersection(without)


def _scope_of(backup: KubernetesObject) -> str:
    namespaces = ", ".join(backup.spec.get("includedNamespaces") or ["every namespace"])
    schedule = f", schedule {backup.spec['schedule']}" if backup.spec.get("schedule") else ""
    return f"{backup.kind} of {namespaces}{schedule}"
