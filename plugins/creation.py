"""What `--tkg-create` and `--tkg-resume` add to a session: a cluster before the look, its end after the judgement."""

from __future__ import annotations

import contextlib
import signal
import uuid
from pathlib import Path
from typing import Any

from tkg_conformance.fixtures.creation.client import CreationClient
from tkg_conformance.fixtures.creation.clock import Clock, SystemClock
from tkg_conformance.fixtures.creation.creation import Creation
from tkg_conformance.fixtures.creation.errors import CreationFailed
from tkg_conformance.fixtures.creation.ledger import Ledger, Phase, Run, now
from tkg_conformance.fixtures.creation.machines import VCenterSearch, entry_of
from tkg_conformance.fixtures.creation.prepare import Prepared, client_of, prepare, require_leave, vcenter_of
from tkg_conformance.fixtures.creation.server import require_same_server
from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.fixtures.sitefile import ClusterEntry, SiteFile
from tkg_conformance.fixtures.vsphere.logins import Logins
from tkg_conformance.plugins import selection, styling
from tkg_conformance.plugins.options import Options
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.reports.layout import Line

_LOOKED = (Phase.JUDGING, Phase.JUDGED, Phase.DELETING)
"""The phases in which the observation of the run is stored."""


class CreationStage:
    """Inactive unless one of the two options is given; `finish` must be called whatever happened after `begin`."""

    def __init__(self, options: Options, progress: TerminalProgress, clock: Clock | None = None) -> None:
        self._options, self._progress, self._clock = options, progress, clock or SystemClock()
        self._logins = Logins()
        self._closing = contextlib.ExitStack()
        self._creation: Creation | None = None
        self._keep = options.keep
        self._record: dict[str, Any] | None = None
        self.interrupted = False
        """Whether Ctrl-C or SIGTERM ended the deletion before its end."""
        self.crashed = False
        """Whether an unforeseen error ended the deletion before its end."""

    @property
    def stored(self) -> Path | None:
        """The observation of the killed run that is resumed, where it had looked already: it is judged again."""
        if self._creation is None or self._creation.ledger.state.phase not in _LOOKED:
            return None
        path = self._options.out / "observation.json"
        return path if path.is_file() else None

    @property
    def active(self) -> bool:
        """Whether something was created that `finish` is to delete or to keep."""
        return self._creation is not None

    def begin(self, site: SiteFile) -> SiteFile:
        """Show the plan, create, wait, and return the site with the cluster among those to judge.

        Raises `UsageError` for a wrong file or without leave, `CreationFailed` with what the controllers say.
        """
        if self._options.create is not None:
            return self._create(site, self._options.create)
        return self._resume(site) if self._options.resume else site

    def looked(self) -> None:
        """Enter that the observation is stored."""
        if self._creation is not None and self._creation.ledger.state.phase is Phase.WAITING:
            self._creation.ledger.enter(Phase.JUDGING)

    def judged(self) -> None:
        """Enter that the verdicts are known."""
        if self._creation is not None and self._creation.ledger.state.phase is Phase.JUDGING:
            self._creation.ledger.enter(Phase.JUDGED)

    def under_way(self) -> dict[str, Any] | None:
        """Return the record as it is before `finish` deletes, None if that is to delete nothing."""
        if self._creation is None or self._keep:
            return None
        record = self._creation.record()
        again = f"`tkg-conformance cleanup --out {self._options.out}`"
        record["notes"].append(
            f"The deletion was under way when this was written; if it broke off, finish it: {again}."
        )
        return record

    def failed(self, reason: str) -> None:
        """Take note of why the run ended early."""
        if self._creation is not None:
            self._creation.failure = reason

    def finish(self) -> dict[str, Any] | None:
        """Delete what was created, unless it is to be kept, and return the record, also when called again."""
        creation, self._creation = self._creation, None
        with self._closing:
            if creation is not None:
                creation.finish(keep=self._keep)
                self._record = creation.record()
                self.interrupted, self.crashed = creation.interrupted, creation.crashed
                self._progress.close()
        return self._record

    def _create(self, site: SiteFile, file: Path) -> SiteFile:
        require_leave(site)
        if site.path is None:
            raise UsageError("--tkg-create needs a site file (--tkg-site FILE), which must allow it.")
        prepared = prepare(site, file, keep=self._keep)
        self._closing.callback(prepared.client.close)
        # Told before minutes are spent and a site is changed.
        selection.check_clusters(
            self._options.cluster, [*(each.name for each in site.clusters), prepared.file.full_name]
        )
        self._show(prepared)
        run = Run(
            id=str(uuid.uuid4()),
            started=now(),
            site=str(site.path.resolve()),
            cluster=prepared.file.full_name,
            file=str(file.resolve()),
            keep=self._keep,
            tanzu=prepared.tanzu,
            baseline=self._baseline(site, prepared),
            server=prepared.client.identity(),
            account=prepared.account,
            plan=prepared.plan.record(),
        )
        ledger = self._closing.enter_context(Ledger.create(self._options.out, run))
        creation = self._of(site, ledger, prepared.client)
        creation.apply(prepared)
        creation.wait()
        self._progress.close()
        return self._with_cluster(site, creation)

    def _resume(self, site: SiteFile) -> SiteFile:
        ledger = self._closing.enter_context(Ledger.resume(self._options.out))
        state = ledger.state
        _require_resumable(ledger, again=f"`tkg-conformance cleanup --out {self._options.out}`")
        self._keep = self._keep or state.run.keep
        require_leave(site)
        if state.phase is Phase.CREATING:
            return self._create_the_rest(site, ledger)
        client = client_of(site)
        self._closing.callback(client.close)
        require_same_server(state.run, client)
        creation = self._of(site, ledger, client)
        if state.phase is Phase.WAITING:
            # All is created: nothing is rendered again, whatever has become of the file or of the tanzu command.
            creation.wait()
            return self._with_cluster(site, creation)
        if self.stored is None:
            raise CreationFailed("The run to be resumed had begun to delete before anything was judged.")
        return site

    def _create_the_rest(self, site: SiteFile, ledger: Ledger) -> SiteFile:
        run = ledger.state.run
        prepared = prepare(site, Path(run.file), keep=self._keep, taken_is_fine=True, with_tanzu=run.tanzu)
        self._closing.callback(prepared.client.close)
        require_same_server(run, prepared.client)
        if prepared.file.full_name != run.cluster or prepared.plan.record()["objects"] != run.plan.get("objects"):
            raise UsageError(
                f"{run.file} describes {prepared.file.full_name} now, with other objects than the ledger "
                f"({run.cluster}): delete what was created with `tkg-conformance cleanup --out {self._options.out}`."
            )
        self._show(prepared)
        creation = self._of(site, ledger, prepared.client)
        creation.apply(prepared)
        creation.wait()
        return self._with_cluster(site, creation)

    def _of(self, site: SiteFile, ledger: Ledger, client: CreationClient) -> Creation:
        # From here on something may exist, so SIGTERM is to end the run as Ctrl-C does.
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        timeout = self._options.create_timeout
        self._creation = Creation(site, ledger, client, self._progress, timeout, self._clock, self._logins)
        return self._creation

    def _baseline(self, site: SiteFile, prepared: Prepared) -> dict[str, Any]:
        entry = entry_of(site, vcenter_of(prepared.objects[-1]))
        if entry is None:
            return {}
        with VCenterSearch(entry, prepared.client.meter, self._logins) as search:
            return search.baseline()

    def _with_cluster(self, site: SiteFile, creation: Creation) -> SiteFile:
        run = creation.ledger.state.run
        entry = ClusterEntry(name=run.cluster, config=Path(run.file))
        others = tuple(each for each in site.clusters if each.name != run.cluster)
        changes: dict[str, Any] = {"clusters": (*others, entry)}
        if site.create is not None:
            # Rights to named Secrets cannot have been given for a cluster that did not exist; reading stays reading.
            changes["management"] = site.create
            creation.notes.append("The management cluster was looked at with the identity under `create`.")
        return site.derived({}, **changes)

    def _show(self, prepared: Prepared) -> None:
        self._progress.close()
        styling.echo([Line(text) for text in prepared.plan.lines()], err=True)


def _require_resumable(ledger: Ledger, *, again: str) -> None:
    """Raise `UsageError` for a run that has come to its end, or has nothing left but what it could not delete."""
    phase = ledger.state.phase
    if phase is Phase.DONE:
        raise UsageError(f"The run of {ledger.path} has come to its end; there is nothing to resume.")
    if phase is Phase.LEFTOVERS:
        raise UsageError(
            f"The run of {ledger.path} has come to its end and left something over; look again with {again}."
        )
    if phase is Phase.KEPT:
        raise UsageError(
            f"The run of {ledger.path} has kept its cluster; judge it as any other, or delete it with {again}."
        )
