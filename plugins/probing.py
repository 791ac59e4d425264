"""The stage of a session that probes: which probes run on what, where their records lie, what is told of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tkg_conformance import __version__
from tkg_conformance.fixtures.creation.creation import requests_of
from tkg_conformance.fixtures.errors import NotStored
from tkg_conformance.fixtures.kube.client import Kubeconfig
from tkg_conformance.fixtures.observation import store as observations
from tkg_conformance.fixtures.observation.model import Observation
from tkg_conformance.fixtures.observation.views import Site, SiteIndex
from tkg_conformance.fixtures.probes import model, store
from tkg_conformance.fixtures.probes.conduct import Conductor, require_leave
from tkg_conformance.fixtures.probes.model import SCHEMA, SORTS, Outcome, ProbeRun, Probes
from tkg_conformance.fixtures.probes.targets import targets
from tkg_conformance.fixtures.sitefile import SiteFile
from tkg_conformance.plugins import selection, styling
from tkg_conformance.plugins.options import Options
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.plugins.timeline import PROBE
from tkg_conformance.reports.layout import Line
from tkg_conformance.reports.words import Tone

FILE: Final = model.FILE
__all__ = ["FILE", "describe", "keep", "probe", "require_leave", "stored"]


def probe(
    options: Options,
    site: SiteFile,
    observation: Observation,
    kubeconfigs: Mapping[str, Kubeconfig],
    progress: TerminalProgress,
) -> Probes | None:
    """Run the probes that were asked for, store what they saw beside the observation, and tell how each ended.

    Raises `KeyboardInterrupt` after that, if the user ended them early.
    """
    asked = selection.probes_of(options.probe)
    if not asked:
        return None
    seen = Site(SiteIndex.of(observation))
    wanted = targets(site, seen, asked, clusters=options.cluster, seconds=options.probe_time)
    with progress.timeline.lane(PROBE):
        runs, interrupted = Conductor(site, options.out, kubeconfigs, progress).run(wanted)
    probes = Probes(SCHEMA, __version__, observations.digest(observation), runs)
    probes = store.save(probes, options.out / FILE)
    progress.close()
    styling.echo(list(_lines(probes)), err=True)
    if interrupted:
        raise KeyboardInterrupt
    return probes


def stored(path: Path, observation: Observation) -> Probes | None:
    """Return what probes saw of this observation, None without such a file; `ProbesError` for one that does not fit."""
    return store.load(path, observations.digest(observation)) if path.is_file() else None


def keep(probes: Probes | None, observation: Path) -> None:
    """Leave the records beside the observation, or none if there are none."""
    path = observation.with_name(FILE)
    if probes is not None:
        store.save(probes, path)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise NotStored(f"{path}, which is of another observation, cannot be removed: {error.strerror}.") from error


def describe(probes: Probes | None) -> dict[str, Any]:
    """Return how the probes ended, as the environment of results carries it; {} without any."""
    if probes is None:
        return {}
    return {
        "probes": {
            "digest": probes.digest,
            "runs": [
                {
                    "probe": str(each.probe),
                    "scope": each.scope,
                    "outcome": str(each.outcome),
                    "reason": each.reason,
                    "started": each.started,
                    "ended": each.ended,
                    "requests": sum(each.requests.values()),
                    "writes": requests_of(each.requests)["write"],
                    "created": list(each.created),
                    "leftovers": [left.record() for left in each.leftovers],
                }
                for each in probes.runs
            ],
        }
    }


def _lines(probes: Probes) -> Iterator[Line]:
    for each in probes.runs:
        tone = None if each.outcome in (Outcome.COMPLETED, Outcome.NOTHING) else Tone.BAD
        named = f"probe {each.probe} of {each.scope} ({SORTS[each.probe].requirement})"
        yield Line(f"{named}: {each.outcome}{f': {each.reason}' if each.reason else ''}{_made(each)}", tone)
        for left in each.leftovers:
            remove = f"; {left.remove}" if left.remove else ""
            yield Line(f"  left over: {left.object} ({left.evidence}){remove}", Tone.BAD)


def _made(run: ProbeRun) -> str:
    if not run.created:
        return ""
    gone = "all deleted" if not run.leftovers else f"{len(run.leftovers)} left over"
    return f"; {len(run.created)} objects created, {gone}"
