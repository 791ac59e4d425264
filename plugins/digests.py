"""Digests of what judges: two runs with the same digest judge alike."""

from __future__ import annotations

import functools
import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

_JUDGING: Final = ("conformance", "fixtures", "plugins", "reports")
_ENDINGS: Final = (".py", ".yaml", ".json", ".jinja")
_APART: Final = ("tests", "__pycache__", "go")


@functools.cache
def suite_digest() -> str:
    """Return the SHA-256 over the suite's code, catalogue and schemas, as hexadecimal digits; tests do not count."""
    digest = hashlib.sha256()
    for part in _JUDGING:
        _add(digest, part, files("tkg_conformance").joinpath(part))
    return digest.hexdigest()


def _add(digest: hashlib._Hash, path: str, place: Traversable) -> None:
    if place.is_dir():
        if place.name not in _APART:
            for each in sorted(place.iterdir(), key=lambda each: each.name):
                _add(digest, f"{path}/{each.name}", each)
    elif place.name.endswith(_ENDINGS):
        content = place.read_bytes()
        digest.update(f"{path} {len(content)}\n".encode() + content)
