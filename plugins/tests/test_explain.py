"""Every requirement of the shipped catalogue can be explained, on a terminal and as a page of its area."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reports.tests import sample
from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.plugins import catalogue as catalogues
from tkg_conformance.plugins.cli import app
from tkg_conformance.reports import results_json
from tkg_conformance.reports.area_page import area_page
from tkg_conformance.reports.byhand import commands
from tkg_conformance.reports.layout import plain
from tkg_conformance.reports.manual import explain_lines
from tkg_conformance.reports.records import Area, Requirement

CATALOGUE = catalogues.load()
HEADINGS = {
    "NAME",
    "MUST",
    "WHY",
    "APPLIES",
    "EXPECTED",
    "WEIGHT",
    "HOW IT IS EXAMINED",
    "SEE FOR YOURSELF",
    "WHAT TO DO",
    "SOURCE",
    "RESTS ON (IN THE LAB)",
    "IN THE LAB",
}

each_requirement = pytest.mark.parametrize("requirement", CATALOGUE.requirements, ids=lambda each: each.id)
each_area = pytest.mark.parametrize("area", CATALOGUE.areas, ids=lambda each: each.name)


@each_requirement
def test_nothing_is_missing_from_an_explanation(requirement: Requirement) -> None:
    """What, why, source, how examined, by hand, how to mend, what it rests on: each with words below its heading."""
    lines = plain(explain_lines(requirement, CATALOGUE.area(requirement.area), CATALOGUE.rests_on)).splitlines()
    found = {line for line in lines if re.fullmatch(r"[A-Z][A-Z ()]+", line)}
    assert HEADINGS - found == set()
    for heading in HEADINGS:
        assert lines[lines.index(heading) + 1].startswith("    "), heading
    page, code = (any(line.startswith(f"    {kind}: ") for line in lines) for kind in ("page", "code"))
    assert page or code or "U" in requirement.provenance


@each_area
def test_the_page_of_an_area_holds_all_its_requirements(area: Area) -> None:
    members = [each for each in CATALOGUE.requirements if each.area == area.name]
    page = area_page(area, CATALOGUE.requirements, CATALOGUE.rests_on)
    assert page.startswith(f"# {area.prefix}: {area.title}\n\n> {area.page}\n")
    assert re.findall(r"^## (\S+): ", page, re.M) == [each.id for each in members]
    assert page.count("```") == 2 * len(members)
    assert not re.search(r"[ \t]$", page, re.M)
    outside = re.sub(r"```.*?```", "", page, flags=re.S)
    assert not re.search(r"(?<!\\)[<>]", outside.replace(f"> {area.page}", ""))


def test_the_command_prints_the_page_of_an_area() -> None:
    done = CliRunner().invoke(app, ["explain", "--area", "DVPG", "--markdown"], standalone_mode=False)
    area = CATALOGUE.area("portgroup")
    assert done.output == area_page(area, CATALOGUE.requirements, CATALOGUE.rests_on)


def test_an_area_without_markdown_is_a_sequence_of_manual_pages() -> None:
    done = CliRunner().invoke(app, ["explain", "--area", "dvpg"], standalone_mode=False)
    assert re.findall(r"^(DVPG-\d+)  ", done.output, re.M) == [f"DVPG-{number}" for number in range(1, 12)]


@pytest.mark.parametrize(
    "arguments",
    [(), ("ZONE-1", "--area", "zone"), ("ZONE-1", "--markdown"), ("--area", "zone", "--markdown", "--json")],
)
def test_contradicting_arguments_are_refused(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["explain", *arguments], standalone_mode=False)
    assert isinstance(done.exception, UsageError)


@each_area
def test_a_script_reads_the_same_as_people(area: Area) -> None:
    done = CliRunner().invoke(app, ["explain", "--area", area.name, "--json"], standalone_mode=False)
    found = json.loads(done.output)
    chosen = [each for each in CATALOGUE.requirements if each.area == area.name]
    assert [(each["id"], each["must"], each["remediation"]) for each in found] == [
        (each.id, each.must, each.remediation) for each in chosen
    ]
    assert all(each["area"]["promise"] == area.promise and "verdicts" not in each for each in found)
    assert all(each["rests_on"][key] == CATALOGUE.rests_on[key] for each in found for key in each["rests_on"])
    assert [each["witness"] for each in found] == [commands(each.witness or "") for each in chosen]


def test_a_script_gets_the_verdicts_of_a_run(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(results_json.dumps(sample.every_verdict()))
    arguments = ["explain", "zone-8", "--json", "--results", str(tmp_path / "results.json")]
    (found,) = json.loads(CliRunner().invoke(app, arguments, standalone_mode=False).output)
    assert [(each["scope"], each["verdict"]) for each in found["verdicts"]] == [
        ("dev/wl1", "BLOCKED"),
        ("dev/wl2", "NOT-APPLICABLE"),
    ]
