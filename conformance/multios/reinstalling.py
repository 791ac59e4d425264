"""Changes after which TKG's TKr source writes the TKr of the default scenario as its package has it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from tkg_conformance.conformance.multios.seeding import PACKAGES_API, SYSTEM_NAMESPACE, release_names, release_path
from tkg_conformance.fixtures.errors import LabError
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import awaited, together
from tkg_conformance.fixtures.lab.errors import NotFound
from tkg_conformance.fixtures.models.tkr_source import PACKAGE_LABEL

_INSTALLED_S: Final = 30.0


def lose_tracking(lab: LabHandle) -> Revert:
    """Delete the TKr source's note that the release is installed, where the profile says what that leads to."""
    name = f"tkr-{release_names(lab)['tkr']}"
    path = lab.management.path("v1", "ConfigMap", name, SYSTEM_NAMESPACE)

    def expect_overwriting(document: dict[str, Any]) -> None:
        document["profile"] = {**(document.get("profile") or {}), "tkr_reinstall_overwrites": True}

    return together(
        lambda: lab.site_files(expect_overwriting),
        lambda: _taken_back(lab, lambda: lab.management.delete(path)),
    )


def change_release_package(lab: LabHandle) -> Revert:
    """Write another generation of the Package that brings the release, as an update of its repository does."""
    path = _release_package(lab)

    def update() -> None:
        package = lab.management.get(path)
        notes = f"updated at {time.time():.0f}"
        lab.management.replace(path, {**package, "spec": {**package["spec"], "releaseNotes": notes}})

    return _taken_back(lab, update)


def delete_release(lab: LabHandle) -> Revert:
    """Delete the TKr; the TKr source makes a missing one again, as its package has it."""
    return _taken_back(lab, lambda: lab.management.delete(release_path(lab, release_names(lab)["tkr"])))


def _taken_back(lab: LabHandle, trigger: Callable[[], None]) -> Revert:
    """Return once the TKr source has written the TKr without what was added; the revert follows the page's step 4."""
    names = release_names(lab)
    path = release_path(lab, names["tkr"])
    former = lab.management.get(path)["spec"]
    trigger()
    awaited(
        lambda: names["image"] not in _images_of(lab, path, missing=names["image"]),
        _INSTALLED_S,
        f"The TKr source did not write TKr {names['tkr']}",
    )

    def revert() -> None:
        release = lab.management.get(path)
        lists = {name: former[name] for name in ("osImages", "bootstrapPackages")}
        lab.management.edit(path, {**release, "spec": {**release["spec"], **lists}}, manager="kubectl-edit")

    return revert


def _images_of(lab: LabHandle, path: str, *, missing: str) -> list[str]:
    """Return the OSImages that a TKr lists; one that is not there yet is said to list `missing`."""
    try:
        return [each["name"] for each in lab.management.get(path)["spec"]["osImages"]]
    except NotFound:
        return [missing]


def _release_package(lab: LabHandle) -> str:
    """Return the path of the Package that brings the lab's only release."""
    found = lab.management.list(lab.management.path(PACKAGES_API, "Package", namespace=SYSTEM_NAMESPACE))
    for package in found:
        if PACKAGE_LABEL in (package["metadata"].get("labels") or {}):
            return lab.management.path_of({**package, "kind": "Package", "apiVersion": PACKAGES_API})
    raise LabError(f"No Package of the lab has the label {PACKAGE_LABEL}.")
