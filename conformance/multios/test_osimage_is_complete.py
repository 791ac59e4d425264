"""MOS-2: the Windows OSImage is complete."""

from __future__ import annotations

from typing import Any

import pytest

from tkg_conformance.conformance.multios.releases import require_images
from tkg_conformance.conformance.systems import WINDOWS
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.reports.check import Check

# None: any text will do. A version such as 2019 is a number in YAML unless it is quoted.
_WANTED: dict[str, str | None] = {
    "spec.image.type": "ova",
    "spec.image.ref.template": None,
    "spec.image.ref.version": None,
    "spec.kubernetesVersion": None,
    "spec.os.arch": "amd64",
    "spec.os.name": WINDOWS,
    "spec.os.type": WINDOWS,
    "spec.os.version": None,
}


@pytest.mark.requirement("MOS-2")
def test_osimage_is_complete(check: Check, site: Site) -> None:
    for image in check.each(require_images(check, site)):
        for path, wanted in _WANTED.items():
            problem = _problem(image.at(path), wanted)
            if problem:
                _fail(check, image, path, wanted, problem)


def _problem(value: Any, wanted: str | None) -> str | None:
    if value in (None, ""):
        return "is missing"
    if not isinstance(value, str):
        return f"is {value!r}, which is not a text"
    return f"is {value}" if wanted not in (None, value) else None


def _fail(check: Check, image: KubernetesObject, path: str, wanted: str | None, problem: str) -> None:
    told = ' (the webhook says "ova version is invalid or not found")' if path == "spec.image.ref.version" else ""
    check.fail(
        image,
        expected=f"{path}: {wanted or 'a text'}",
        observed=f"{path} {problem}",
        message=f"{path} of {image.ref} {problem}{told}",
    )
