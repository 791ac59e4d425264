"""A profile file: how a site differs from the page's words, and which requirements weigh more or less there.

levels: {ZONE-7: advisory}          # required, advisory or live; shown in every report
region_zone_semantics: categories   # and every other key of the site file's `profile`
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.fixtures.observation.model import Observation
from tkg_conformance.fixtures.site_errors import sentence
from tkg_conformance.fixtures.sitefile import Profile
from tkg_conformance.fixtures.yamltext import Unreadable, documents, read_text, shown_key
from tkg_conformance.plugins.catalogue import Catalogue
from tkg_conformance.reports.records import Level


@dataclass(frozen=True)
class RunProfile:
    """What a profile file changes: levels of requirements, and keys of the site file's profile."""

    source: str = ""
    levels: dict[str, Level] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)

    def catalogue(self, catalogue: Catalogue) -> Catalogue:
        """Return the catalogue with the profile's levels."""
        rows = tuple(replace(each, level=self.levels.get(each.id, each.level)) for each in catalogue.requirements)
        return replace(catalogue, requirements=rows)

    def observation(self, observation: Observation) -> Observation:
        """Return the observation with the profile's keys over those of the site file."""
        merged = {**observation.intent.profile, **self.keys}
        return replace(observation, intent=replace(observation.intent, profile=merged))

    def described(self) -> dict[str, Any]:
        """Return what a report says of the profile; empty if there is none."""
        if not self.source:
            return {}
        return {"source": self.source, "levels": {id_: str(level) for id_, level in self.levels.items()}, **self.keys}


def load(path: Path, catalogue: Catalogue) -> RunProfile:
    """Read and check a profile file.

    Raises:
        UsageError: in one sentence, for a file that cannot be read, an unknown key, requirement or level.
    """
    try:
        found = documents(read_text(path))
    except Unreadable as error:
        raise UsageError(f"The profile {path} cannot be read: {error}.") from error
    content = found[0] if len(found) == 1 else None
    if not isinstance(content, dict) or not isinstance(content.get("levels", {}), dict):
        raise UsageError(f"The profile {path} must be a mapping, with levels as a mapping of requirement to level.")
    levels = {
        catalogue.requirement(str(id_)).id: _level(path, id_, word) for id_, word in content.pop("levels", {}).items()
    }
    try:
        keys = Profile.model_validate(content).model_dump(exclude_unset=True)
    except ValidationError as error:
        raise UsageError(f"The profile {sentence(path, error, Profile)}") from error
    return RunProfile(str(path), levels, keys)


def _level(path: Path, id_: object, word: object) -> Level:
    try:
        return Level(str(word))
    except ValueError:
        words = ", ".join(Level)
        shown = f"The profile {path} gives {id_} the level '{shown_key(word)}'"
        raise UsageError(f"{shown}; expected one of {words}.") from None
