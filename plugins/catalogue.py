"""The catalogue of requirements, read from `conformance/*/requirements.yaml` (and from third parties' files)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import yaml

from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.reports.records import Area, Level, Requirement, Severity

if TYPE_CHECKING:
    import pytest

PACKAGE = "tkg_conformance.conformance"
PAGE_ORDER = ("ova", "zone", "identity", "datastore", "multios", "portgroup")
"""The areas in the order in which the page documents them."""
SCOPES = ("site", "cluster")
# libyaml, where PyYAML has it, takes a tenth of the time, at every start of the command and of pytest.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Catalogue:
    """All requirements in catalogue order, the areas they belong to, and the glossary of what evidence rests on."""

    areas: tuple[Area, ...]
    requirements: tuple[Requirement, ...]
    rests_on: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse duplicate ids, unknown references and cycles of causes.

        Raises:
            UsageError: naming the requirement concerned.
        """
        known = [each.id for each in self.requirements]
        for id_ in known:
            if known.count(id_) > 1:
                raise UsageError(f"The catalogue has the requirement {id_} twice; ids are unique, rename one.")
        for requirement in self.requirements:
            for cause in requirement.requires:
                if cause not in known:
                    raise UsageError(f"{requirement.id} names the cause {cause}, which the catalogue does not have.")
            if requirement.id in self.causes(requirement.id):
                raise UsageError(f"{requirement.id} is among its own causes; `requires` must have no cycle.")

    def requirement(self, id_: str) -> Requirement:
        """Return one requirement.

        Raises:
            UsageError: if the catalogue does not have it.
        """
        for each in self.requirements:
            if each.id == id_:
                return each
        area = id_.partition("-")[0].upper()
        near = [each.id for each in self.requirements if each.id.startswith(f"{area}-")]
        hint = f"{near[0]} to {near[-1]}" if near else "see `tkg-conformance list`"
        raise UsageError(f"There is no requirement {id_!r}; expected one of the catalogue ({hint}).")

    def area(self, name: str) -> Area:
        """Return one area by its name or prefix.

        Raises:
            UsageError: if the catalogue does not have it.
        """
        for each in self.areas:
            if name.lower() in (each.name, each.prefix.lower()):
                return each
        names = ", ".join(each.name for each in self.areas)
        raise UsageError(f"There is no area {name!r}; expected one of {names}.")

    def causes(self, id_: str) -> list[str]:
        """Return the ids whose FAIL can explain a FAIL of this one, nearest first, each once."""
        seen: dict[str, None] = {}
        queue = list(self.requirement(id_).requires)
        while queue:
            cause = queue.pop(0)
            if cause in seen:
                continue
            seen[cause] = None
            queue.extend(self.requirement(cause).requires)
        return list(seen)


def load(extra: Iterable[Traversable] = ()) -> Catalogue:
    """Load the shipped catalogue and, after it, the catalogue files of third parties.

    Raises:
        UsageError: if a file is damaged or a row is incomplete.
    """
    root = files(PACKAGE)
    shipped = [root / name / "requirements.yaml" for name in PAGE_ORDER]
    areas: list[Area] = []
    requirements: list[Requirement] = []
    for file in (*shipped, *extra):
        area, rows = _area(file)
        areas.append(area)
        requirements.extend(rows)
    return Catalogue(tuple(areas), tuple(requirements), _loaded(root / "rests_on.yaml"))


def of_session(config: pytest.Config) -> Catalogue:
    """Return the shipped catalogue with those of other plugins.

    Raises:
        UsageError: if one of them is damaged.
    """
    given = config.hook.pytest_tkg_catalogues(config=config)
    return load(file for files in given for file in files)


def _loaded(file: Traversable) -> Any:
    """Return the content of a YAML file."""
    return yaml.load(file.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - it is a safe one


def _area(file: Traversable) -> tuple[Area, list[Requirement]]:
    try:
        document: dict[str, Any] = _loaded(file)
        area = Area(
            name=document["area"],
            prefix=document["prefix"],
            title=document["title"],
            page=document["page"],
            promise=" ".join(document["promise"].split()),
        )
        return area, [_requirement(area, row) for row in document["requirements"]]
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"The catalogue file {file} is damaged: {type(error).__name__}: {error}.") from error


def _requirement(area: Area, row: Mapping[str, Any]) -> Requirement:
    if row["scope"] not in SCOPES:
        raise ValueError(f"{row['id']}: scope {row['scope']!r}, expected one of {', '.join(SCOPES)}")
    return Requirement(
        id=row["id"],
        title=row["title"],
        must=" ".join(row["must"].split()),
        area=area.name,
        level=Level(row["level"]),
        scope=row["scope"],
        planes=tuple(row["planes"]),
        provenance=tuple(row["provenance"]),
        applies=row["applies"],
        severity=Severity(row["severity"]),
        source=tuple((str(kind), str(text)) for entry in row["source"] for kind, text in entry.items()),
        expected=row["expected"],
        remediation=" ".join(row["remediation"].split()),
        requires=tuple(row.get("requires") or ()),
        rests_on=tuple(row.get("rests_on") or ()),
        witness=row.get("witness"),
        notes=row.get("notes"),
        lab=row.get("lab", "shown"),
        lab_reason=row.get("lab_reason"),
    )
