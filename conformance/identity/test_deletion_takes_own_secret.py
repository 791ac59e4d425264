"""IDENT-14: deleting an identity deletes its Secret, and only its own."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import named_identities, secret_ref
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.intent import CLUSTER_IDENTITY
from tkg_conformance.fixtures.probes.model import Outcome, Probe, ProbeRun
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-14")
def test_deletion_takes_own_secret(check: Check, site: Site) -> None:
    """Without its probe the row only warns: trying it on an identity in use would cut off its clusters."""
    for identity in named_identities(check, site):
        ref = secret_ref(site, identity.secret_name)
        check.note(f"deleting {identity.ref} deletes {ref}, and {', '.join(identity.clusters)} loses its credentials")
        others = [
            each.ref
            for each in site.management.all(CLUSTER_IDENTITY)
            if each.spec.get("secretName") == identity.secret_name and each.name != identity.name
        ]
        check.examine(identity.ref)
        if others:
            check.fail(
                identity.ref,
                expected=f"{ref} needed by nobody else",
                observed=f"named by {', '.join(others)} too",
                message=f"deleting {identity.ref} would take {ref} away from {', '.join(others)}",
                involves=[ref, *others],
            )
    run = site.probe(Probe.IDENTITY)
    if run is None:
        if check.findings:
            return
        check.inconclusive(
            "needs a live probe, a throw-away identity that is created and deleted: --probe identity, where the site"
            " file says allow: [probe]"
        )
    _judge_trial(check, site, run)


def _judge_trial(check: Check, site: Site, run: ProbeRun) -> None:
    """Judge what became of the throw-away identity; one that CAPV did not take up proves nothing."""
    trial = run.identity
    proving = Outcome.COMPLETED if trial is not None and trial.is_secret_gone else Outcome.OUT_OF_TIME
    if trial is None or not trial.is_deleted or run.outcome is not proving:
        if check.findings:
            return
        check.inconclusive(f"the probe identity proves nothing: {run.reason}")
    identity = site.management.ref(CLUSTER_IDENTITY, trial.identity)
    namespace, _, name = trial.secret.partition("/")
    secret = site.management.ref("Secret", name, namespace)
    check.examine(identity)
    if not trial.is_secret_gone:
        check.fail(
            secret,
            expected=f"gone with {identity}, which was deleted",
            observed=f"still there: {run.reason}",
            message=f"CAPV did not delete {secret} with its identity",
            involves=[identity],
            evidence=run.evidence,
        )
