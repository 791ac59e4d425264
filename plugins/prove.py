"""Proves that checks can fail: seeds one fault after another into a healthy lab and demands that each is found."""

from __future__ import annotations

import contextlib
import importlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from tkg_conformance import __version__
from tkg_conformance.fixtures import sitefile
from tkg_conformance.fixtures.errors import ConformanceError, UsageError
from tkg_conformance.fixtures.faults import Fault
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.fixtures.observation.collect import observe
from tkg_conformance.plugins import catalogue as catalogues
from tkg_conformance.plugins import checks
from tkg_conformance.plugins.catalogue import PACKAGE, Catalogue
from tkg_conformance.plugins.engine import Judge
from tkg_conformance.plugins.options import Options
from tkg_conformance.plugins.progress import TerminalProgress
from tkg_conformance.plugins.session import lab_for, now
from tkg_conformance.reports.files import make_folder, write_atomically
from tkg_conformance.reports.records import Level, Result, Verdict
from tkg_conformance.reports.verdict import ExitCode

PROOF_FILE = "proof.json"
SCHEMA = "tkg-conformance/proof/v1"
POLL_S = 1.0
HEAL_S = 60.0
"""Longest time that the lab may take to be healthy again after a revert."""

Key = tuple[str, str]
Verdicts = dict[Key, Result]


@dataclass
class Proof:
    """What became of one fault: `observed` is the verdict that the named requirement turned to."""

    id: str
    requirement: str
    scope: str
    sentence: str
    object: str
    expected: str
    before: str = ""
    observed: str = ""
    after: str = ""
    detected: bool = False
    why: str = ""
    findings: list[str] = field(default_factory=list)
    consequences: dict[str, str] = field(default_factory=dict)
    duration_s: float = 0.0


class Prover:
    """Works on one running lab. `look` returns the verdicts on the site as it is now."""

    def __init__(
        self, lab: LabHandle, look: Callable[[], Verdicts], *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.lab = lab
        self.look = look
        self._sleep = sleep

    def prove(self, fault: Fault, healthy: Verdicts) -> Proof:
        """Seed the fault, wait until it is found or its time is over, revert it and wait for health."""
        started = time.monotonic()
        fault = fault.on(self.lab)
        proof = Proof(
            id=fault.id,
            requirement=fault.requirement,
            scope=fault.scope,
            sentence=fault.sentence,
            object=fault.object,
            expected=fault.verdict,
            before=str(healthy[fault.requirement, fault.scope].verdict),
        )
        with contextlib.ExitStack() as undo:
            undo.callback(fault.apply(self.lab))
            seen, why = self._until(lambda found: shortcoming(fault, healthy, found), fault.settle_s)
        result = seen[fault.requirement, fault.scope]
        proof.observed = str(result.verdict)
        proof.findings = [f"{each.object}: {each.message}" for each in result.findings]
        proof.consequences = {
            f"{id_} {scope}": str(found.verdict)
            for (id_, scope), found in changed(healthy, seen).items()
            if (id_, scope) != (fault.requirement, fault.scope)
        }
        # Controllers and models answer the revert: a look at once would mostly come too early, and what they write must
        # not meet the next fault.
        self._sleep(POLL_S)
        after, unhealed = self._until(lambda found: unhealthy(healthy, found), HEAL_S)
        proof.after = str(after[fault.requirement, fault.scope].verdict)
        proof.why = why or unhealed
        proof.detected = not proof.why
        proof.duration_s = round(time.monotonic() - started, 2)
        return proof

    def _until(self, shortcoming_of: Callable[[Verdicts], str], seconds: float) -> tuple[Verdicts, str]:
        """Look until nothing is short of what is wanted, or time is over; return the last look and what is short."""
        deadline = time.monotonic() + seconds
        while True:
            seen = self.look()
            short = shortcoming_of(seen)
            if not short or time.monotonic() >= deadline:
                return seen, short
            self._sleep(POLL_S)


def changed(healthy: Verdicts, seen: Verdicts) -> Verdicts:
    """Return the rows whose verdict is another than on the healthy lab; those that change by waiting are left out."""
    return {
        key: result
        for key, result in seen.items()
        if result.verdict is not healthy[key].verdict and result.level is not Level.LIVE
    }


def unhealthy(healthy: Verdicts, seen: Verdicts) -> str:
    """Say which row has not returned to its verdict, or nothing."""
    rows = [f"{id_} [{scope}] {result.verdict}" for (id_, scope), result in changed(healthy, seen).items()]
    return f"not healthy again after the revert: {', '.join(rows)}" if rows else ""


def shortcoming(fault: Fault, healthy: Verdicts, seen: Verdicts) -> str:
    """Say why a fault does not count as detected, or nothing.

    It counts only if the named requirement has the named verdict, a finding names the object that was changed, and
    every other row keeps its verdict, is BLOCKED, or is a declared consequence with the declared verdict.
    """
    result = seen[fault.requirement, fault.scope]
    if result.verdict != fault.verdict:
        return f"{fault.requirement} is {result.verdict} instead of {fault.verdict}: {result.reason}"
    named = [each.object for each in result.findings]
    if Verdict(fault.verdict) in (Verdict.FAIL, Verdict.DOC_CONFLICT) and fault.object not in named:
        return f"no finding names {fault.object}; named were {', '.join(named) or 'none'}"
    allowed = fault.consequences or {}
    surprising = [
        f"{id_} [{scope}] became {other.verdict} without being a declared consequence: {other.reason}"
        for (id_, scope), other in changed(healthy, seen).items()
        if (id_, scope) != (fault.requirement, fault.scope)
        and other.verdict is not Verdict.BLOCKED
        and allowed.get(id_) != other.verdict
    ]
    return "; ".join(surprising)


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


def chosen(
    catalogue: Catalogue,
    faults: Sequence[Fault],
    *,
    areas: Sequence[str],
    requirements: Sequence[str],
    ids: Sequence[str],
) -> list[Fault]:
    """Return the faults that the user asked for.

    Raises:
        UsageError: for an unknown name, or if nothing is left.
    """
    names = {catalogue.area(name).name for name in areas}
    wanted = {catalogue.requirement(id_.upper()).id for id_ in requirements}
    for id_ in ids:
        if id_ not in [fault.id for fault in faults]:
            raise UsageError(f"There is no fault {id_!r}; `proof.json` of a whole run lists them all.")
    left = [
        fault
        for fault in faults
        if (not names or catalogue.requirement(fault.requirement).area in names)
        and (not wanted or fault.requirement in wanted)
        and (not ids or fault.id in ids)
    ]
    if not left:
        raise UsageError("No seeded fault belongs to that selection; see `tkg-conformance list` for the areas judged.")
    return left


def verdicts_of(site_file: Path, catalogue: Catalogue, functions: dict[str, Any]) -> Verdicts:
    """Observe the site and judge it."""
    observation = observe(sitefile.load(site_file), progress=None, suite_version=__version__)
    judge = Judge(observation, catalogue, functions)
    return {(each.id, each.scope): each for each in judge.all_results()}


def prove_on_lab(
    *,
    areas: Sequence[str],
    requirements: Sequence[str],
    faults: Sequence[str],
    lab_dir: Path | None,
    out: Path,
) -> int:
    """Prove the chosen faults on a lab and write `proof.json`; return the exit code.

    Raises:
        ConformanceError: in one sentence, if the selection is wrong or the lab cannot be used.
    """
    catalogue = catalogues.load()
    functions = checks.load()
    todo = chosen(catalogue, load_faults(catalogue), areas=areas, requirements=requirements, ids=faults)
    progress = TerminalProgress()
    options = Options(lab=str(lab_dir) if lab_dir else "", out=out)
    proofs: list[Proof] = []
    with lab_for(options, progress) as site_file:
        assert site_file is not None
        progress.close()
        # A fault may name a Secret that the observer has no Role for, which is INCONCLUSIVE and not the fault's proof.
        as_administrator = site_file.with_name("site-admin.yaml")

        def look() -> Verdicts:
            return verdicts_of(as_administrator, catalogue, functions)

        healthy = look()
        refuse_unhealthy(healthy, todo)
        with LabHandle.open(site_file.parent) as handle:
            prover = Prover(handle, look)
            for proof in each_proof(prover, todo, healthy, progress):
                proofs.append(proof)
                print_line(proof)
                write(proofs, todo, catalogue, functions, out)
    return summarise(proofs, catalogue, functions, out)


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


def each_proof(prover: Prover, todo: Sequence[Fault], healthy: Verdicts, progress: TerminalProgress) -> Iterator[Proof]:
    """Prove one fault after another; one that breaks off counts as not detected, and says why."""
    for place, fault in enumerate(todo):
        progress.report("prove", place, len(todo), f"{fault.requirement} {fault.id}")
        try:
            proof = prover.prove(fault, healthy)
        except (ConformanceError, OSError) as error:
            proof = Proof(fault.id, fault.requirement, fault.scope, fault.sentence, fault.object, fault.verdict)
            proof.why = f"{type(error).__name__}: {error}"
        progress.close()
        yield proof


def print_line(proof: Proof) -> None:
    """Print one fault's line, and why it was not detected if so."""
    import typer

    mark = "caught" if proof.detected else "MISSED"
    typer.echo(f"{mark}  {proof.requirement:<9} {proof.sentence} ({proof.observed or '-'}, {proof.duration_s:.1f} s)")
    if not proof.detected:
        typer.echo(f"        {proof.why}")


def not_showable(catalogue: Catalogue, functions: dict[str, Any]) -> list[dict[str, str]]:
    """Return the judged requirements that no lab can break, with the reason."""
    return [
        {"requirement": each.id, "reason": each.lab_reason or ""}
        for each in catalogue.requirements
        if each.lab != "shown" and each.id in functions
    ]


def write(
    proofs: Sequence[Proof], todo: Sequence[Fault], catalogue: Catalogue, functions: dict[str, Any], out: Path
) -> None:
    """Write `proof.json` as far as it has come; `faults` lists only those that were tried."""
    document = {
        "schema": SCHEMA,
        "suite_version": __version__,
        "finished": now(),
        "complete": len(proofs) == len(todo),
        "score": {
            "detected": sum(each.detected for each in proofs),
            "seeded": len(proofs),
            "selected": len(todo),
        },
        "faults": [asdict(each) for each in proofs],
        "not_showable": not_showable(catalogue, functions),
    }
    make_folder(out)
    write_atomically(out / PROOF_FILE, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def summarise(proofs: Sequence[Proof], catalogue: Catalogue, functions: dict[str, Any], out: Path) -> int:
    """Print the score and return the exit code: 0 if every fault was detected, else 1."""
    import typer

    detected = sum(each.detected for each in proofs)
    typer.echo(f"{detected} of {len(proofs)} seeded faults detected, in simulation; {out / PROOF_FILE}")
    for row in not_showable(catalogue, functions):
        typer.echo(f"not showable in a lab: {row['requirement']}: {row['reason']}")
    return ExitCode.CERTIFIED if detected == len(proofs) else ExitCode.NOT_CERTIFIED
