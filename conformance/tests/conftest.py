"""What the acceptance tests of this folder share."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.tests.witnessing import Hands
from tkg_conformance import __version__
from tkg_conformance.fixtures import sitefile
from tkg_conformance.fixtures.observation.collect import observe


@pytest.fixture(scope="session")
def hands(running_lab: Path, tmp_path_factory: pytest.TempPathFactory) -> Hands:
    """A person with govc and kubectl beside the observation of the running lab."""
    observation = observe(sitefile.load(running_lab / "site.yaml"), suite_version=__version__)
    return Hands(running_lab, observation, tmp_path_factory.mktemp("hands"))
