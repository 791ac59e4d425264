"""What the page prints, to the letter, on the real components: the conflict is named and nothing is called right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.tests.test_acceptance import command
from tkg_conformance.fixtures.lab import down, up
from tkg_conformance.fixtures.observation import store
from tkg_conformance.reports import results_json
from tkg_conformance.reports.records import Verdict

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def literal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    directory = tmp_path_factory.mktemp("literal") / "lab"
    up(directory, scenario="page-literal")
    yield directory
    down(directory)


def test_the_page_to_the_letter_is_a_conflict_with_both_sides_quoted(literal: Path, tmp_path: Path) -> None:
    done = command("run", "--lab", str(literal), "--area", "zone", "--out", "out", cwd=tmp_path)
    rows = {row.id: row for row in results_json.load(tmp_path / "out" / "results.json").results if row.area == "zone"}
    assert "DOC-CONFLICT ZONE-6" in done.stdout
    row = rows["ZONE-6"]
    assert row.verdict is Verdict.DOC_CONFLICT
    for role, tag in (("REGION", "region-1"), ("ZONE", "zone-a")):
        assert f"the page sets VSPHERE_{role} to a tag and this site follows it with {tag}" in row.reason
    assert "the CSI driver look for a category of that name" in row.reason
    assert not [each for each in ("ZONE-8", "ZONE-9", "ZONE-10", "ZONE-11") if rows[each].verdict is Verdict.PASS]
    (plane,) = store.load(tmp_path / "out" / "observation.json").workloads
    statuses = [each.status for each in plane.resources if each.kind == "CSINodeTopology"]
    assert [each["status"] for each in statuses] == ["Error"]
    assert "does not have labels for the following categories" in statuses[0]["errorMessage"]
    taints = [taint["key"] for each in plane.resources if each.kind == "Node" for taint in each.spec["taints"]]
    assert "node.cloudprovider.kubernetes.io/uninitialized" in taints
