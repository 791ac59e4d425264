"""IDENT-1: the alternate account's Secret lies in the CAPV namespace, with user name and password."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import (
    PASSWORD,
    USERNAME,
    NamedIdentity,
    named_identities,
    owned_secret,
    require_capv_namespace,
    secret_of,
    secret_ref,
)
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-1")
def test_secret_is_in_capv_namespace(check: Check, site: Site) -> None:
    identities = named_identities(check, site)
    namespace = site.capv_namespace
    check.note(f"the CAPV namespace is {namespace.name}, {namespace.source}")
    known = [identity for identity in identities if identity.resource is not None]
    if not known:
        check.inconclusive(f"{identities[0].ref} does not exist, so its Secret is not known; see IDENT-2")
    for identity in known:
        secret = secret_of(site, identity) or owned_secret(site, identity)
        if secret is None:
            _fail_missing(check, site, identity)
        else:
            _judge(check, identity, secret)


def _fail_missing(check: Check, site: Site, identity: NamedIdentity) -> None:
    ref = secret_ref(site, identity.secret_name)
    require_capv_namespace(check, site, ref)
    check.examine(ref)
    elsewhere = [each.ref for each in site.management.all("Secret") if each.name == identity.secret_name]
    check.fail(
        ref,
        expected=f"a Secret with {USERNAME} and {PASSWORD} in namespace {site.capv_namespace.name}",
        observed=f"none there; seen: {', '.join(elsewhere)}" if elsewhere else "none of this name was seen",
        message=f"{ref} does not exist, so CAPV has no credentials for {identity.name}",
        involves=[identity.ref],
    )


def _judge(check: Check, identity: NamedIdentity, secret: KubernetesObject) -> None:
    check.examine(secret)
    problems = []
    for key in (USERNAME, PASSWORD):
        entry = secret.data.get(key)
        if not entry or not entry.get("present", True):
            problems.append(f"has no key {key}")
        elif entry.get("empty"):
            problems.append(f"has an empty {key}")
        elif entry.get("double_base64"):
            problems.append(
                f"holds a {key} that is encoded twice (base64 belongs into data, plain text into stringData)"
            )
        elif entry.get("padding") == "line break" or (key == USERNAME and entry.get("padding")):
            problems.append(f"holds a {key} with a {entry['padding']} at its end or beginning")
        elif entry.get("padding"):
            check.note(
                f"{secret.ref} holds a {key} with a {entry['padding']} at an end; IDENT-7 tries to log in with it"
            )
    if problems:
        check.fail(
            secret,
            expected=f"non-empty keys {USERNAME} and {PASSWORD}",
            observed="; ".join(problems),
            message=f"{secret.ref} {' and '.join(problems)}",
            involves=[identity.ref],
        )
