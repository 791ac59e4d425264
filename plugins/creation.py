"""What `--tkg-create` and `--tkg-resume` add to a session: a cluster before the look, its end after the judgement."""

from __future__ import annotations

import contextlib
import signal
import uuid
from pathlib import Path
from typing import Any

from tkg_conformance.fixtures.creation import leftovers
from tkg_conformance.fixtures.creation.creation import Creation
from tkg_conformance.fixtures.creation.errors import CreationFailed
from tkg_conformance.fixtures.creation.ledger import Ledger, Phase, Run, now
from tkg_conformance.fixtures.creation.prepare import Prepared, client_of, prepare, require_leave, vcenter_of
from tkg_conformance.fixtures.creation.tanzu import Tanzu
from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.fixtures.sitefile import ClusterEntry, SiteFile
from tkg_conformance.plugins import selection, styling
from tkg_conformance.plugins.options import Options
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.reports.layout import Line

_LOOKED = (Phase.JUDGING, Phase.JUDGED, Phase.DELETING)
"""The phases in which the observation of the run is stored."""


class CreationStage:
    """Inactive unless one of the two options is given; `finish` must be called whatever happened after `begin`."""

    def __init__(self, options: Options, progress: TerminalProgress) -> None:
        self._options, self._progress = options, progress
        self._closing = contextlib.ExitStack()
        self._creation: Creation | None = None
        self._keep = options.keep
        self._record: dict[str, Any] | None = None

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
            tanzu=prepared.tanzu is not None,
            baseline=self._baseline(site, prepared),
        )
        ledger = self._closing.enter_context(Ledger.create(self._options.out, run))
        creation = self._of(site, ledger, prepared)
        creation.apply(prepared)
        creation.wait()
        return self._with_cluster(site, prepared)

    def _resume(self, site: SiteFile) -> SiteFile:
        ledger = self._closing.enter_context(Ledger.resume(self._options.out))
        state = ledger.state
        again = f"`tkg-conformance cleanup --out {self._options.out}`"
        if state.phase is Phase.DONE:
            raise UsageError(f"The run of {ledger.path} has come to its end; there is nothing to resume.")
        if state.phase is Phase.KEPT:
            raise UsageError(
                f"The run of {ledger.path} has kept its cluster; judge it as any other, or delete it with {again}."
            )
        self._keep = self._keep or state.run.keep
        require_leave(site)
        if state.phase not in (Phase.CREATING, Phase.WAITING):
            self._begin_at_the_end(site, ledger)
            if self.stored is None:
                raise CreationFailed("The run to be resumed had begun to delete before anything was judged.")
            return site
        prepared = prepare(site, Path(state.run.file), keep=self._keep, taken_is_fine=True)
        self._closing.callback(prepared.client.close)
        if prepared.file.full_name != state.run.cluster:
            raise UsageError(
                f"{state.run.file} describes {prepared.file.full_name} now, the ledger {state.run.cluster}."
            )
        self._show(prepared)
        creation = self._of(site, ledger, prepared)
        creation.apply(prepared)
        creation.wait()
        return self._with_cluster(site, prepared)

    def _begin_at_the_end(self, site: SiteFile, ledger: Ledger) -> None:
        client = client_of(site)
        self._closing.callback(client.close)
        tanzu = Tanzu.find() if ledger.state.run.tanzu else None
        self._creation = Creation(site, ledger, client, self._progress, self._options.create_timeout, tanzu)

    def _of(self, site: SiteFile, ledger: Ledger, prepared: Prepared) -> Creation:
        # From here on something may exist, so SIGTERM is to end the run as Ctrl-C does.
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        timeout = self._options.create_timeout
        self._creation = Creation(
            site, ledger, prepared.client, self._progress, timeout, prepared.tanzu, prepared.plan.record()
        )
        return self._creation

    def _baseline(self, site: SiteFile, prepared: Prepared) -> dict[str, Any]:
        entry = leftovers.entry_of(site, vcenter_of(prepared.objects[-1]))
        return leftovers.baseline(entry, prepared.client.meter) if entry is not None else {}

    def _with_cluster(self, site: SiteFile, prepared: Prepared) -> SiteFile:
        name = prepared.file.full_name
        entry = ClusterEntry(name=name, config=prepared.file.path.resolve())
        others = tuple(each for each in site.clusters if each.name != name)
        changes: dict[str, Any] = {"clusters": (*others, entry)}
        if site.create is not None and self._creation is not None:
            # Rights to named Secrets cannot have been given for a cluster that did not exist; reading stays reading.
            changes["management"] = site.create
            self._creation.notes.append("The management cluster was looked at with the identity under `create`.")
        return site.derived({}, **changes)

    def _show(self, prepared: Prepared) -> None:
        self._progress.close()
        styling.echo([Line(text) for text in prepared.plan.lines()], err=True)
