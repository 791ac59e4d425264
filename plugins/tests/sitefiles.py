"""Site files of a lab, written elsewhere with changes: every path in them is made absolute."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_PATHS = ("password_file", "ca_file", "kubeconfig", "config", "dry_run")


def of_lab(lab: Path, name: str = "site.yaml") -> dict[str, Any]:
    """Return a site file of a lab (`site.yaml` of the observer, `site-admin.yaml`) as it may stand anywhere."""
    site: dict[str, Any] = yaml.safe_load((lab / name).read_text())
    probing = [each["probe"] for each in site["clusters"] if "probe" in each]
    others = [site[key] for key in ("management", "create") if key in site]
    entries = [*site["vcenters"], *site["clusters"], *probing, *others]
    for entry in entries:
        entry.update({key: str(lab / entry[key]) for key in _PATHS if key in entry})
    return site


def write(site: dict[str, Any], path: Path) -> Path:
    """Write a site file and return its path."""
    path.write_text(yaml.safe_dump(site))
    return path
