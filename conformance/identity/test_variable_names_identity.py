"""IDENT-6: the cluster's topology variable names the same identity."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import identity_of
from tkg_conformance.conformance.subjects import require_class_based, require_resource
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.intent import CLUSTER_IDENTITY
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-6")
def test_variable_names_identity(check: Check, site: Site, cluster: Cluster) -> None:
    identity = identity_of(check, site, cluster)
    require_resource(check, cluster)
    require_class_based(check, cluster, "has no topology variable")
    if not _is_defined(cluster):
        check.not_applicable(f"the ClusterClass of {cluster.name} defines no variable {variables.IDENTITY_VARIABLE}")
    check.examine(cluster.ref)
    found, reference = cluster.identity_variable, cluster.identity_reference
    wanted = (CLUSTER_IDENTITY, identity.name)
    if found == wanted and reference in (wanted, None):
        return
    if found == wanted and reference:
        check.fail(
            cluster.ref,
            expected=f"variable and VSphereCluster both {CLUSTER_IDENTITY} {identity.name}",
            observed=f"VSphereCluster refers to {reference[0]} {reference[1]}",
            message=f"{cluster.name} has {identity.name} in its topology variable and {reference[0]} {reference[1]} in"
            " its VSphereCluster; Cluster API takes such an edit back",
            involves=[identity.ref, *_vsphere_cluster(cluster)],
        )
        return
    shown = f"{found[0]} {found[1]}" if found else f"unset, which means Secret {cluster.short_name}"
    check.fail(
        cluster.ref,
        expected=f"variable {variables.IDENTITY_VARIABLE} {{kind: {CLUSTER_IDENTITY}, name: {identity.name}}}",
        observed=f"variable {variables.IDENTITY_VARIABLE} is {shown}",
        message=f"the topology variable {variables.IDENTITY_VARIABLE} of {cluster.name} is {shown}, so the CSI driver"
        " and the template resolver use another account, and an edit of VSphereCluster alone does not last",
        involves=[identity.ref, *_vsphere_cluster(cluster)],
    )


def _vsphere_cluster(cluster: Cluster) -> list[str]:
    return [cluster.vsphere_cluster.ref] if cluster.vsphere_cluster else []


def _is_defined(cluster: Cluster) -> bool:
    """Whether the ClusterClass defines the variable; a ClusterClass that was not seen is taken to define it."""
    name = (cluster.topology.get("classRef") or {}).get("name") or cluster.topology.get("class")
    found = cluster.management.get("ClusterClass", str(name), cluster.namespace) if name else None
    if found is None:
        return True
    return any(each.get("name") == variables.IDENTITY_VARIABLE for each in found.spec.get("variables") or ())
