"""IDENT-3: the identity allows namespaces to use it."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import NamedIdentity, named_identities
from tkg_conformance.fixtures.models.identity import SelectorError, admits, is_unrestricted
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-3")
def test_identity_allows_namespaces(check: Check, site: Site) -> None:
    identities = named_identities(check, site)
    existing = [identity for identity in identities if identity.resource is not None]
    if not existing:
        check.inconclusive(f"{identities[0].ref} does not exist; see IDENT-2")
    for identity in existing:
        check.examine(identity.ref)
        problem = _problem(identity)
        if problem:
            check.fail(
                identity.ref,
                expected="allowedNamespaces with a selector; matchLabels: {} admits every namespace",
                observed=problem,
                message=f"{identity.ref} admits no namespace: {problem}",
            )
        elif not is_unrestricted(identity.allowed_namespaces):
            check.note(f"{identity.ref} is narrower than the page's example; IDENT-11 judges the cluster's namespace")


def _problem(identity: NamedIdentity) -> str | None:
    if identity.allowed_namespaces is None:
        return "allowedNamespaces is absent"
    try:
        admits(identity.allowed_namespaces, {})
    except SelectorError as error:
        return f"its selector is refused, because {error}"
    return None
