"""Proves that checks can fail: breaks healthy labs in one way after another and demands that each break is found.

Labs stand side by side, each with a thread of its own that takes the next faults from one list; the longest come first.
What was tried is written after each fault, so that an interrupted proof can be resumed.
"""

from __future__ import annotations

import contextlib
import importlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from tkg_conformance import __version__
from tkg_conformance.fixtures import lab, sitefile
from tkg_conformance.fixtures.errors import ConformanceError, UsageError
from tkg_conformance.fixtures.faults import Fault
from tkg_conformance.fixtures.lab.build import digest as lab_digest
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.fixtures.observation.collect import observe
from tkg_conformance.plugins import catalogue as catalogues
from tkg_conformance.plugins import checks, proofs
from tkg_conformance.plugins.catalogue import PACKAGE, Catalogue
from tkg_conformance.plugins.digests import suite_digest
from tkg_conformance.plugins.engine import Judge
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.plugins.prover import Prover, Stopped, Verdicts
from tkg_conformance.plugins.session import now, site_of_lab
from tkg_conformance.reports import proof as stored
from tkg_conformance.reports.proof import FaultProof, LabUsed, Named, Proof, Suite
from tkg_conformance.reports.proof_records import NotShowable
from tkg_conformance.reports.records import Level, Verdict

SCENARIO = "default"
"""The scenario that every seeded fault is written for."""

Unit = tuple[Fault, ...]


@dataclass(frozen=True)
class Wanted:
    """What the user asked for; nothing named means all. `labs` run already, by folder; else `count` are started."""

    areas: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    labs: tuple[Path, ...] = ()
    count: int = 1
    resume: bool = False


@dataclass
class _Work:
    """One proof as it goes on: what is left, and what was tried."""

    catalogue: Catalogue
    functions: dict[str, Any]
    selected: Sequence[Fault]
    whole: bool
    out: Path
    started: str
    lab: LabUsed
    done: dict[str, FaultProof] = field(default_factory=dict)
    spent_s: float = 0.0
    begun: float = field(default_factory=time.monotonic)

    def proof(self) -> Proof:
        """Return the proof as far as it has come."""
        tried = tuple(self.done[each.id] for each in self.selected if each.id in self.done)
        return Proof(
            suite=Suite(__version__, suite_digest()),
            lab=self.lab,
            started=self.started,
            finished=now(),
            duration_s=round(self.spent_s + time.monotonic() - self.begun, 1),
            complete=len(tried) == len(self.selected),
            whole=self.whole,
            score=stored.score(tried, len(self.selected)),
            faults=tried,
            requirements=tuple(Named(each.id, each.area, each.title) for each in self.catalogue.requirements),
            not_showable=tuple(
                NotShowable(each.id, each.lab_reason or "")
                for each in self.catalogue.requirements
                if each.lab != "shown" and each.id in self.functions
            ),
        )


def prove(wanted: Wanted, out: Path, say: Callable[[FaultProof], None]) -> Proof:
    """Prove the chosen faults, write `proof.json` and `proof.html` into `out`, and return the proof.

    Raises:
        ConformanceError: in one sentence, if the selection is wrong or a lab cannot be used.
    """
    catalogue = catalogues.load()
    every = load_faults(catalogue)
    selected = chosen(catalogue, every, wanted)
    used = LabUsed(SCENARIO, lab_digest(), len(wanted.labs) or wanted.count)
    work = _Work(catalogue, checks.load(), selected, len(selected) == len(every), out, now(), used)
    if wanted.resume:
        _go_on(work, proofs.load(out))
    left = [each for each in selected if each.id not in work.done]
    proofs.check(out)
    if left:
        progress = TerminalProgress()
        try:
            with _labs(wanted, progress) as folders:
                _on_labs(work, folders, units(left), progress, say)
        finally:
            progress.close()
            # A former proof stays until there is something of this one.
            if work.done:
                proofs.finish(work.proof(), out)
    proof = work.proof()
    proofs.keep(proof)
    return proof


def load_faults(catalogue: Catalogue) -> tuple[Fault, ...]:
    """Return the faults of every area, in catalogue order.

    Raises:
        UsageError: if a fault names a requirement that the catalogue does not have, or two share an id.
    """
    found: list[Fault] = []
    for area in catalogue.areas:
        if (package_files(PACKAGE) / area.name / "faults.py").is_file():
            found += importlib.import_module(f"{PACKAGE}.{area.name}.faults").FAULTS
    for fault in found:
        catalogue.requirement(fault.requirement)
        if sum(each.id == fault.id for each in found) > 1:
            raise UsageError(f"Two faults have the id {fault.id}; ids are unique, rename one.")
    order = {each.id: place for place, each in enumerate(catalogue.requirements)}
    return tuple(sorted(found, key=lambda fault: order[fault.requirement]))


def fault_named(faults: Sequence[Fault], id_: str) -> Fault:
    """Return the fault of that id; `UsageError` if there is none."""
    for fault in faults:
        if fault.id == id_:
            return fault
    raise UsageError(f"There is no fault {id_!r}; `tkg-conformance prove --list` names them all.")


def chosen(catalogue: Catalogue, faults: Sequence[Fault], wanted: Wanted) -> list[Fault]:
    """Return the faults that the user asked for.

    Raises:
        UsageError: for an unknown name, or if nothing is left.
    """
    names = {catalogue.area(name).name for name in wanted.areas}
    requirements = {catalogue.requirement(id_.upper()).id for id_ in wanted.requirements}
    ids = {fault_named(faults, id_).id for id_ in wanted.faults}
    left = [
        fault
        for fault in faults
        if (not names or catalogue.requirement(fault.requirement).area in names)
        and (not requirements or fault.requirement in requirements)
        and (not ids or fault.id in ids)
    ]
    if not left:
        raise UsageError("No seeded fault belongs to that selection; `tkg-conformance prove --list` names them all.")
    return left


def units(faults: Sequence[Fault]) -> list[Unit]:
    """Return what is seeded at a time, the longest first so that no lab ends long after the others."""
    batches: dict[str, list[Fault]] = {}
    for fault in faults:
        batches.setdefault(fault.batch or f" {fault.id}", []).append(fault)
    return sorted((tuple(unit) for unit in batches.values()), key=lambda unit: -max(each.settle_s for each in unit))


def _go_on(work: _Work, former: Proof | None) -> None:
    """Take over what a former proof found; what it missed, or did not come to, is tried again."""
    if former is None:
        raise UsageError(f"There is no proof to resume in {work.out}; name its folder with --out.")
    if (former.suite.digest, former.lab.digest) != (suite_digest(), work.lab.digest):
        raise UsageError(f"The proof in {work.out} is of another suite or lab and shows nothing for this one.")
    work.done = {each.id: each for each in former.faults if each.detected}
    work.started, work.spent_s = former.started, former.duration_s


@contextlib.contextmanager
def _labs(wanted: Wanted, progress: TerminalProgress) -> Iterator[list[Path]]:
    """Give the folders of the user's labs, which are left running, or of labs that are started for this proof."""
    if wanted.labs:
        for directory in wanted.labs:
            site_of_lab(directory)
        yield list(wanted.labs)
        return
    lab.end_orphans(progress)
    lab.build(progress)
    with contextlib.ExitStack() as started:
        folders = [started.enter_context(lab.temporary_lab_folder()) for _ in range(wanted.count)]
        with ThreadPoolExecutor(len(folders)) as pool:
            for each in [pool.submit(lab.up, folder, scenario=SCENARIO, progress=progress) for folder in folders]:
                each.result()
        yield folders


def _on_labs(
    work: _Work, folders: Sequence[Path], todo: Sequence[Unit], progress: TerminalProgress, say: Callable[..., None]
) -> None:
    """Let each lab take one unit after another until none is left; what it tried is said and written at once."""
    left, lock, stop = list(reversed(todo)), threading.Lock(), threading.Event()

    def work_on(folder: Path) -> None:
        with _prover(work, folder, stop) as prover:
            while not stop.is_set():
                with lock:
                    if not left:
                        return
                    unit = left.pop()
                    progress.report("prove", len(work.done), len(work.selected), ", ".join(each.id for each in unit))
                tried = prover.prove(unit)
                with lock:
                    progress.close()
                    work.done |= {each.id: each for each in tried}
                    for each in tried:
                        say(each)
                    proofs.write(work.proof(), work.out)

    with ThreadPoolExecutor(len(folders)) as pool:
        running = [pool.submit(work_on, folder) for folder in folders]
        try:
            for each in as_completed(running):
                each.result()
        except BaseException as error:
            # What is seeded in a lab is taken back before that lab is left; another Ctrl-C does not hasten it.
            stop.set()
            if isinstance(error, Stopped):
                raise KeyboardInterrupt from error
            raise


@contextlib.contextmanager
def _prover(work: _Work, folder: Path, stop: threading.Event) -> Iterator[Prover]:
    # A fault may name a Secret that the observer has no Role for, which is INCONCLUSIVE and not the fault's proof.
    look = looker(folder / "site-admin.yaml", work.catalogue, work.functions)
    healthy = look()
    refuse_unhealthy(healthy, work.selected)
    with LabHandle.open(folder) as handle:
        yield Prover(handle, look, healthy, stop=stop)


def looker(site_file: Path, catalogue: Catalogue, functions: dict[str, Any]) -> Callable[[], Verdicts]:
    """Return what observes a site and judges it, each time it is called."""

    def look() -> Verdicts:
        observation = observe(sitefile.load(site_file), progress=None, suite_version=__version__)
        return {(each.id, each.scope): each for each in Judge(observation, catalogue, functions).all_results()}

    return look


def refuse_unhealthy(healthy: Verdicts, todo: Sequence[Fault]) -> None:
    """Refuse a lab on which required rows fail already, because nothing could be proven on it.

    Raises:
        ConformanceError: naming the rows.
    """
    ids = {fault.requirement for fault in todo}
    bad = [
        f"{id_} [{scope}] {result.verdict}: {result.reason}"
        for (id_, scope), result in healthy.items()
        if id_ in ids and result.level is Level.REQUIRED and result.verdict in (Verdict.FAIL, Verdict.BLOCKED)
    ]
    if bad:
        raise ConformanceError(
            f"The lab is not healthy, so no fault can be proven on it: {'; '.join(bad)}; start a fresh one."
        )
