"""What an active session works on: observation, selection and judge; in the controller and in each worker."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tkg_conformance import __version__
from tkg_conformance.fixtures import sitefile, timeouts
from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.fixtures.observation import store
from tkg_conformance.fixtures.observation.collect import SiteObserver
from tkg_conformance.fixtures.observation.model import Doubt, Observation
from tkg_conformance.fixtures.probes.model import Probes
from tkg_conformance.plugins import checks, probing, profiles, selection
from tkg_conformance.plugins.catalogue import Catalogue
from tkg_conformance.plugins.confirmation import live
from tkg_conformance.plugins.creation import CreationStage
from tkg_conformance.plugins.engine import Judge, scopes_of_clusters
from tkg_conformance.plugins.options import Options
from tkg_conformance.plugins.profiles import RunProfile
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.plugins.selection import Selector
from tkg_conformance.plugins.timeline import LAB, MAIN
from tkg_conformance.reports.errors import WriteError
from tkg_conformance.reports.files import check_writable
from tkg_conformance.reports.records import Verdict
from tkg_conformance.reports.timeline_records import SpanKind

OBSERVATION_FILE = "observation.json"


@dataclass
class ConformanceSession:
    """One run's state. `path` is where the observation is stored, so that workers can load it."""

    observation: Observation
    path: Path
    catalogue: Catalogue
    selector: Selector
    judge: Judge
    profile: RunProfile
    probes: Probes | None = None

    @classmethod
    def of(
        cls,
        observation: Observation,
        path: Path,
        options: Options,
        catalogue: Catalogue,
        probes: Probes | None = None,
    ) -> ConformanceSession:
        """Build the session over an observation, and over what probes saw besides.

        Raises:
            UsageError: if the selection names an unknown area, requirement or cluster.
        """
        profile = profiles.load(options.profile, catalogue) if options.profile else RunProfile()
        catalogue = profile.catalogue(catalogue)
        observation = profile.observation(observation)
        selector = selection.selector(
            catalogue,
            areas=options.area,
            requirements=options.require,
            clusters=options.cluster,
            known=[cluster.name for cluster in observation.intent.clusters],
            probes=selection.probes_of(options.probe),
        )
        judge = Judge(observation, catalogue, checks.load(), probes)
        return cls(observation, path, catalogue, selector, judge, profile, probes)

    @property
    def scopes(self) -> list[str]:
        """The clusters of the site file, as scopes."""
        return scopes_of_clusters(self.observation)


def now() -> str:
    """Return the present time as results carry it: UTC, ISO 8601, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@contextlib.contextmanager
def lab_for(options: Options, progress: TerminalProgress) -> Iterator[Path | None]:
    """Give the site file to observe: the user's, or the lab's, started for this session if none is running.

    A lab that was started here is ended on leaving; one named by its folder is left running.

    Raises:
        UsageError: if the named folder holds no running lab.
        LabError: if the lab cannot be built or started.
    """
    if options.lab is None:
        yield options.site
    elif options.lab:
        yield site_of_lab(Path(options.lab))
    else:
        from tkg_conformance.fixtures import lab

        providers = lab.Providers(vcenter=options.vcenter, vcenter_image=options.vcenter_image)
        with lab.temporary_lab_folder() as directory:
            with progress.timeline.lane(LAB):
                lab.end_orphans(progress)
                lab.up(directory, scenario=options.scenario, providers=providers, progress=progress)
            yield directory / "site.yaml"


def site_of_lab(directory: Path) -> Path:
    """Return the site file of a running lab; `UsageError` if the folder holds none."""
    path = directory / "site.yaml"
    if not path.is_file():
        raise UsageError(
            f"There is no running lab in {directory} (no site.yaml); start one with "
            f"`tkg-conformance lab up --dir {directory}`."
        )
    return path


def check_usage(options: Options, catalogue: Catalogue) -> None:
    """Find out what is wrong with the options before anything is reached or started.

    Raises:
        UsageError: in one sentence, for an unknown area or requirement, a wrong profile, or a folder that cannot be
            written to. Clusters are checked once the site file is known.
    """
    timeouts.check()
    selection.probes_of(options.probe)
    if options.profile:
        profiles.load(options.profile, catalogue)
    selection.selector(catalogue, areas=options.area, requirements=options.require, clusters=(), known=())
    try:
        check_writable(options.out)
    except WriteError as error:
        raise UsageError(f"The results would be lost: {error}.") from error


def look(
    options: Options, site: Path | None, progress: TerminalProgress, catalogue: Catalogue, creation: CreationStage
) -> tuple[Observation, Path, Probes | None]:
    """Observe the site, or load the stored observation, and leave it as a file in the output folder.

    On a live site what failing checks looked at is read a second time, in the same sessions, before anything is said;
    the probes that were asked for follow.

    A cluster that is to be created is there before the site is observed.

    Raises:
        ConformanceError: in one sentence, if the file cannot be used or nothing of the site can be reached.
    """
    path = options.out / OBSERVATION_FILE
    if options.observation is not None:
        if not options.observation.is_file():
            raise UsageError(f"There is no file {options.observation}; name the observation.json of a former run.")
        observation = store.load(options.observation)
        probes = probing.stored(options.probes or options.observation.with_name(probing.FILE), observation)
        if options.probes is not None and probes is None:
            raise UsageError(f"There is no file {options.probes}; name the probes.json of a former run.")
        store.save(observation, path)
        probing.keep(probes, path)
        return observation, path, probes
    assert site is not None
    loaded = sitefile.load(site)
    probing.require_leave(loaded, selection.probes_of(options.probe))
    described = creation.begin(loaded)
    if creation.stored is not None:
        observation = store.load(creation.stored)
        return observation, creation.stored, probing.stored(creation.stored.with_name(probing.FILE), observation)
    selection.check_clusters(options.cluster, [cluster.name for cluster in described.clusters])
    with SiteObserver(described, progress=progress, suite_version=__version__) as observer:
        first = observer.observe()
        store.save(first, path)
        session = ConformanceSession.of(first, path, options, catalogue)
        observation = confirmed(observer, first, session.judge, session.selector, progress)
    observation = observer.with_totals(observation)
    probing.keep(None, path)  # those of a former run are of another observation
    store.save(observation, path)
    creation.looked()
    probes = probing.probe(options, described, observation, observer.kubeconfigs, progress)
    return observation, path, probes


def confirmed(
    observer: SiteObserver, first: Observation, judge: Judge, selector: Selector, progress: TerminalProgress
) -> Observation:
    """Return the observation, with a second look at what the failing checks of the selection looked at.

    Nothing is read again if nothing fails. If a check fails only after the second look, because it rests on reads of
    two times then, everything is looked at once more; there is no third repetition.
    """
    with progress.timeline.stretch(MAIN, "all rows, to see what to read again", SpanKind.CHECK):
        doubts, collections = doubted(judge, selector)
    if not collections:
        return first
    seen = observer.look_again(first, collections, doubts)
    _, later = doubted(Judge(replace(seen, second=None), judge.catalogue, judge.checks), selector)
    return seen if later <= collections else observer.look_again(first, collections | later, doubts)


def doubted(judge: Judge, selector: Selector) -> tuple[list[Doubt], set[tuple[str, str]]]:
    """Return the findings of the failing checks of the selection, and the collections that these looked at."""
    doubts: list[Doubt] = []
    collections: set[tuple[str, str]] = set()
    for requirement in judge.catalogue.requirements:
        for scope in judge.scopes(requirement):
            if not selector.wants(requirement, scope):
                continue
            result = judge.result(requirement.id, scope)
            if result.verdict in (Verdict.FAIL, Verdict.BLOCKED):
                doubts += [Doubt(requirement.id, scope, each.object, each.message) for each in result.findings]
                collections |= live(judge.touched(requirement.id, scope))
    return doubts, collections
