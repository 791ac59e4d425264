"""Secrets to look for in what a run leaves behind, in every form in which they may have got there."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, quote_plus

import yaml

_SHORTEST = 8


def forms(secret: str) -> set[bytes]:
    """Return a secret as it is, URL-encoded, JSON-escaped, in hexadecimal digits, and in base64 at each alignment."""
    plain = secret.encode()
    escaped = json.dumps(secret)[1:-1].encode()
    found = {plain, escaped, quote(secret, safe="").encode(), quote_plus(secret).encode()}
    found |= {plain.hex().encode(), plain.hex().upper().encode()}
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + plain)
        # What the neighbours of the secret have a share in differs from text to text, and is cut off.
        start, end = (0, 2, 3)[offset], len(encoded) - (0 if (len(plain) + offset) % 3 == 0 else 4)
        found |= {encoded[start:end], base64.urlsafe_b64encode(b"\0" * offset + plain)[start:end]}
    return {form for form in found if len(form) >= _SHORTEST}


def leaks(texts: dict[str, bytes], secrets: dict[str, str]) -> list[str]:
    """Return which secrets stand in which texts, by name and never by value."""
    return [
        f"{name} in {place}"
        for name, secret in sorted(secrets.items())
        for place, text in sorted(texts.items())
        if any(form in text for form in forms(secret))
    ]


def files(folder: Path, patterns: Iterable[str] = ("**/*",)) -> dict[str, bytes]:
    """Return the content of the files in a folder."""
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(found)}


def of_lab(lab: Path) -> dict[str, str]:
    """Return the secrets of a lab: passwords of its accounts, private keys, and keys in its kubeconfigs."""
    found = {f"password {path.stem}": path.read_text().strip() for path in (lab / "secrets").glob("*.password")}
    for path in sorted(lab.glob("**/*.key")):
        found[f"key {path.relative_to(lab)}"] = _middle(_middle_line(path.read_text()))
    for path in sorted(lab.glob("**/*.kubeconfig")):
        for user in yaml.safe_load(path.read_text())["users"]:
            for kind in ("client-key-data", "token"):
                if kind in user["user"]:
                    found[f"{kind} {path.relative_to(lab)}"] = _middle(user["user"][kind])
    return found


def _middle_line(pem: str) -> str:
    """Return the middle line: a text across a line break would not be found in the file itself."""
    lines = pem.split()
    return lines[len(lines) // 2]


def _middle(text: str) -> str:
    """Return a part that belongs to one key alone: every key of a kind begins with the same bytes."""
    text = re.sub(r"\s", "", text)
    return text[len(text) // 2 : len(text) // 2 + 24]
