"""What to say of a name or path of a template that does not resolve."""

from __future__ import annotations

from tkg_conformance.conformance.ova.imagery import Imagery
from tkg_conformance.fixtures.models.templates import near_misses


def hint(wanted: str, imagery: Imagery) -> str:
    """Return "; did you mean ..." with the paths that differ by case, escapes or folder, else nothing."""
    if imagery.find(wanted).machines:
        return ""
    meant = [each.path for each in near_misses(wanted, imagery.machines)]
    return f"; did you mean {' or '.join(meant)}?" if meant else ""
