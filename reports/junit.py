"""`junit.xml` for continuous integration, valid against the Jenkins xUnit schema (junit-10).

One test suite per area and one test case per requirement and scope, rendered from the results and not from pytest's
reports, so that workers and crashes change nothing. The schema knows properties of a suite only, and no file of a case;
what belongs to a case (verdict, level, what it rests on) is in its system-out. A further suite holds the run's own
verdict as one case, because a CI server counts cases: an aborted or incomplete run must not look green.

Readers differ: GitLab shows the text of a failure, error or skip and not its message, Jenkins of a skip the message
alone, actions on GitHub both. Therefore the text begins with what the message says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tkg_conformance.reports.printable import one_line, printable
from tkg_conformance.reports.proof import detection
from tkg_conformance.reports.records import SITE_SCOPE, Finding, Level, Result, Results, RunVerdict, Verdict
from tkg_conformance.reports.verdict import headline, is_simulated, waived_rows

_CLASS = "tkg_conformance"
# GitLab, and Jenkins with a plugin, take this for a file of the job to attach; a name from a site must not name one.
_ATTACHMENT = re.compile(r"\[(?=\[ATTACHMENT\|)")
_OUTCOME: dict[Verdict, str | None] = {
    Verdict.PASS: None,
    Verdict.LIMIT_NOT_OBSERVED: None,
    Verdict.FAIL: "failure",
    Verdict.BLOCKED: "skipped",
    Verdict.KNOWN_LIMIT: "skipped",
    Verdict.UNSUPPORTED: "skipped",
    Verdict.DOC_CONFLICT: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.INCONCLUSIVE: "skipped",
    Verdict.NOT_RUN: "skipped",
}
_RUN_OUTCOME: dict[RunVerdict, str | None] = {
    RunVerdict.CERTIFIED: None,
    RunVerdict.CERTIFIED_WITH_WAIVERS: None,
    RunVerdict.NOT_CERTIFIED: "failure",
    RunVerdict.INCOMPLETE: "error",
    RunVerdict.ABORTED: "error",
}


class JUnitRenderer:
    """JUnit XML as a renderer."""

    name = "junit"
    stem = "junit"
    suffix = ".xml"

    def render(self, results: Results) -> str:
        """Return the XML text."""
        root = Element("testsuites")
        _run_suite(root, results)
        for area in dict.fromkeys(row.area for row in results.results):
            _area_suite(root, results, area)
        _total(root)
        root.set("name", "tkg-conformance")
        indent(root, space=" ")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def case_name(row: Result) -> str:
    """Return the case's name, "ZONE-8 title [dev/wl1]"; a row of the whole site has no bracket."""
    scope = "" if row.scope == SITE_SCOPE else f" [{row.scope}]"
    return one_line(f"{row.id} {row.title}{scope}")


def _run_suite(root: Element, results: Results) -> None:
    suite = SubElement(root, "testsuite", name=f"{_CLASS}.run")
    properties = SubElement(suite, "properties")
    run = results.run
    facts = {
        "verdict": results.verdict.value,
        "verdict_reason": results.verdict_reason,
        "selection": run.selection.description,
        "environment": str(results.environment.get("kind", "")),
        "state": run.state.value,
        "run_id": run.id,
        "suite_version": run.suite_version,
        "command": run.command,
        "started": run.started,
        "finished": run.finished or "",
        "detection": detection(results.proof),
    }
    for name, value in facts.items():
        SubElement(properties, "property", name=name, value=one_line(value))
    case = SubElement(suite, "testcase", classname=f"{_CLASS}.run", name="verdict of the run", time="0.000")
    outcome = _RUN_OUTCOME[results.verdict]
    if outcome:
        node = SubElement(case, outcome, type=results.verdict.value, message=one_line(results.verdict_reason))
        node.text = _text(run.abort_reason or results.verdict_reason)
    SubElement(case, "system-out").text = _text(headline(results))
    _count(suite, run.started)


def _area_suite(root: Element, results: Results, area: str) -> None:
    suite = SubElement(root, "testsuite", name=one_line(f"{_CLASS}.{area}"))
    properties = SubElement(suite, "properties")
    SubElement(properties, "property", name="run_verdict", value=results.verdict.value)
    SubElement(properties, "property", name="selection", value=one_line(results.run.selection.description))
    waived = waived_rows(results.results, results.waivers)
    # On a real site nothing is simulated or modelled; the glossary is about the lab.
    glossary = results.rests_on if is_simulated(results) else None
    for row in results.results:
        if row.area == area:
            _case(suite, row, glossary, waived=(row.id, row.scope) in waived)
    _count(suite, results.run.started)


def _case(suite: Element, row: Result, glossary: dict[str, dict[str, str]] | None, *, waived: bool) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=one_line(f"{_CLASS}.{row.area}"),
        name=case_name(row),
        time=f"{row.duration_s:.3f}",
    )
    outcome = "error" if row.crashed else "skipped" if waived else _OUTCOME[row.verdict]
    if outcome:
        marks = [*(["waived"] if waived else []), *([] if row.level is Level.REQUIRED else [row.level.value])]
        word = f"{row.verdict} ({', '.join(marks)})" if marks else row.verdict.value
        message = one_line(f"{word}: {row.reason}")
        node = SubElement(case, outcome, type=row.verdict.value, message=message)
        node.text = _text("\n\n".join([message, *(_finding(finding) for finding in row.findings)]))
    names = [] if glossary is None else [glossary.get(key, {}).get("name", key) for key in row.rests_on]
    lines = [
        f"verdict: {row.verdict}",
        f"reason: {row.reason}",
        f"level: {row.level}",
        f"selected: {'yes' if row.selected else 'no'}",
        f"examined: {row.examined.count}",
        f"rests on: {', '.join(names) or 'the site itself'}",
        *([f"blocked by: {row.blocked_by}"] if row.blocked_by else []),
        *(f"note: {note}" for note in row.notes),
    ]
    SubElement(case, "system-out").text = _text("\n".join(one_line(line) for line in lines))


def _text(text: str) -> str:
    return _ATTACHMENT.sub("[ ", printable(text))


def _finding(finding: Finding) -> str:
    lines = [
        f"{finding.severity}: {finding.object}",
        f"  {finding.message}",
        f"  expected: {finding.expected}",
        f"  observed: {finding.observed}",
    ]
    further = {"evidence": finding.evidence, "what to do": finding.remediation, "source": finding.source}
    return "\n".join(lines + [f"  {name}: {value}" for name, value in further.items() if value])


def _count(suite: Element, started: str) -> None:
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")
    # The schema of some readers takes a time without its zone; the record's times are UTC.
    suite.set("timestamp", started.removesuffix("Z").removesuffix("+00:00"))


def _total(root: Element) -> None:
    suites: Sequence[Element] = root.findall("testsuite")
    for attribute in ("tests", "failures", "errors"):
        root.set(attribute, str(sum(int(suite.get(attribute, "0")) for suite in suites)))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in suites):.3f}")
