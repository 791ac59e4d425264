"""Keeps the suite's own tests out of a session that judges: an editable installation has them beside the checks."""

from __future__ import annotations

collect_ignore = ["tests"]
