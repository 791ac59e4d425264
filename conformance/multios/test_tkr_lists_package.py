"""MOS-5: the TKr lists exactly one tkg-windows package and kept the others.

What the list held before is told by the ClusterBootstrapTemplate that the release ships and by the ClusterBootstraps of
the clusters that were made with it: each package that these name had to be in the list (tanzu-framework,
addons/pkg/util/clusterbootstrapclone).
"""

from __future__ import annotations

from collections import Counter

import pytest

from tkg_conformance.conformance.multios.releases import PACKAGE_PREFIX, Release, package_references, releases
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.reports.check import Check

_EDIT = "spec.bootstrapPackages with every former entry and one tkg-windows package"


@pytest.mark.requirement("MOS-5")
def test_tkr_lists_package(check: Check, site: Site) -> None:
    unknown = []
    for release in check.each(releases(check, site)):
        listed, entries = release.packages, release.windows_packages
        if not entries:
            denial = f"no bootstrapPackage name matches the prefix {PACKAGE_PREFIX} within"
            _fail(check, release, f'it lists no {PACKAGE_PREFIX} package (admission: "{denial} ...")', "none")
        if len(entries) > 1:
            denial = f"multiple bootstrapPackage names matche the prefix {PACKAGE_PREFIX}"
            _fail(check, release, f'it lists {len(entries)} {PACKAGE_PREFIX} packages ("{denial}")', ", ".join(entries))
        for name, count in Counter(listed).items():
            if count > 1 and name not in entries:
                _fail(check, release, f"it lists {name} {count} times", f"{count} entries {name}")
        sources = _sources(site, release)
        if not sources:
            unknown.append(release.ref)
        for source in sources:
            for name in package_references(source):
                if name not in listed and not name.startswith(PACKAGE_PREFIX):
                    _fail(check, release, f"its former entry {name} is gone", f"{source.ref} names {name}")
    if unknown and not check.findings:
        check.inconclusive(
            f"nothing tells what {unknown[0]} listed before the edit: no ClusterBootstrapTemplate of its name and no"
            " ClusterBootstrap that was made from it was seen"
        )


def _sources(site: Site, release: Release) -> list[KubernetesObject]:
    """Return what names packages of the release; a bootstrap that another release has made says nothing about it."""
    name = release.tkr.name
    templates = [each for each in site.management.all("ClusterBootstrapTemplate") if each.name == name]
    bootstraps = [each for each in site.management.all("ClusterBootstrap") if each.at("status.resolvedTKR") == name]
    return [*templates, *bootstraps]


def _fail(check: Check, release: Release, problem: str, observed: str) -> None:
    check.fail(
        release,
        expected=_EDIT,
        observed=f"{', '.join(release.packages) or 'an empty list'}; {observed}",
        message=f"{release.ref}: {problem}",
    )
