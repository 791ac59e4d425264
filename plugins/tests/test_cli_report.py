"""`report`: every format from one file, and one sentence for what cannot be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from plugins.tests.forked import command
from reports.tests import sample
from tkg_conformance.reports import results_json
from tkg_conformance.reports.html import HtmlRenderer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "results.json").write_text(results_json.dumps(sample.every_verdict()))
    return tmp_path


def report(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return command("report", *arguments, cwd=folder)


@pytest.mark.parametrize("name", ["html", "junit", "markdown", "yaml", "csv", "text", "json"])
def test_every_format_is_made_from_the_file_alone(folder: Path, name: str) -> None:
    printed = report(folder, "results.json", "--format", name)
    written = report(folder, ".", "--format", name, "--out", "made")
    piped = report(folder, "results.json", "--format", name, "--out", "-")
    assert (printed.returncode, written.returncode, written.stdout) == (0, 0, "")
    assert (folder / "made").read_text() == printed.stdout == piped.stdout
    assert not (folder / "-").exists()
    assert "ZONE-3" in printed.stdout


def test_the_name_of_the_file_says_the_format(folder: Path) -> None:
    assert report(folder, "results.json", "--out", "page.html").returncode == 0
    assert (folder / "page.html").read_text() == HtmlRenderer().render(sample.every_verdict())
    assert report(folder, "results.json", "--out", "handed-in.yaml").returncode == 0
    assert yaml.safe_load((folder / "handed-in.yaml").read_text())["kind"] == "ConformanceReport"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("results.json",), "No format is named; give --format json, junit, html, markdown, yaml, csv, text"),
        (("results.json", "--format", "pdf"), "There is no format 'pdf'; give --format json, junit"),
        (("results.json", "--out", "page.pdf"), "The end of --out page.pdf does not say which; give --format"),
        (("results.json", "--format", "csv", "--out", "results.json"), "is a file that is read; name another one"),
        ((".", "--out", "results.json"), "is a file that is read; name another one"),
        (("missing.json", "--format", "csv"), "cannot read missing.json: No such file"),
        (("newer.json", "--format", "csv"), "newer.json: the results have the schema tkg-conformance/results/v9"),
    ],
)
def test_what_cannot_be_is_one_sentence(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    document = json.loads((folder / "results.json").read_text()) | {"schema": "tkg-conformance/results/v9"}
    (folder / "newer.json").write_text(json.dumps(document))
    before = (folder / "results.json").read_bytes()
    done = report(folder, *arguments)
    assert (done.returncode, done.stdout) == (4, "")
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert (folder / "results.json").read_bytes() == before


def test_results_of_the_first_schema_still_render(folder: Path) -> None:
    old = Path(__file__).parents[2] / "reports/tests/results-v1.json"
    assert "NOT CERTIFIED" in report(folder, str(old), "--format", "markdown").stdout


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("absent/findings.csv", "cannot write absent/findings.csv: the folder does not exist"),
        ("results.json/findings.csv", "cannot write results.json/findings.csv: its parent is a file"),
        ("folder", "cannot write folder: a folder of that name is in the way"),
        ("/dev/full", "cannot write /dev/full: it is no regular file"),
    ],
)
def test_a_place_that_cannot_be_written_is_one_sentence(folder: Path, out: str, said: str) -> None:
    (folder / "folder").mkdir()
    done = report(folder, "results.json", "--format", "csv", "--out", out)
    assert (done.returncode, done.stdout) == (11, "")
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_format_of_another_package_is_offered_and_its_failure_names_it(folder: Path) -> None:
    package = folder / "site" / "words-1.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: words\nVersion: 1\n")
    (package / "entry_points.txt").write_text(
        "[tkg_conformance.renderers]\nwords = words:Words\nbroken = words:Broken\n"
    )
    (folder / "site" / "words.py").write_text(
        "class Words:\n    name, stem, suffix = 'words', 'words', '.words'\n\n"
        "    def render(self, results):\n        return f'{results.verdict}!'\n\n\n"
        "class Broken(Words):\n    name, suffix = 'broken', '.broken'\n\n"
        "    def render(self, results):\n        raise ValueError('no\\nwords')\n"
    )

    def started(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tkg_conformance.plugins.cli", "report", "results.json", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder / "site")},
            capture_output=True,
            text=True,
            check=False,
        )

    assert started("--out", "a.words").returncode == 0
    assert (folder / "a.words").read_text() == "NOT CERTIFIED!"
    broken = started("--format", "broken", "--out", "b")
    assert (broken.returncode, broken.stderr) == (11, "the renderer 'broken' failed: ValueError: no words\n")
    assert not (folder / "b").exists()
    assert "csv, text, broken, words." in started("--format", "pdf").stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_early_is_not_taken_for_success(folder: Path, unbuffered: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tkg_conformance.plugins.cli", "report", "results.json", "--format", "html"],
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        assert started.stdout.read(10) == b"<!doctype "
        started.stdout.close()
        assert (started.wait(), started.stderr.read()) == (141, b"")
