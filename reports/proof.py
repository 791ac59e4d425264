"""`proof.json`: what became of each seeded fault, and its reader.

The shape is `proof.schema.json` beside this module (JSON Schema 2020-12, unknown keys refused). Field by field:

* `schema`: always "tkg-conformance/proof/v1".
* `suite`: `version` and `digest` of the code and the catalogue that judged; `lab`: `scenario` and `digest` of the
  programs that were judged, and `count`, how many of them stood side by side.
* `started`, `finished` (UTC, ISO 8601), `duration_s` (by the clock, over all runs that were resumed).
* `complete`: every selected fault was tried. `whole`: no fault of the suite was left out of the selection.
* `score`: `detected`, `seeded` (tried), `selected`; over requirements `proven` (each fault detected) and `judged`.
* `faults`: `id`, `requirement`, `scope`, `sentence` (what happened, in an administrator's words), `object` (the name
  that the finding has to carry), `expected`, `before`, `observed`, `after` (verdicts), `detected`, `why` (what is short
  of a detection, or ""), `quotes` (what a controller said of it, or ""), `batch` (faults seeded together, or ""),
  `findings` ("object: message"), `consequences` {row: verdict}, `duration_s`, and of it `spent` {`applying_s`,
  `looking_s`, `waiting_s`, `reverting_s`}. Faults of one batch share their times.
* `requirements`: all of the catalogue, as `id`, `area`, `title`.
* `not_showable`: [{`requirement`, `reason`}], what no lab can break.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from tkg_conformance.reports import decoding
from tkg_conformance.reports.errors import ResultsError
from tkg_conformance.reports.proof_records import NotShowable, ProofRecord, Score, ShownFault
from tkg_conformance.reports.words import counted

SCHEMA = "tkg-conformance/proof/v1"
PROOF_FILE = "proof.json"
_FAMILY = "tkg-conformance/proof/v"
_SHORT = 8


@dataclass
class Spent:
    """Where the seconds went: seeding, observing and judging, waiting for controllers, taking back."""

    applying_s: float = 0.0
    looking_s: float = 0.0
    waiting_s: float = 0.0
    reverting_s: float = 0.0


@dataclass
class FaultProof:
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
    quotes: str = ""
    batch: str = ""
    findings: tuple[str, ...] = ()
    consequences: dict[str, str] = field(default_factory=dict)
    duration_s: float = 0.0
    spent: Spent = field(default_factory=Spent)


@dataclass(frozen=True)
class Suite:
    """What judged."""

    version: str
    digest: str


@dataclass(frozen=True)
class LabUsed:
    """What was judged."""

    scenario: str
    digest: str
    count: int = 1


@dataclass(frozen=True)
class Named:
    """A requirement of the catalogue by its name."""

    id: str
    area: str
    title: str


@dataclass(frozen=True)
class Proof:
    """The content of a `proof.json`."""

    suite: Suite
    lab: LabUsed
    started: str
    finished: str
    duration_s: float
    complete: bool
    whole: bool
    score: Score
    faults: tuple[FaultProof, ...]
    requirements: tuple[Named, ...]
    not_showable: tuple[NotShowable, ...]


def score(faults: Iterable[FaultProof], selected: int) -> Score:
    """Return the score of what was tried."""
    tried = list(faults)
    judged = {each.requirement for each in tried}
    missed = {each.requirement for each in tried if not each.detected}
    return Score(sum(each.detected for each in tried), len(tried), selected, len(judged - missed), len(judged))


def schema() -> dict[str, Any]:
    """Return the shipped JSON Schema."""
    text = files("tkg_conformance.reports").joinpath("proof.schema.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


def dumps(proof: Proof) -> str:
    """Return the content of `proof.json`."""
    return json.dumps({"schema": SCHEMA, **decoding.plain(proof)}, indent=1, ensure_ascii=False) + "\n"


def loads(text: str | bytes) -> Proof:
    """Return the proof that the text of a `proof.json` describes; raises `ResultsError` in one sentence."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ResultsError("the proof is no complete JSON; prove again or use another file") from error
    top = dict(decoding.mapping(document, "the file"))
    identifier = top.pop("schema", None)
    if identifier != SCHEMA:
        newer = isinstance(identifier, str) and identifier.startswith(_FAMILY)
        what = "this is a proof of another version" if newer else "this is no proof"
        raise ResultsError(f"{what}: its key schema is {identifier!r}, expected {SCHEMA!r}; prove again")
    return decoding.record(Proof, top, "the proof")


def load(path: Path) -> Proof:
    """Return the proof stored in the file; raises `ResultsError`, which names the file, in one sentence."""
    return decoding.stored(path, loads)


def record_for_results(proof: Proof, suite_digest: str) -> ProofRecord:
    """Return what the results of a run, judged by the suite of this digest, keep of a proof."""
    return ProofRecord(
        schema=SCHEMA,
        suite_version=proof.suite.version,
        suite_digest=proof.suite.digest,
        lab_digest=proof.lab.digest,
        scenario=proof.lab.scenario,
        same_suite=proof.suite.digest == suite_digest,
        finished=proof.finished,
        complete=proof.complete and proof.whole,
        score=proof.score,
        faults=tuple(
            ShownFault(**{each.name: getattr(fault, each.name) for each in fields(ShownFault)})
            for fault in proof.faults
        ),
        not_showable=proof.not_showable,
    )


def detection(proof: ProofRecord | None) -> str:
    """Say in a phrase, without a full stop, how much the results' proof shows; for the header of each report."""
    if proof is None:
        return "detection not shown for this suite here: `tkg-conformance prove` shows it"
    what = f"{proof.score.detected} of {counted(proof.score.seeded, 'fault')}"
    digests = f"suite {proof.suite_digest[:_SHORT]}, lab {proof.lab_digest[:_SHORT]}"
    part = "" if proof.complete else "; not all faults were tried"
    other = "" if proof.same_suite else "; not the suite that judged here"
    return f"detection shown in simulation: {what} ({digests}{part}{other})"
