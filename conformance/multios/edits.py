"""Who last wrote a list of a TKr, and when, as the API server keeps it in managedFields.

Both lists are atomic in the TKr's schema, so that the one who wrote last owns the whole list. The version is written by
whoever brings the TKr and by nobody else; in TKG that is the TKr source, whose name here is merely `manager`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.transition import instant

_PEOPLE = ("kubectl", "tanzu", "k9s", "Mozilla")
"""Field managers of tools that people use; a controller's is the name of its program."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The last write of a field: the manager that the API server noted, and when."""

    manager: str
    when: datetime

    @property
    def is_by_person(self) -> bool:
        return self.manager.startswith(_PEOPLE)

    def describe(self) -> str:
        """Return "manager at time"."""
        return f"{self.manager} at {self.when:%Y-%m-%dT%H:%M:%SZ}"


def last_edit(tkr: KubernetesObject, field: str) -> Edit | None:
    """Return the newest write of `osImages`, `bootstrapPackages` or `version`, None if the API server tells none."""
    return newest(tkr.metadata.get("edits") or (), field)


def newest(edits: Iterable[Mapping[str, Any]], field: str) -> Edit | None:
    """Return the newest write of a field among these entries of managedFields."""
    found = []
    for entry in edits:
        when = instant(str(entry.get("time") or ""))
        if when is not None and field in (entry.get("fields") or ()):
            found.append(Edit(str(entry.get("manager") or "unknown"), when))
    return max(found, key=lambda each: each.when, default=None)


def is_by_source(tkr: KubernetesObject, edit: Edit) -> bool:
    """Say whether a write is of the controller that brought the TKr; where it is not known who did, it is not."""
    bringer = last_edit(tkr, "version")
    return bringer is not None and bringer.manager == edit.manager and not edit.is_by_person


def is_since_creation(tkr: KubernetesObject, edit: Edit) -> bool:
    """Say whether a list is still as the TKr was made with."""
    made = instant(tkr.created)
    return made is not None and edit.when <= made
