"""IDENT-16: an object spec for the Tanzu CLI carries the cluster's Secret."""

from __future__ import annotations

from typing import Any

import pytest

from tkg_conformance.conformance.identity.accounts import PASSWORD, USERNAME, identity_of
from tkg_conformance.conformance.subjects import require_class_based
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check

_TANZU_ROUTE = ("windows", "multi-os")


@pytest.mark.requirement("IDENT-16")
def test_spec_carries_secret(check: Check, site: Site, cluster: Cluster) -> None:
    identity_of(check, site, cluster)
    intent = cluster.intent
    if intent.is_flat or not intent.record.objects:
        check.not_applicable(f"the configuration of {cluster.name} is not an object spec")
    require_class_based(check, cluster, "is applied with kubectl and not created from an object spec by the CLI")
    if intent.type is None:
        check.inconclusive(
            f"it is not known whether {cluster.name} has Windows workers; give its type in the site file"
        )
    if intent.type not in _TANZU_ROUTE:
        check.not_applicable(
            f"{cluster.name} is not a Windows or multi-OS cluster, whose route is tanzu cluster create -f"
        )
    ref = intent.ref(f"Secret {cluster.name}")
    check.examine(ref)
    found = next((each for each in intent.documents("Secret") if _names(each) == cluster.name), None)
    keys = {*(found.get("stringData") or ()), *(found.get("data") or ())} if found else set()
    missing = [key for key in (USERNAME, PASSWORD) if key not in keys]
    if missing:
        check.fail(
            ref,
            expected=f"a Secret {cluster.name} with stringData {USERNAME} and {PASSWORD}",
            observed="no such Secret" if found is None else f"a Secret without {' and '.join(missing)}",
            message=f'the Tanzu CLI will refuse the spec with "Secret {cluster.name} not found in file"',
        )


def _names(document: dict[str, Any]) -> str:
    metadata = document.get("metadata") or {}
    return f"{metadata.get('namespace') or 'default'}/{metadata.get('name')}"
