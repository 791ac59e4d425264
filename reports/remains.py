"""Says whether what a run created is known to be gone, or kept as asked for: a part of the run's verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SETTLED = ("done", "kept")


def unsettled(creation: Mapping[str, Any] | None) -> str:
    """Return why a creation has not come to its end, as a phrase; "" if it has, or if nothing was created.

    `creation` is that of the results: `leftovers`, and `phase`, which is missing from results of earlier versions.
    """
    if not creation:
        return ""
    left = len(creation.get("leftovers") or ())
    if left:
        return f"what the run created is not all gone, or not known to be ({_counted(left)})"
    if creation.get("phase", "done") not in _SETTLED:
        return "what the run created is not known to be gone, as its deletion has not come to its end"
    return ""


def left_by_probes(probes: Mapping[str, Any] | None) -> str:
    """Return that something which probes created is still there, as a phrase; "" if nothing is, or nothing probed."""
    count = sum(len(run.get("leftovers") or ()) for run in (probes or {}).get("runs") or ())
    return f"what probes created is not all gone, or not known to be ({_counted(count)})" if count else ""


def _counted(left: int) -> str:
    return f"{left} leftover{'' if left == 1 else 's'}"
