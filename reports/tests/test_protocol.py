"""The registry of renderers: ours, those of others, and clear refusals."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import Any

import pytest

from reports.tests import sample
from tkg_conformance.reports.errors import RendererError
from tkg_conformance.reports.protocol import GROUP, Renderer, of_every_run, rendered, renderers
from tkg_conformance.reports.records import Results


class Words:
    """A renderer of another package."""

    name = "words"
    stem = "report"
    suffix = ".words"

    def render(self, results: Results) -> str:
        return f"# {results.verdict}\n"


class Broken(Words):
    """One that fails."""

    def render(self, results: Results) -> str:
        raise ValueError("no\nverdicts")


class Wrong(Words):
    """One that gives no text."""

    def render(self, results: Results) -> Any:
        return 7


class Nothing:
    """No renderer."""


def point(name: str, thing: str) -> EntryPoint:
    return EntryPoint(name=name, value=f"{__name__}:{thing}", group=GROUP)


def test_ours_come_first_and_render() -> None:
    found = renderers(())
    names = [f"{each.stem}{each.suffix}" for each in found.values()]
    assert names[:3] == ["results.json", "junit.xml", "report.html"]
    assert names[3:] == ["report.md", "conformance.yaml", "findings.csv", "summary.txt"]
    assert all(isinstance(each, Renderer) and each.render(sample.certified_site()) for each in found.values())


def test_installed_ones_are_asked_for() -> None:
    assert list(renderers())[:3] == ["json", "junit", "html"]


def test_another_package_adds_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EntryPoint, "load", lambda self: Words)
    found = renderers([point("words", "Words")])
    assert found["words"].render(sample.certified_site()) == "# CERTIFIED\n"


def test_clash_and_broken_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RendererError, match="takes a name that exists"):
        renderers([point("html", "Words")])
    with pytest.raises(RendererError, match="cannot be loaded"):
        renderers([EntryPoint(name="x", value="no_such_module_at_all:x", group=GROUP)])
    monkeypatch.setattr(EntryPoint, "load", lambda self: Nothing)
    with pytest.raises(RendererError, match="lacks one of name, stem, suffix"):
        renderers([point("x", "Nothing")])


def test_a_run_writes_no_format_that_is_made_on_demand() -> None:
    assert [each.name for each in of_every_run()][:3] == ["json", "junit", "html"]
    assert not {each.name for each in of_every_run()} & {"markdown", "yaml", "csv", "text"}


def test_a_renderer_that_breaks_is_one_sentence_that_names_it() -> None:
    with pytest.raises(RendererError, match=r"^the renderer 'words' failed: ValueError: no verdicts$"):
        rendered(Broken(), sample.certified_site())
    with pytest.raises(RendererError, match=r"^the renderer 'words' gave int, expected text or bytes$"):
        rendered(Wrong(), sample.certified_site())
