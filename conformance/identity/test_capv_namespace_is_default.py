"""IDENT-15: CAPV runs in the namespace that the template resolver and the add-ons assume."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import named_identities
from tkg_conformance.fixtures.models.identity import DEFAULT_CAPV_NAMESPACE
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-15")
def test_capv_namespace_is_default(check: Check, site: Site) -> None:
    identities = named_identities(check, site)
    users = [site.cluster(name) for identity in identities for name in identity.clusters]
    if not any(cluster.is_class_based for cluster in users):
        check.not_applicable(
            f"{', '.join(cluster.name for cluster in users)} is plan-based (legacy mode): of an identity's Secret only"
            " CAPV reads anything there"
        )
    namespace = site.capv_namespace
    if not namespace.is_observed and namespace.name == DEFAULT_CAPV_NAMESPACE:
        check.inconclusive(
            "no CAPV controller was seen, so its namespace is not known; allow reading Pods and Deployments"
        )
    ref = site.management.ref("Namespace", namespace.name)
    check.examine(ref)
    if namespace.name == DEFAULT_CAPV_NAMESPACE:
        return
    copies = [
        identity.secret_name
        for identity in identities
        if identity.secret_name and site.management.get("Secret", identity.secret_name, DEFAULT_CAPV_NAMESPACE)
    ]
    check.fail(
        ref,
        expected=f"CAPV in {DEFAULT_CAPV_NAMESPACE}",
        observed=f"CAPV in {namespace.name} ({namespace.source}); copies of the Secret in {DEFAULT_CAPV_NAMESPACE}:"
        f" {', '.join(copies) or 'none'}",
        message=f"CAPV runs in {namespace.name}, but the template resolver and the CPI and CSI add-ons look for"
        f" identity Secrets in {DEFAULT_CAPV_NAMESPACE}",
        involves=[identity.ref for identity in identities],
    )
