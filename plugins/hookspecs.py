"""The plugin's own hooks, for those who add requirements of their own.

Further report formats are entry points of the group `tkg_conformance.renderers` (see `reports.protocol`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest


@pytest.hookspec
def pytest_tkg_catalogues(config: pytest.Config) -> Sequence[Path]:  # type: ignore[empty-body]
    """Return catalogue files (as `conformance/<area>/requirements.yaml`) that are judged beside the shipped ones.

    The tests that judge them carry the mark `requirement("ID")` and take the arguments `check`, `site` and, for a
    requirement of scope cluster, `cluster`; they run where the session collects them.
    """
