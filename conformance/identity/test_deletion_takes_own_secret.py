"""IDENT-14: deleting an identity deletes its Secret, and only its own."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import named_identities, secret_ref
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.intent import CLUSTER_IDENTITY
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-14")
def test_deletion_takes_own_secret(check: Check, site: Site) -> None:
    """Without a probe the row only warns: trying it on an identity in use would cut off its clusters."""
    for identity in named_identities(check, site):
        ref = secret_ref(site, identity.secret_name)
        check.note(f"deleting {identity.ref} deletes {ref}, and {', '.join(identity.clusters)} loses its credentials")
        others = [
            each.ref
            for each in site.management.all(CLUSTER_IDENTITY)
            if each.spec.get("secretName") == identity.secret_name and each.name != identity.name
        ]
        if others:
            check.note(f"{', '.join(others)} would lose {ref} with it")
    check.inconclusive(
        "needs a live probe: a throw-away identity that is created and deleted; allow it with allow: [probe]"
    )
