"""Text from outside in Markdown: it renders as itself, whatever it holds, and mentions, links and refers to nothing."""

from __future__ import annotations

import html
import re

from tkg_conformance.reports.printable import one_line

_MARKUP = re.compile(r"([\\`*_\[\]#|~$!])")
# What begins a list, a rule, a heading's underline or a table's second line; elsewhere a dash or a stop is only that.
_AT_START = re.compile(r"^(\d{0,9})([-+=:.)])(?=[-+=:\s]|$)")
# Sites that show Markdown make links and pictures of these after rendering, where an escape is gone again; a comment,
# which is not shown, keeps them apart.
_REFERENCE = re.compile(r"(?i)@|#(?=\w)|gh-(?=\d)|(?:https?|ftp|mailto|xmpp):|www(?=\.)|:(?!\d\d:)(?=[\w+\\-]+:)")
_APART = "<!-- -->"
SENTENCE = 600
"""Characters that a text of a site has at most where a page has a limit."""


def escaped(text: str) -> str:
    """Return the text on one line, without any meaning in Markdown, HTML, or a table of either."""
    harmless = _MARKUP.sub(r"\\\1", html.escape(one_line(text), quote=False))
    return _apart(_AT_START.sub(r"\1\\\2", harmless))


def escaped_in_html(text: str) -> str:
    """Return the text on one line for the inside of an HTML element, where Markdown has no meaning and no escape."""
    return _apart(html.escape(one_line(text), quote=False))


def short(text: str) -> str:
    """Return the text escaped, and cut until that has the length of a sentence: an escape may be nine times as long."""
    kept = text[:SENTENCE]
    shown = escaped(kept) if kept == text else f"{escaped(kept)}…"
    while len(shown) > SENTENCE:
        kept = kept[: min(len(kept) - 1, len(kept) * SENTENCE // len(shown))]
        shown = f"{escaped(kept)}…"
    return shown


def bold(text: str) -> str:
    """Return the text short and emphasised; "" if there is none, because asterisks around nothing are a rule."""
    shown = short(text)
    return f"**{shown}**" if shown else ""


def _apart(text: str) -> str:
    return _REFERENCE.sub(lambda found: found.group() + _APART, text)
