"""MOS-3: the Windows OSImage and the TKr that lists it are of the same Kubernetes version."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.multios.releases import releases, windows_images
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("MOS-3")
def test_versions_agree(check: Check, site: Site) -> None:
    images = {image.name: image for image in windows_images(site)}
    pairs = [(r, images[name]) for r in releases(check, site) for name in r.images if name in images]
    if not pairs:
        check.not_applicable("no TKr in use lists a Windows OSImage")
    for release, image in pairs:
        check.examine(image)
        found, wanted = str(image.at("spec.kubernetesVersion") or ""), release.kubernetes_version
        if not wanted:
            check.inconclusive(f"{release.ref} names no spec.kubernetes.version")
        if found != wanted:
            check.fail(
                image,
                expected=f"kubernetesVersion {wanted}, as spec.kubernetes.version of {release.ref}",
                observed=f"kubernetesVersion {found or 'unset'}",
                message=f"{image.ref} is of {found or 'no version'}, {release.ref} of {wanted}",
                involves=[release],
            )
