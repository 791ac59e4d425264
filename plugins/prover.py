"""Seeds faults into a running lab and demands that each is found, and that nothing else is said.

Faults that share a batch are seeded together: what is allowed to one is then allowed to all, and each still has to be
found with its own object.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from tkg_conformance.fixtures.faults import Fault
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.reports.proof import FaultProof, Spent
from tkg_conformance.reports.records import Level, Result, Verdict

POLL_S = 1.0
HEAL_S = 60.0
"""Longest time that the lab may take to be healthy again after a revert."""

_MEASURED = {Verdict.KNOWN_LIMIT, Verdict.LIMIT_NOT_OBSERVED}
"""Neither is a shortcoming, and chance may decide which it is: CAPV draws a datastore for each new machine."""

Key = tuple[str, str]
Verdicts = dict[Key, Result]


class Stopped(Exception):
    """The proof is to end; what was seeded has been taken back."""


class Prover:
    """Works on one running lab. `look` returns the verdicts on the site as it is now, `healthy` those before."""

    def __init__(
        self,
        lab: LabHandle,
        look: Callable[[], Verdicts],
        healthy: Verdicts,
        *,
        stop: threading.Event | None = None,
    ) -> None:
        self.lab = lab
        self.healthy = healthy
        self._look = look
        self._stop = stop or threading.Event()
        self._spent = Spent()

    def prove(self, faults: Sequence[Fault]) -> list[FaultProof]:
        """Seed the faults together, wait until each is found or its time is over, revert and wait for health.

        What breaks off counts as not detected, and says why.

        Raises:
            Stopped: if it was asked to stop; the faults have been taken back.
        """
        self._spent = Spent()
        started = time.monotonic()
        seeded: dict[str, Fault] = {}
        proofs = {each.id: _unseen(each, self.healthy) for each in faults}
        try:
            with self._reverting() as undo:
                with self._timed("applying_s"):
                    for each in faults:
                        self._seed(each, seeded, proofs[each.id], undo)
                self._watch(seeded, proofs)
            # Controllers and models answer the revert: a look at once would mostly come too early, and what they write
            # must not meet the next fault.
            self._pause(POLL_S)
            self._heal(proofs)
        except Stopped:
            raise
        except Exception as error:  # whatever breaks off shows nothing, and must not cost the other faults
            for proof in proofs.values():
                proof.detected = False
                proof.why = "; ".join(part for part in (proof.why, f"{type(error).__name__}: {error}") if part)
        duration = round(time.monotonic() - started, 2)
        return [replace(proof, duration_s=duration, spent=self._spent) for proof in proofs.values()]

    def _seed(self, fault: Fault, seeded: dict[str, Fault], proof: FaultProof, undo: contextlib.ExitStack) -> None:
        try:
            named = fault.on(self.lab)
            undo.callback(named.apply(self.lab))
        except Exception as error:  # see `prove`
            proof.why = f"it could not be seeded: {type(error).__name__}: {error}"
            return
        proof.object = named.object
        seeded[fault.id] = named

    def _watch(self, seeded: Mapping[str, Fault], proofs: Mapping[str, FaultProof]) -> None:
        """Look until every fault is found or its time is over, and keep what was seen of each."""
        begun = time.monotonic()
        open_ = dict(seeded)
        while open_:
            seen = self.look()
            waited = time.monotonic() - begun
            for fault in list(open_.values()):
                others = [each for each in seeded.values() if each.id != fault.id]
                why = shortcoming(fault, self.healthy, seen, others)
                if why and waited < fault.settle_s:
                    continue
                _record(fault, self.healthy, seen, proofs[fault.id])
                proofs[fault.id].why = why
                del open_[fault.id]
            if open_:
                self._pause(POLL_S)

    def _heal(self, proofs: Mapping[str, FaultProof]) -> None:
        """Look until the lab is healthy again; what stays broken is held against each of the faults."""
        begun = time.monotonic()
        while True:
            seen = self.look()
            why = unhealthy(self.healthy, seen)
            if not why or time.monotonic() - begun >= HEAL_S:
                break
            self._pause(POLL_S)
        for proof in proofs.values():
            row = seen.get((proof.requirement, proof.scope))
            proof.after = str(row.verdict) if row else ""
            proof.why = proof.why or why
            proof.detected = not proof.why

    def look(self) -> Verdicts:
        """Return the verdicts as they are now, and count the time."""
        with self._timed("looking_s"):
            return self._look()

    def _pause(self, seconds: float) -> None:
        with self._timed("waiting_s"):
            if self._stop.wait(seconds):
                raise Stopped

    @contextlib.contextmanager
    def _reverting(self) -> Iterator[contextlib.ExitStack]:
        undo = contextlib.ExitStack()
        try:
            yield undo
        finally:
            with self._timed("reverting_s"):
                undo.close()

    @contextlib.contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        begun = time.monotonic()
        try:
            yield
        finally:
            setattr(self._spent, step, round(getattr(self._spent, step) + time.monotonic() - begun, 2))


def _unseen(fault: Fault, healthy: Verdicts) -> FaultProof:
    before = healthy.get((fault.requirement, fault.scope))
    return FaultProof(
        id=fault.id,
        requirement=fault.requirement,
        scope=fault.scope,
        sentence=fault.sentence,
        object=fault.object,
        expected=fault.verdict,
        before=str(before.verdict) if before else "",
        quotes=fault.quotes,
        batch=fault.batch,
    )


def _record(fault: Fault, healthy: Verdicts, seen: Verdicts, proof: FaultProof) -> None:
    row = seen.get((fault.requirement, fault.scope))
    proof.observed = str(row.verdict) if row else ""
    proof.findings = tuple(f"{each.object}: {each.message}" for each in row.findings) if row else ()
    proof.consequences = {
        f"{id_} {scope}": str(found.verdict)
        for (id_, scope), found in changed(healthy, seen).items()
        if (id_, scope) != (fault.requirement, fault.scope)
    }


def changed(healthy: Verdicts, seen: Verdicts) -> Verdicts:
    """Return the rows whose verdict is another than on the healthy lab; those that change by waiting are left out.

    A row of a cluster that was not there before counts if it is not as required.
    """
    return {key: row for key, row in seen.items() if row.level is not Level.LIVE and _differs(healthy.get(key), row)}


def _differs(before: Result | None, now: Result) -> bool:
    if before is None:
        return now.verdict in (Verdict.FAIL, Verdict.DOC_CONFLICT, Verdict.UNSUPPORTED)
    return now.verdict is not before.verdict and {before.verdict, now.verdict} != _MEASURED


def unhealthy(healthy: Verdicts, seen: Verdicts) -> str:
    """Say which row has not returned to its verdict, or nothing."""
    rows = [f"{id_} [{scope}] {result.verdict}" for (id_, scope), result in changed(healthy, seen).items()]
    return f"not healthy again after the revert: {', '.join(rows)}" if rows else ""


def shortcoming(fault: Fault, healthy: Verdicts, seen: Verdicts, others: Sequence[Fault] = ()) -> str:
    """Say why a fault does not count as detected, or nothing; `others` are seeded at the same time.

    It counts only if the named requirement has the named verdict, a finding names the object that was changed and one
    quotes the controller where it is to, and every other row keeps its verdict, is BLOCKED, or is a declared
    consequence with the declared verdict. Where others are seeded too, the requirement may be BLOCKED by one of theirs.
    """
    row = seen.get((fault.requirement, fault.scope))
    if row is None:
        return f"{fault.requirement} was not judged for {fault.scope}"
    by_other = row.verdict is Verdict.BLOCKED and row.blocked_by in {each.requirement for each in others}
    if row.verdict != fault.verdict and not by_other:
        return f"{fault.requirement} is {row.verdict} instead of {fault.verdict}: {row.reason}"
    named = [each.object for each in row.findings]
    if Verdict(fault.verdict) in (Verdict.FAIL, Verdict.DOC_CONFLICT) and not fault.is_named_in(named):
        return f"no finding names {fault.object}; named were {', '.join(named) or 'none'}"
    said = [f"{each.message} {each.observed}" for each in row.findings]
    if fault.quotes and not any(fault.quotes in text for text in said):
        return f"no finding quotes {fault.quotes!r}; said was {'; '.join(said) or 'nothing'}"
    return "; ".join(
        f"{id_} [{scope}] became {other.verdict} without being a declared consequence: {other.reason}"
        for (id_, scope), other in changed(healthy, seen).items()
        if not _is_expected(id_, scope, other.verdict, (fault, *others))
    )


def _is_expected(id_: str, scope: str, verdict: Verdict, faults: Sequence[Fault]) -> bool:
    return verdict is Verdict.BLOCKED or any(
        (id_, scope) == (each.requirement, each.scope) or (each.consequences or {}).get(id_) == verdict
        for each in faults
    )
