"""The registry of renderers: ours, those of others, and clear refusals."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from reports.tests import sample
from tkg_conformance.reports.errors import RendererError
from tkg_conformance.reports.protocol import GROUP, Renderer, renderers
from tkg_conformance.reports.records import Results


class Markdown:
    """A renderer of another package."""

    name = "markdown"
    stem = "report"
    suffix = ".md"

    def render(self, results: Results) -> str:
        return f"# {results.verdict}\n"


class Nothing:
    """No renderer."""


def point(name: str, thing: str) -> EntryPoint:
    return EntryPoint(name=name, value=f"{__name__}:{thing}", group=GROUP)


def test_ours_come_first_and_render() -> None:
    found = renderers(())
    assert [f"{each.stem}{each.suffix}" for each in found.values()] == ["results.json", "junit.xml", "report.html"]
    assert all(isinstance(each, Renderer) and each.render(sample.certified_site()) for each in found.values())


def test_installed_ones_are_asked_for() -> None:
    assert list(renderers())[:3] == ["json", "junit", "html"]


def test_another_package_adds_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EntryPoint, "load", lambda self: Markdown)
    found = renderers([point("markdown", "Markdown")])
    assert found["markdown"].render(sample.certified_site()) == "# CERTIFIED\n"


def test_clash_and_broken_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RendererError, match="takes a name that exists"):
        renderers([point("html", "Markdown")])
    with pytest.raises(RendererError, match="cannot be loaded"):
        renderers([EntryPoint(name="x", value="no_such_module_at_all:x", group=GROUP)])
    monkeypatch.setattr(EntryPoint, "load", lambda self: Nothing)
    with pytest.raises(RendererError, match="lacks one of name, stem, suffix"):
        renderers([point("x", "Nothing")])
