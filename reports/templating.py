"""The HTML templates of this package: everything is escaped, and control characters are shown as escapes."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from tkg_conformance.reports.compare_view import ABSENT, CHANGE_GLYPHS, CHANGE_TONES
from tkg_conformance.reports.printable import printable
from tkg_conformance.reports.words import GLYPHS, TONES, counted


def environment() -> Environment:
    """Return the environment with the words that every report uses."""
    found = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(glyphs=GLYPHS, tones=TONES, counted=counted)
    found.globals.update(absent=ABSENT, change_glyphs=CHANGE_GLYPHS, change_tones=CHANGE_TONES)
    return found


def source(name: str) -> str:
    """Return the text of a template or script of this package."""
    return files("tkg_conformance.reports").joinpath("templates", name).read_text(encoding="utf-8")


def _harmless(value: Any) -> Any:
    """Return what a template expression prints: text without control characters, nothing for None."""
    if value is None:
        return ""
    # What a macro returns is escaped already.
    return value if hasattr(value, "__html__") else printable(str(value))
