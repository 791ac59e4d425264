"""MOS-8: TKr and Windows OSImage are usable, that is, not left out by the resolver."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.multios.releases import images_in_use, releases
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.reports.check import Check

# Objects with one of them are left out by the resolver, whatever its value (tkr/resolver/internal/resolver_impl.go).
EXCLUDING = ("incompatible", "deactivated", "invalid", "legacy-tkr")
_CONDITIONS = ("Ready", "Compatible")


@pytest.mark.requirement("MOS-8")
def test_release_is_usable(check: Check, site: Site) -> None:
    used = releases(check, site)
    silent = []
    for release in check.each(used):
        _judge_labels(check, release.tkr)
        conditions = [found for name in _CONDITIONS if (found := release.tkr.condition(name)) is not None]
        if not conditions:
            silent.append(release.ref)
        for condition in conditions:
            if not condition.is_true:
                check.fail(
                    release,
                    expected=f"condition {condition.type} True",
                    observed=condition.describe(),
                    message=f"{release.ref} is not usable: {condition.describe()}",
                )
    for image in check.each(images_in_use(check, site)):
        _judge_labels(check, image)
    if silent and not check.findings:
        check.inconclusive(
            f"{silent[0]} has neither a condition Ready nor Compatible; its controller has not looked at it"
        )


def _judge_labels(check: Check, thing: KubernetesObject) -> None:
    found = [key for key in thing.labels if key.rpartition("/")[2] in EXCLUDING]
    for key in found:
        check.fail(
            thing,
            expected=f"no label {key}",
            observed=f"{key}={thing.labels[key]}",
            message=f"{thing.ref} has the label {key}, so the resolver leaves it out without a word",
            remediation=f"kubectl label {thing.kind.lower()} {thing.name} {key}-",
        )
