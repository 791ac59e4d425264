"""How a format of results is offered: ours are listed here, those of other packages come as entry points."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, runtime_checkable

from tkg_conformance.reports.csv_findings import CsvRenderer
from tkg_conformance.reports.errors import RendererError, ReportsError
from tkg_conformance.reports.html import HtmlRenderer
from tkg_conformance.reports.junit import JUnitRenderer
from tkg_conformance.reports.markdown import MarkdownRenderer
from tkg_conformance.reports.printable import one_line
from tkg_conformance.reports.records import Results
from tkg_conformance.reports.results_json import JsonRenderer
from tkg_conformance.reports.terminal import TextRenderer
from tkg_conformance.reports.yaml_report import YamlRenderer

GROUP = "tkg_conformance.renderers"
"""The entry point group: its name is the format's name, its object a class without arguments or a renderer."""
ON_DEMAND = frozenset({"markdown", "yaml", "csv", "text"})
"""Formats that a run does not write; `tkg-conformance report` makes them from `results.json`."""


@runtime_checkable
class Renderer(Protocol):
    """One format of a run's results; `render` is pure and reads nothing but the record.

    A run writes what other packages offer beside its own files, and `tkg-conformance report` makes it on demand. What
    `render` raises becomes one sentence that names the renderer. Text is stored as UTF-8.
    """

    @property
    def name(self) -> str:
        """The word by which people ask for the format."""

    @property
    def suffix(self) -> str:
        """The file's name in the output folder ends in this, with its dot."""

    @property
    def stem(self) -> str:
        """The file's name in the output folder without its suffix."""

    def render(self, results: Results) -> str | bytes:
        """Return the file's content."""


def renderers(offered: Iterable[EntryPoint] | None = None) -> dict[str, Renderer]:
    """Return all renderers by name: ours first, then those of installed packages by name.

    `offered` stands for the installed entry points. Raises `RendererError` if one cannot be loaded, is no renderer, or
    takes a name that exists.
    """
    ours: tuple[Renderer, ...] = (
        JsonRenderer(),
        JUnitRenderer(),
        HtmlRenderer(),
        MarkdownRenderer(),
        YamlRenderer(),
        CsvRenderer(),
        TextRenderer(),
    )
    found = {renderer.name: renderer for renderer in ours}
    points = entry_points(group=GROUP) if offered is None else offered
    for point in sorted(points, key=lambda each: (each.name, each.value)):
        if point.name in found:
            raise RendererError(f"the renderer {point.name!r} of {point.value} takes a name that exists; rename it")
        found[point.name] = _loaded(point)
    return found


def of_every_run() -> list[Renderer]:
    """Return the renderers whose files every run writes: ours but those on demand, and those of other packages."""
    return [each for name, each in renderers().items() if name not in ON_DEMAND]


def rendered(renderer: Renderer, results: Results) -> str | bytes:
    """Return the content; `RendererError` in one sentence if the renderer breaks, as a foreign one may in any way."""
    try:
        content = renderer.render(results)
    except ReportsError:
        raise
    except Exception as error:
        said = one_line(f"{type(error).__name__}: {error}")
        raise RendererError(f"the renderer {renderer.name!r} failed: {said}") from error
    if not isinstance(content, str | bytes):
        raise RendererError(f"the renderer {renderer.name!r} gave {type(content).__name__}, expected text or bytes")
    return content


def _loaded(point: EntryPoint) -> Renderer:
    try:
        thing = point.load()
        renderer = thing() if isinstance(thing, type) else thing
    # Foreign code may fail in any way; the user needs to know which package to remove.
    except Exception as error:
        raise RendererError(f"the renderer {point.name!r} of {point.value} cannot be loaded: {error}") from error
    if not isinstance(renderer, Renderer):
        raise RendererError(
            f"the renderer {point.name!r} of {point.value} lacks one of name, stem, suffix and render(results)"
        )
    return renderer
