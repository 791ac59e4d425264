"""Which requirements and clusters a run judges; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.fixtures.probes.model import SORTS, Probe
from tkg_conformance.plugins.catalogue import Catalogue
from tkg_conformance.reports.records import SITE_SCOPE, Level, Requirement, Selection


@dataclass(frozen=True)
class Selector:
    """Areas, requirement ids and clusters asked for; an empty tuple means all.

    A live row is selected by its id only; `probed` are those whose probe was asked for, which are selected besides.
    """

    areas: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    probed: tuple[str, ...] = ()

    def wants(self, requirement: Requirement, scope: str) -> bool:
        """Tell whether the row is selected; a requirement named by its id is selected whatever its level."""
        if self.clusters and scope not in (*self.clusters, SITE_SCOPE):
            return False
        if requirement.id in (*self.requirements, *self.probed):
            return True
        if requirement.level is Level.LIVE:
            return False
        if self.requirements:
            return requirement.area in self.areas
        return not self.areas or requirement.area in self.areas

    def why_not(self, requirement: Requirement, scope: str) -> str:
        """Say why a row is not selected."""
        if self.clusters and scope not in (*self.clusters, SITE_SCOPE):
            return f"not selected: only {', '.join(self.clusters)} asked for"
        if requirement.level is Level.LIVE:
            return "not selected: needs a live probe or a long wait, off unless asked for (--probe)"
        return f"not selected: only {self.words()} asked for"

    def words(self) -> str:
        """Name the selection in words."""
        parts = [", ".join(self.areas)] if self.areas else []
        parts += [", ".join(self.requirements)] if self.requirements else []
        probed = [each for each in self.probed if each not in self.requirements]
        if not parts and probed:
            return f"everything but live rows, and {', '.join(probed)}"
        return ", ".join([*parts, *probed]) or "everything but live rows"


def selector(
    catalogue: Catalogue,
    *,
    areas: Sequence[str],
    requirements: Sequence[str],
    clusters: Sequence[str],
    known: Sequence[str],
    probes: Iterable[Probe] = (),
) -> Selector:
    """Check the names that a user gave and return the selector.

    `known` are the clusters of the site file. Asking for a probe selects its requirement too.

    Raises:
        UsageError: for an unknown area, requirement or cluster.
    """
    check_clusters(clusters, known)
    return Selector(
        areas=tuple(dict.fromkeys(catalogue.area(name).name for name in areas)),
        requirements=tuple(dict.fromkeys(catalogue.requirement(id_.upper()).id for id_ in requirements)),
        clusters=tuple(dict.fromkeys(clusters)),
        probed=tuple(dict.fromkeys(SORTS[each].requirement for each in probes)),
    )


def probes_of(names: Sequence[str]) -> tuple[Probe, ...]:
    """Return the probes of these names, each once; `UsageError` for a name that is none."""
    for name in names:
        if name not in list(Probe):
            raise UsageError(f"There is no probe {name!r}; expected one of {', '.join(Probe)}.")
    return tuple(dict.fromkeys(Probe(name) for name in names))


def check_clusters(clusters: Sequence[str], known: Sequence[str]) -> None:
    """Raise `UsageError` for a cluster that is none of the site file's."""
    for name in clusters:
        if name not in known:
            raise UsageError(f"The site file has no cluster {name!r}; expected one of {', '.join(known) or 'none'}.")


def describe(catalogue: Catalogue, chosen: Selector) -> Selection:
    """Return the selection as results name it: "zone, identity; 30 of 94 requirements"."""
    ids = [each.id for each in catalogue.requirements if chosen.wants(each, SITE_SCOPE)]
    total = len(catalogue.requirements)
    where = f" on {', '.join(chosen.clusters)}" if chosen.clusters else ""
    return Selection(
        description=f"{chosen.words()}{where}; {len(ids)} of {total} requirements",
        areas=chosen.areas,
        requirements=tuple(ids),
        clusters=chosen.clusters,
        count=len(ids),
        total=total,
    )
