"""MOS-4: the TKr lists the Windows OSImage and kept the others.

What the list held before the edit is told by what the release left elsewhere: its OSImages, whose names begin with the
TKr's, and the images that clusters of this TKr were resolved to.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tkg_conformance.conformance.multios.releases import (
    OS_IMAGE,
    Release,
    is_windows_image,
    names_of_images,
    releases,
    resolved_data,
    tkr_name,
    windows_images,
)
from tkg_conformance.fixtures.models.names import OS_IMAGE_LABEL
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.reports.check import Check

_EDIT = "spec.osImages with every former entry and the Windows OSImage, each once"


@pytest.mark.requirement("MOS-4")
def test_tkr_lists_image(check: Check, site: Site) -> None:
    used = releases(check, site)
    if not site.management.serves(OS_IMAGE):
        check.inconclusive("the management cluster serves no OSImage (run.tanzu.vmware.com)")
    existing = names_of_images(site)
    windows = {image.name: image for image in windows_images(site)}
    for release in check.each(used):
        _judge(check, site, release, existing, set(windows))


def _judge(check: Check, site: Site, release: Release, existing: set[str], windows: set[str]) -> None:
    listed = release.images
    if not windows.intersection(listed):
        there = f"{', '.join(sorted(windows))} exists" if windows else "none exists"
        _fail(check, release, "it lists no Windows OSImage", there)
    for name, count in Counter(listed).items():
        if count > 1:
            _fail(check, release, f"it lists {name} {count} times", f"{count} entries {name}")
        if name not in existing:
            _fail(check, release, f"it lists {name}, which does not exist", f"no {site.management.ref(OS_IMAGE, name)}")
    lost = former_images(site, release) - set(listed)
    for name in sorted(lost):
        why = "an OSImage of this release that no TKr lists" if name in existing else "a cluster was resolved to it"
        _fail(check, release, f"its former entry {name} is gone", f"{name}: {why}")
    if not lost and not set(listed) - windows:
        _fail(
            check, release, "it lists Windows OSImages only, so that no control plane can be resolved", "no Linux one"
        )


def former_images(site: Site, release: Release) -> set[str]:
    """Return the Linux OSImages that the TKr must have listed, by what else was seen."""
    listed_anywhere = {
        str(each.get("name"))
        for tkr in site.management.all("TanzuKubernetesRelease")
        for each in tkr.spec.get("osImages") or ()
    }
    shipped = {
        image.name
        for image in site.management.all(OS_IMAGE)
        if image.name.startswith(f"{release.tkr.name}-") and not is_windows_image(image)
    }
    resolved: set[str] = set()
    for cluster in site.clusters:
        if tkr_name(cluster) == release.tkr.name:
            for _, data in resolved_data(cluster):
                resolved |= {str((value.get("labels") or {}).get(OS_IMAGE_LABEL)) for value in data.values()}
    windows = {image.name for image in windows_images(site)}
    known = {name for name in resolved if name.startswith(f"{release.tkr.name}-") and name not in windows}
    return (shipped - listed_anywhere) | {name for name in known if "windows" not in name}


def _fail(check: Check, release: Release, problem: str, observed: str) -> None:
    check.fail(
        release,
        expected=_EDIT,
        observed=f"{', '.join(release.images) or 'an empty list'}; {observed}",
        message=f"{release.ref}: {problem}",
    )
