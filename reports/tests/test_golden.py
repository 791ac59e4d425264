"""Every format of every sample, byte by byte; TKG_UPDATE_GOLDEN=1 writes the files anew."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from reports.tests import sample
from tkg_conformance.reports import results_json
from tkg_conformance.reports.csv_findings import CsvRenderer
from tkg_conformance.reports.html import HtmlRenderer
from tkg_conformance.reports.junit import JUnitRenderer
from tkg_conformance.reports.layout import plain
from tkg_conformance.reports.manual import explain_lines, list_lines
from tkg_conformance.reports.markdown import MarkdownRenderer
from tkg_conformance.reports.records import Results
from tkg_conformance.reports.terminal import summary_lines
from tkg_conformance.reports.yaml_report import YamlRenderer

GOLDEN = Path(__file__).parent / "golden"


def manual(results: Results) -> str:
    pages = [explain_lines(each, sample.AREAS[0], results.rests_on, results.results) for each in results.catalogue[:4]]
    return "\n".join(plain(page) for page in [*pages, list_lines(results.catalogue, results.areas)])


FORMATS: dict[str, Callable[[Results], str]] = {
    "json": results_json.dumps,
    "xml": JUnitRenderer().render,
    "html": HtmlRenderer().render,
    "md": MarkdownRenderer().render,
    "yaml": YamlRenderer().render,
    "csv": CsvRenderer().render,
    "txt": lambda results: plain(summary_lines(results, files=["out/results.json", "out/report.html"])),
}
CASES = [
    *((f"{name}.{suffix}", name, render) for name in sample.SAMPLES for suffix, render in FORMATS.items()),
    ("manual.txt", "every-verdict", manual),
]


@pytest.mark.parametrize(("file", "name", "render"), CASES, ids=[case[0] for case in CASES])
def test_rendering_is_the_golden_one(file: str, name: str, render: Callable[[Results], str]) -> None:
    path = GOLDEN / file
    content = render(sample.SAMPLES[name]()).encode("utf-8", "backslashreplace")
    if os.environ.get("TKG_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    assert path.read_bytes() == content, f"{file} changed; if that is meant, run with TKG_UPDATE_GOLDEN=1"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.name)
def test_golden_results_are_valid_and_load(path: Path) -> None:
    jsonschema.Draft202012Validator(results_json.schema()).validate(json.loads(path.read_bytes()))
    assert results_json.load(path) == sample.SAMPLES[path.stem]()


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {case[0] for case in CASES}
