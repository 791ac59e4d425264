"""IDENT-13: the generated manifest has a place to set the identity."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import identity_of
from tkg_conformance.conformance.subjects import require_stated_mode
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.cluster import CLASS
from tkg_conformance.fixtures.observation.views.intent import topology_variables
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-13")
def test_manifest_has_identity_site(check: Check, site: Site, cluster: Cluster) -> None:
    identity_of(check, site, cluster)
    intent = cluster.intent
    if not intent.record.objects:
        check.not_applicable(f"no manifest of tanzu cluster create --dry-run is given for {cluster.name}")
    kinds = sorted({str(each.get("kind")) for each in intent.record.objects})
    require_stated_mode(check, cluster)
    if intent.mode is not None and (intent.mode == CLASS) != cluster.is_class_based:
        check.inconclusive(
            f"the manifest of {cluster.name} has a Cluster with{'' if intent.mode == CLASS else 'out'} a topology,"
            f" unlike the cluster itself; name the manifest that {cluster.name} was created from in the site file"
        )
    manifest = intent.ref("manifest")
    check.examine(manifest)
    if intent.documents("VSphereCluster"):
        check.note("the manifest has the legacy form: the page's step applies to its VSphereCluster")
        return
    clusters = [each for each in intent.documents("Cluster") if (each.get("spec") or {}).get("topology")]
    if any(variables.IDENTITY_VARIABLE in topology_variables(each["spec"]) for each in clusters):
        check.doc_conflict(
            "the page edits VSphereCluster.spec.identityRef in the dry run's output; this manifest is class-based,"
            f" holds {', '.join(kinds)} and no VSphereCluster, and sets the identity in the Cluster's topology variable"
            f" {variables.IDENTITY_VARIABLE}"
        )
        return
    check.fail(
        manifest,
        expected=f"a VSphereCluster, or a Cluster with the topology variable {variables.IDENTITY_VARIABLE}",
        observed=f"the kinds {', '.join(kinds)}, none of them with an identity",
        message=f"the manifest of {cluster.name} has no place where the identity could be set",
    )
