"""Makes names from outside harmless: they may hold terminal escapes, reversed text or characters XML forbids."""

from __future__ import annotations

import re

# C0 without tab and line feed, DEL, C1; line and paragraph separators, zero-width and direction controls, byte order
# mark; lone surrogates; non-characters. Everything here could move a cursor, reorder a line or break a parser.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
_BREAKS = re.compile(r"\s*[\t\n]+\s*")


def printable(text: str) -> str:
    """Return the text with every harmful character shown as its escape, for instance `\\x1b`; lines are kept."""
    return _HARMFUL.sub(_escape, text)


def one_line(text: str) -> str:
    """Return the text printable and on one line."""
    return _BREAKS.sub(" ", printable(text)).strip()


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
