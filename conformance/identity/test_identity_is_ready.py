"""IDENT-4: CAPV has accepted the identity and taken over its Secret."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import NamedIdentity, named_identities, secret_of, secret_ref
from tkg_conformance.fixtures.models.identity import SECRET_FINALIZER
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.intent import CLUSTER_IDENTITY
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-4")
def test_identity_is_ready(check: Check, site: Site) -> None:
    identities = named_identities(check, site)
    existing = [identity for identity in identities if identity.resource is not None]
    if not existing:
        check.inconclusive(f"{identities[0].ref} does not exist; see IDENT-2")
    for identity in existing:
        if identity.resource is None:
            continue
        if identity.resource.is_paused:
            check.inconclusive(f"{identity.ref} is paused, so its conditions are stale; resume it and look again")
        _judge_status(check, site, identity, identity.resource)
        secret = secret_of(site, identity)
        if secret is not None:
            _judge_secret(check, identity, secret)


def _judge_status(check: Check, site: Site, identity: NamedIdentity, resource: KubernetesObject) -> None:
    check.examine(resource)
    condition = resource.condition("Available", "CredentialsAvailable")
    ready = resource.status.get("ready")
    if ready is True and condition is not None and condition.is_true:
        return
    told = condition.describe() if condition else "no condition Available or CredentialsAvailable"
    check.fail(
        resource,
        expected="status.ready true and condition Available (v1beta1: CredentialsAvailable) True",
        observed=f"ready={ready}, {told}",
        message=f"CAPV has not accepted {identity.ref}: {told}",
        involves=[secret_ref(site, identity.secret_name)],
    )


def _judge_secret(check: Check, identity: NamedIdentity, secret: KubernetesObject) -> None:
    check.examine(secret)
    missing = []
    if not secret.owned_by(CLUSTER_IDENTITY, identity.name):
        missing.append(f"owner reference to {identity.name}")
    if SECRET_FINALIZER not in (secret.metadata.get("finalizers") or ()):
        missing.append(f"finalizer {SECRET_FINALIZER}")
    if missing:
        owners = ", ".join(f"{owner.get('kind')} {owner.get('name')}" for owner in secret.owners) or "none"
        check.fail(
            secret,
            expected=f"owner reference to {identity.name} and CAPV's finalizer",
            observed=f"missing {' and '.join(missing)}; owners: {owners}",
            message=f"CAPV has not taken over {secret.ref}: missing {' and '.join(missing)}",
            involves=[
                identity.ref,
                *(f"{owner.get('kind')} management/{owner.get('name')}" for owner in secret.owners),
            ],
        )
