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

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def literal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    directory = tmp_path_factory.mktemp("literal") / "lab"
    up(directory, scenario="page-literal")
    yield directory
    down(directory)


def test_the_page_to_the_letter_is_a_conflict_with_both_sides_quoted(literal: Path, tmp_path: Path) -> None:
    done = command("run", "--lab", str(literal), "--out", "out", cwd=tmp_path)
    found = results_json.load(tmp_path / "out" / "results.json").results
    rows = {row.id: row for row in found if row.scope == "dev/wl1"}
    assert done.returncode == 1, done.stdout
    row = rows["ZONE-6"]
    assert row.verdict is Verdict.DOC_CONFLICT
    for role, tag in (("REGION", "region-1"), ("ZONE", "zone-a")):
        assert f"the page sets VSPHERE_{role} to a tag and this site follows it with {tag}" in row.reason
    assert "the CSI driver look for a category of that name" in row.reason
    assert not [each for each in ("ZONE-8", "ZONE-9", "ZONE-10", "ZONE-11") if rows[each].verdict is Verdict.PASS]
    (plane,) = [each for each in store.load(tmp_path / "out" / "observation.json").workloads if each.name == "dev/wl1"]
    statuses = [each.status for each in plane.resources if each.kind == "CSINodeTopology"]
    assert {each["status"] for each in statuses} == {"Error"}
    assert "does not have labels for the following categories" in statuses[0]["errorMessage"]
    taints = [taint["key"] for each in plane.resources if each.kind == "Node" for taint in each.spec["taints"]]
    assert "node.cloudprovider.kubernetes.io/uninitialized" in taints

    # Linux workers below `spec`, and a full template path on a class-based cluster.
    other = {row.id: row for row in found if row.scope == "dev/wl2"}
    assert other["MOS-11"].verdict is Verdict.DOC_CONFLICT
    assert "spec.workers is in the file; the live Cluster has md-0" in other["MOS-11"].reason
    assert other["MOS-15"].verdict is Verdict.FAIL
    assert other["OVA-6"].verdict is Verdict.DOC_CONFLICT
    assert "the machines follow TKR_DATA" in other["OVA-6"].reason
