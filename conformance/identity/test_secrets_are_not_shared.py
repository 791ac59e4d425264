"""IDENT-12: no credential Secret is shared."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import named_identities
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.intent import CLUSTER_IDENTITY
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-12")
def test_secrets_are_not_shared(check: Check, site: Site) -> None:
    named_identities(check, site)
    for ref, users in sorted(_users(site).items()):
        check.examine(ref)
        if len(users) > 1:
            check.fail(
                ref,
                expected="one identity or cluster per Secret",
                observed=", ".join(user.ref for user in users),
                message=f"{ref} is used by {' and '.join(user.ref for user in users)}; CAPV serves the first only",
                involves=users,
            )


def _users(site: Site) -> dict[str, list[KubernetesObject]]:
    """Return Secret to the identities and VSphereClusters that name it, on the whole management cluster."""
    found: dict[str, list[KubernetesObject]] = {}
    for identity in site.management.all(CLUSTER_IDENTITY):
        if identity.spec.get("secretName"):
            ref = site.management.ref("Secret", str(identity.spec["secretName"]), site.capv_namespace.name)
            found.setdefault(ref, []).append(identity)
    for cluster in site.management.all("VSphereCluster"):
        reference = cluster.spec.get("identityRef") or {}
        if reference.get("kind") == "Secret" and reference.get("name"):
            ref = site.management.ref("Secret", str(reference["name"]), cluster.namespace)
            found.setdefault(ref, []).append(cluster)
    return found
