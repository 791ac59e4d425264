"""IDENT-5: the VSphereCluster refers to the identity."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import identity_of
from tkg_conformance.conformance.subjects import require_resource
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.intent import CLUSTER_IDENTITY
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-5")
def test_vspherecluster_refers_to_identity(check: Check, site: Site, cluster: Cluster) -> None:
    identity = identity_of(check, site, cluster)
    require_resource(check, cluster)
    if cluster.vsphere_cluster is None:
        check.inconclusive(f"the VSphereCluster of {cluster.name} was not seen on the management cluster")
    if cluster.intent.identity is None:
        check.note("no intent names an identity, so only the agreement of VSphereCluster and variable is judged")
    check.examine(cluster.vsphere_cluster)
    found = cluster.identity_reference
    if found == (CLUSTER_IDENTITY, identity.name):
        return
    kind, name = found or ("nothing", "")
    lost = "; the default was put back, so the edit was lost" if kind == "Secret" else ""
    check.fail(
        cluster.vsphere_cluster,
        expected=f"identityRef {{kind: {CLUSTER_IDENTITY}, name: {identity.name}}}",
        observed=f"identityRef {{kind: {kind}, name: {name}}}",
        message=f"{cluster.vsphere_cluster.ref} refers to {kind} {name} instead of {identity.name}{lost}",
        involves=[cluster.ref, identity.ref],
    )
