"""The commands with which a person checks a requirement by hand, as lines to read and to copy."""

from __future__ import annotations

import re

from rich.cells import cell_len

_QUOTED = re.compile(r"""('[^']*'|"[^"]*")""")
_PLACEHOLDER = re.compile(r"\b(?!MGMT)[A-Z][A-Z-]+\b")


def how_to_read(witness: str) -> str:
    """Return what a person has to know before running the commands; "" if there are none."""
    if not witness:
        return ""
    hints = []
    if "kubectl --context MGMT" in witness:
        hints.append("MGMT is the management cluster's context.")
    if re.search(r"kubectl (?!--context)", witness):
        hints.append("kubectl without a context asks the workload cluster.")
    if "govc " in witness:
        hints.append("govc takes vCenter and account from GOVC_URL, GOVC_USERNAME and GOVC_PASSWORD.")
    if _PLACEHOLDER.search(_QUOTED.sub("", witness)):
        hints.append("Words in capitals stand for names of your site.")
    return " ".join(hints) or "Run beside the files concerned."


def commands(witness: str) -> list[str]:
    """Return the single commands: the text is cut at `;` outside of quotes."""
    found = [""]
    for piece in _QUOTED.split(witness):
        first, *others = [piece] if _is_quoted(piece) else piece.split("; ")
        found[-1] += first
        found.extend(others)
    return [each.strip() for each in found if each.strip()]


def command_lines(witness: str, width: int) -> list[str]:
    """Return the commands as lines to copy, cut only where a shell does not mind: a long quoted word stays whole."""
    return [line for command in commands(witness) for line in _folded(command, width)]


def _folded(command: str, width: int) -> list[str]:
    lines = [""]
    for word in _words(command):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        # Two cells for the backslash that says that the command goes on.
        if lines[-1] and cell_len(joined) > width - 2:
            lines[-1] += " \\"
            lines.append(f"  {word}")
        else:
            lines[-1] = joined
    return lines


def _words(command: str) -> list[str]:
    words = [""]
    for piece in _QUOTED.split(command):
        first, *others = [piece] if _is_quoted(piece) else piece.split(" ")
        words[-1] += first
        words.extend(others)
    return [each for each in words if each]


def _is_quoted(piece: str) -> bool:
    return len(piece) > 1 and piece[0] in "'\""
