"""The records of a run: what was required, what was seen, what follows.

They are plain frozen dataclasses; `results.json` (see `results_json`) is their only stored form and the only thing
that renderers read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tkg_conformance.reports.comparison_records import Comparison
from tkg_conformance.reports.proof_records import ProofRecord
from tkg_conformance.reports.timeline_records import Span
from tkg_conformance.reports.topology_records import Topology

SITE_SCOPE = "site"


class Verdict(StrEnum):
    """What became of one requirement in one scope; a closed set."""

    PASS = "PASS"  # noqa: S105 - a verdict, no password
    FAIL = "FAIL"
    BLOCKED = "BLOCKED"
    KNOWN_LIMIT = "KNOWN-LIMIT"
    LIMIT_NOT_OBSERVED = "LIMIT-NOT-OBSERVED"
    UNSUPPORTED = "UNSUPPORTED"
    DOC_CONFLICT = "DOC-CONFLICT"
    NOT_APPLICABLE = "NOT-APPLICABLE"
    INCONCLUSIVE = "INCONCLUSIVE"
    NOT_RUN = "NOT-RUN"


class Level(StrEnum):
    """How much a requirement weighs; only required ones decide certification."""

    REQUIRED = "required"
    ADVISORY = "advisory"
    LIVE = "live"


class Severity(StrEnum):
    """How bad a violation is for the people who use the cluster."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    INFO = "info"


class RunState(StrEnum):
    """Whether a run came to its end."""

    COMPLETED = "completed"
    ABORTED = "aborted"


class RunVerdict(StrEnum):
    """What the run as a whole says about its selection."""

    CERTIFIED = "CERTIFIED"
    CERTIFIED_WITH_WAIVERS = "CERTIFIED WITH WAIVERS"
    NOT_CERTIFIED = "NOT CERTIFIED"
    INCOMPLETE = "INCOMPLETE"
    ABORTED = "ABORTED"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One documented outcome of the page, as the catalogue states it."""

    id: str
    title: str
    must: str
    area: str
    level: Level
    scope: str
    planes: tuple[str, ...]
    provenance: tuple[str, ...]
    applies: str
    severity: Severity
    source: tuple[tuple[str, str], ...]
    expected: str
    remediation: str
    requires: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    witness: str | None = None
    notes: str | None = None
    lab: str = "shown"
    lab_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """One system that the page documents; its requirements share a prefix."""

    name: str
    prefix: str
    title: str
    page: str
    promise: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One object that is not as required.

    `object` is an inventory path, or `cluster/namespace/name` with its kind in front ("Node dev/wl1/node-1").
    `involves` names further objects that this finding depends on: if another requirement's finding is about one of
    them, it may be the cause of this one.
    """

    object: str
    expected: str
    observed: str
    message: str
    severity: Severity = Severity.MAJOR
    involves: tuple[str, ...] = ()
    evidence: str | None = None
    remediation: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """The objects on which a predicate was evaluated; for an absence, the collections that were searched."""

    count: int = 0
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict on one requirement in one scope."""

    id: str
    title: str
    area: str
    level: Level
    scope: str
    verdict: Verdict
    reason: str
    examined: Examined = field(default_factory=Examined)
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    blocked_by: str | None = None
    rests_on: tuple[str, ...] = ()
    selected: bool = True
    crashed: bool = False
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Selection:
    """What a run was asked to judge; `description` is what every rendering of the verdict names."""

    description: str
    areas: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    count: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class RunInfo:
    """Who ran what, when; times are UTC in ISO 8601."""

    id: str
    started: str
    finished: str | None
    state: RunState
    suite_version: str
    command: str
    selection: Selection
    abort_reason: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file beside `results.json` with what is too large for it.

    `file` is its path from the folder of `results.json`, with slashes; `sha256` the digest of its content in
    hexadecimal digits, `bytes` its size, `what` what it holds in a few words.
    """

    file: str
    sha256: str
    bytes: int
    what: str


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that a run hands over; the content of `results.json`.

    `environment` holds `kind` (lab, site or bundle), `versions`, `sight` and what else identifies the site;
    `areas` the page's promise by area name; `catalogue` the requirements' words, so that a report can be rendered years
    later without the suite that wrote it; `rests_on` the glossary of evidence sources; `timeline` what the run did
    when; `comparison` what changed since the previous run into the same folder.
    """

    run: RunInfo
    environment: dict[str, Any]
    verdict: RunVerdict
    verdict_reason: str
    results: tuple[Result, ...]
    catalogue: tuple[Requirement, ...]
    areas: tuple[Area, ...]
    rests_on: dict[str, dict[str, str]] = field(default_factory=dict)
    topology: Topology | None = None
    timeline: tuple[Span, ...] = ()
    comparison: Comparison | None = None
    evidence: tuple[EvidenceFile, ...] = ()
    proof: ProofRecord | None = None
    waivers: tuple[dict[str, Any], ...] = ()
    creation: dict[str, Any] | None = None
