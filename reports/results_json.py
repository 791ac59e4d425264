"""`results.json`: the one stored form of a run's results, and its reader.

The shape is `results.schema.json` beside this module (JSON Schema 2020-12, unknown keys refused). Field by field:

* `schema`: "tkg-conformance/results/v2". Version 1 is read too: it lacks `timeline`, `comparison` and `evidence`.
* `run`: `id`; `started`, `finished` (UTC, ISO 8601; `finished` is null if the run never ended); `state`, "completed" or
  "aborted", with `abort_reason`; `suite_version`; `command`, which repeats the run; `selection` with `description`
  ("zone, identity; 30 of 94 requirements"), the `areas`, `requirements` and `clusters` asked for (empty: all),
  `count` and `total` requirements.
* `environment`: `kind` ("lab", "site", "bundle", or "unknown" if the run ended before anything was observed) and what
  identifies the site. Known keys: `simulated` (true for a bundle that was taken from a lab), `name`, `versions`
  (component: version; of one cluster "component namespace/name"), `sight` (vCenter: how much the account sees),
  `vcenters`, `management`, `clusters`, `observed` (when, how long, and `problems`: reads that did not give all they
  should, each in one sentence), `lab`, `suite_host`. Others are allowed and shown as they are. Never a secret.
* `verdict`: "CERTIFIED", "CERTIFIED WITH WAIVERS", "NOT CERTIFIED", "INCOMPLETE" or "ABORTED"; `verdict_reason`: one
  sentence.
* `requirements`: one row per requirement and scope, selected or not. `id`, `title`, `area`, `level`; `scope` ("site"
  or "namespace/name" of a cluster); `verdict`, `reason`; `examined` {`count`, `objects`} (the list may be shorter than
  the count); `findings` [{`object`, `expected`, `observed`, `message`, `severity`, `involves`, `evidence`,
  `remediation`, `source`}]; `notes`; `blocked_by` (the requirement whose FAIL explains this row, or null); `rests_on`
  (keys of the glossary); `selected`; `crashed`; `duration_s` (seconds).
* `catalogue`: the requirements' words, so that a report can be written years later without the suite: the fields of
  `records.Requirement`, `source` as [{`kind`, `text`}].
* `areas`: [{`name`, `prefix`, `title`, `page`, `promise`}].
* `rests_on`: glossary of evidence sources by key: `name`, `kind` ("upstream", "simulator" or "model"), `note`,
  `version`; all optional strings.
* `creation`: absent unless the run created a cluster: `run` (the mark on its objects), `cluster`, `phase` ("done",
  "kept", "leftovers"; any other if it did not come to its end), `plan`, `created` [{`object`, `uid`}], `deleted` (by
  this run), `gone` (without it), `kept`, `machines` (names of the VMs), `leftovers` [{`object`, `age_s` (or null),
  `evidence`, `remove` ("" if it may be somebody else's)}], `unsearched` (what was not searched, or ""), `writes` (each
  write that was sent), `requests` {`read`, `write`, `by_plane`}, `seconds` by step, `failure` ("" if it came up),
  `notes`.
* `topology`: absent if nothing of a vCenter was observed: `objects` [{`ref`, `kind`, `name`, `parent`, `also`, `uses`,
  `region`, `zone`, `cluster`, `node`, `role`, `os`}], a container before what it contains (see
  `topology_records.Placed`), and `left_out`, objects without a part in the workload clusters, counted by kind.
* `timeline`: absent if nothing was timed: [{`lane`, `what`, `kind`, `start_s`, `duration_s`, `count`}] (see
  `timeline_records.Span`); `kind` is "read", "wait", "check" or "write", seconds count from `run.started`.
  Of more than 5,000 the longest are kept.
* `comparison`: absent if there was no previous run to compare with; `compare --format json` writes the same: `before`
  and `after` {`id`, `started`, `verdict`, `headline`, `suite_version`}; `sites` ("same", "different" or "unknown") with
  `sites_reason`; `worse`; `rows` [{`id`, `title`, `scope`, `level`, `before`, `after` (verdicts, "" where a run lacks
  the row), `change`, `worse`, `reason`, `objects` [{`object`, `change`, `message`}]}]; `environment` [{`what`,
  `before`, `after`}]; `unchanged`, rows alike in both runs by verdict. `change` is "new", "still broken", "fixed",
  "gone", "cannot tell" or "other" (see `comparison_records.Change`); `compare` says what counts as worse.
* `evidence`: absent if nothing lies beside this file: [{`file`, `sha256`, `bytes`, `what`}].
  `evidence/examined-*.txt` lists all examined objects of a row with more than 200, `evidence/texts-*.txt` holds texts
  of more than 4,096 characters that are cut in the row; a note of the row, or the cut text, names the file.
* `proof`, `waivers`: absent if there is none. `proof` is what is known of a `proof.json` (`proof.py`):
  `suite_version`, `suite_digest`, `same_suite` (it is the suite that judged this run), `scenario`, `lab_digest`,
  `finished`, `complete` (every fault of the suite was tried), `score`, `faults` (each without what was seen) and
  `not_showable`. A waiver: `requirement`, `scope`, `objects`, `owner`, `approver`, `reason`, `expires`.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from tkg_conformance.reports import decoding
from tkg_conformance.reports.causes import row_name
from tkg_conformance.reports.comparison_records import Comparison
from tkg_conformance.reports.errors import ResultsError
from tkg_conformance.reports.proof_records import ProofRecord
from tkg_conformance.reports.records import (
    Area,
    EvidenceFile,
    Requirement,
    Result,
    Results,
    RunInfo,
    RunVerdict,
    Verdict,
)
from tkg_conformance.reports.timeline_records import Span
from tkg_conformance.reports.topology_records import Topology
from tkg_conformance.reports.verdict import run_verdict

SCHEMA = "tkg-conformance/results/v2"
_READ = (SCHEMA, "tkg-conformance/results/v1")
_FAMILY = "tkg-conformance/results/v"
_KINDS = ("lab", "site", "bundle", "unknown")
_OPTIONAL = ("topology", "timeline", "comparison", "evidence", "proof", "waivers", "creation")
_KEYS = (
    "schema",
    "run",
    "environment",
    "verdict",
    "verdict_reason",
    "requirements",
    "catalogue",
    "areas",
    "rests_on",
)


class JsonRenderer:
    """The stored form as a renderer."""

    name = "json"
    stem = "results"
    suffix = ".json"

    def render(self, results: Results) -> str:
        """Return the JSON text."""
        return dumps(results)


def schema() -> dict[str, Any]:
    """Return the shipped JSON Schema."""
    text = files("tkg_conformance.reports").joinpath("results.schema.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


def to_dict(results: Results) -> dict[str, Any]:
    """Return the results as plain JSON values, keys in the documented order."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "run": decoding.plain(results.run),
        "environment": results.environment,
        "verdict": results.verdict.value,
        "verdict_reason": results.verdict_reason,
        "requirements": [decoding.plain(row) for row in results.results],
        "catalogue": [_requirement_to_dict(each) for each in results.catalogue],
        "areas": [decoding.plain(area) for area in results.areas],
        "rests_on": results.rests_on,
    }
    optional = {key: decoding.plain(getattr(results, key)) for key in _OPTIONAL}
    return document | {key: value for key, value in optional.items() if value}


def from_dict(document: Any) -> Results:
    """Return the results that plain JSON values describe; raises `ResultsError` naming the place that is wrong."""
    top = decoding.mapping(document, "the file")
    _check_schema(top.get("schema"))
    missing = [key for key in _KEYS if key not in top]
    if missing:
        raise ResultsError(f"the results are partial: {', '.join(missing)} missing; repeat the run or use another file")
    unknown = sorted(set(top) - set(_KEYS) - set(_OPTIONAL))
    if unknown:
        raise ResultsError(f"the results hold unknown keys: {', '.join(unknown)}; was the file edited by hand?")
    results = Results(
        run=decoding.record(RunInfo, top["run"], "run"),
        environment=_environment(top["environment"]),
        verdict=decoding.value(RunVerdict, top["verdict"], "verdict"),
        verdict_reason=decoding.value(str, top["verdict_reason"], "verdict_reason"),
        results=decoding.records(Result, top["requirements"], "requirements"),
        catalogue=_catalogue(top["catalogue"]),
        areas=decoding.records(Area, top["areas"], "areas"),
        rests_on=decoding.value(dict[str, dict[str, str]], top["rests_on"], "rests_on"),
        topology=decoding.value(Topology | None, top.get("topology"), "topology"),
        timeline=decoding.records(Span, top.get("timeline", []), "timeline"),
        comparison=decoding.value(Comparison | None, top.get("comparison"), "comparison"),
        evidence=decoding.records(EvidenceFile, top.get("evidence", []), "evidence"),
        proof=decoding.value(ProofRecord | None, top.get("proof"), "proof"),
        waivers=decoding.value(tuple[dict[str, Any], ...], top.get("waivers", []), "waivers"),
        creation=decoding.value(dict[str, Any] | None, top.get("creation"), "creation"),
    )
    _check_consistent(results)
    return results


def dumps(results: Results) -> str:
    """Return the content of `results.json`; raises `ResultsError` if a value has no JSON form."""
    try:
        return json.dumps(to_dict(results), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    except (TypeError, ValueError) as error:
        raise ResultsError(f"the results hold a value that JSON cannot carry: {error}") from error


def loads(text: str | bytes) -> Results:
    """Return the results that the text of a `results.json` describes; raises `ResultsError` in one sentence."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ResultsError(f"the results are no complete JSON{where}; repeat the run or use another file") from error
    return from_dict(document)


def load(path: Path) -> Results:
    """Return the results stored in the file; raises `ResultsError`, which names the file, in one sentence."""
    return decoding.stored(path, loads)


def _check_schema(identifier: object) -> None:
    if identifier in _READ:
        return
    if isinstance(identifier, str) and identifier.startswith(_FAMILY):
        raise ResultsError(
            f"the results have the schema {identifier}, this version reads {SCHEMA}; "
            "use the version of tkg-conformance that wrote them, or a newer one"
        )
    raise ResultsError(f"this is no results file: its key schema is {identifier!r}, expected {SCHEMA!r}")


def _check_consistent(results: Results) -> None:
    """Refuse a file whose verdict does not follow from its rows, so that no edited file reads as a certificate."""
    for row in results.results:
        if row.verdict is Verdict.PASS and (row.examined.count == 0 or row.findings):
            raise ResultsError(f"{row_name(row)} is PASS without having examined anything, or in spite of a finding")
    follows, _ = run_verdict(
        results.results,
        state=results.run.state,
        waivers=results.waivers,
        creation=results.creation,
        probes=results.environment.get("probes"),
    )
    if follows is not results.verdict:
        raise ResultsError(
            f"the verdict {results.verdict} contradicts the rows, from which {follows} follows; was the file edited?"
        )


def _environment(value: Any) -> dict[str, Any]:
    environment: dict[str, Any] = decoding.value(dict[str, Any], value, "environment")
    if environment.get("kind") not in _KINDS:
        raise ResultsError(f"environment.kind is {environment.get('kind')!r}, expected one of {', '.join(_KINDS)}")
    return environment


def _requirement_to_dict(requirement: Requirement) -> dict[str, Any]:
    source = [{"kind": kind, "text": text} for kind, text in requirement.source]
    return {**decoding.plain(requirement), "source": source}


def _catalogue(value: Any) -> tuple[Requirement, ...]:
    return tuple(
        _requirement(each, f"catalogue[{index}]") for index, each in enumerate(decoding.sequence(value, "catalogue"))
    )


def _requirement(value: Any, where: str) -> Requirement:
    fields = dict(decoding.mapping(value, where))
    pairs = decoding.value(tuple[dict[str, str], ...], fields.get("source", []), f"{where}.source")
    if any(set(pair) != {"kind", "text"} for pair in pairs):
        raise ResultsError(f"{where}.source holds something else than kind and text")
    fields["source"] = [[pair["kind"], pair["text"]] for pair in pairs]
    return decoding.record(Requirement, fields, where)
