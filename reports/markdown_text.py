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


def escaped(text: str) -> str:
    """Return the text on one line, without any meaning in Markdown, HTML, or a table of either."""
    harmless = _MARKUP.sub(r"\\\1", html.escape(one_line(text), quote=False))
    return _apart(_AT_START.sub(r"\1\\\2", harmless))


def _apart(text: str) -> str:
    return _REFERENCE.sub(lambda found: found.group() + _APART, text)
