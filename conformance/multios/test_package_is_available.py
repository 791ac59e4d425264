"""MOS-6: the tkg-windows package that the TKr lists is in the repository."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.multios.releases import PACKAGE, package_ref, releases, system_namespace
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("MOS-6")
def test_package_is_available(check: Check, site: Site) -> None:
    wanted = [(release, name) for release in releases(check, site) for name in release.windows_packages]
    if not wanted:
        check.not_applicable("no TKr in use lists a tkg-windows package")
    if not site.management.serves("Package"):
        check.inconclusive("the management cluster serves no Package (data.packaging.carvel.dev)")
    namespace = system_namespace(site)
    offered = [each.name for each in site.management.all("Package", namespace) if each.name.startswith(f"{PACKAGE}.")]
    for release, name in wanted:
        ref = package_ref(site, name)
        check.examine(ref)
        if name not in offered:
            check.fail(
                ref,
                expected=f"a Package {name} in namespace {namespace}",
                observed=f"offered are {', '.join(sorted(offered)) or 'none of that name'}",
                message=f"{release.ref} lists {name}, which the repository does not offer in {namespace}",
                involves=[release],
            )
