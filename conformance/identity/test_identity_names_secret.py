"""IDENT-2: the VSphereClusterIdentity exists and names the Secret."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import (
    named_identities,
    owned_secret,
    require_capv_namespace,
    secret_of,
    secret_ref,
)
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-2")
def test_identity_names_secret(check: Check, site: Site) -> None:
    for identity in named_identities(check, site):
        check.examine(identity.ref)
        users = [site.cluster(name).ref for name in identity.clusters]
        if identity.resource is None:
            check.fail(
                identity.ref,
                expected=f"a VSphereClusterIdentity {identity.name}",
                observed="no such object",
                message=f"{identity.ref}, which {', '.join(identity.clusters)} names, does not exist",
                involves=users,
            )
            continue
        if secret_of(site, identity) is not None:
            continue
        former = owned_secret(site, identity)
        meant = f"; {former.ref} carries its owner reference" if former else ""
        wanted = secret_ref(site, identity.secret_name)
        require_capv_namespace(check, site, wanted)
        check.fail(
            identity.ref,
            expected=f"secretName of a Secret in namespace {site.capv_namespace.name}{meant}",
            observed=f"secretName {identity.secret_name or 'unset'}, and no such Secret there",
            message=f"{identity.ref} names the Secret {identity.secret_name}, which is not in"
            f" {site.capv_namespace.name}{meant}",
            # With the former Secret in place the name is wrong; without it the Secret is missing, which is IDENT-1's.
            involves=[] if former else [wanted],
        )
