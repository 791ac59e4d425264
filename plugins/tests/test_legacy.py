"""A plan-based cluster on the real components: certified, with every row judged by what this mode has."""

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
def legacy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    directory = tmp_path_factory.mktemp("legacy") / "lab"
    up(directory, scenario="legacy")
    yield directory
    down(directory)


def test_the_plan_based_lab_is_certified_by_what_it_has(legacy: Path, tmp_path: Path) -> None:
    done = command("run", "--lab", str(legacy), "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    rows = {row.id: row for row in results_json.load(tmp_path / "out" / "results.json").results if row.selected}
    assert not [row.id for row in rows.values() if row.verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_RUN)]
    of_classes = [row.id for row in rows.values() if "is plan-based (legacy mode)" in row.reason]
    assert sorted(of_classes) == ["IDENT-15", "IDENT-6", "OVA-9"]
    assert {row.verdict for row in rows.values() if row.area in ("multios", "portgroup")} == {Verdict.NOT_APPLICABLE}
    assert rows["IDENT-13"].verdict is Verdict.PASS
    hops = {name.rpartition("/")[2] for name in rows["ZONE-7"].examined.objects}
    assert {"wl1-vsphere-cpi-addon", "wl1-vsphere-csi-addon"} < hops
    assert "VSphereMachineTemplate management/dev/wl1-worker" in rows["DSC-7"].examined.objects

    observation = store.load(tmp_path / "out" / "observation.json")
    (plane,) = observation.workloads
    drivers = [driver for each in plane.resources if each.kind == "CSINode" for driver in each.spec["drivers"]]
    wanted = ["topology.csi.vmware.com/k8s-region", "topology.csi.vmware.com/k8s-zone"]
    assert [sorted(driver["topologyKeys"]) for driver in drivers] == [wanted] * 3
    (cluster,) = [each for each in observation.management.resources if each.kind == "Cluster"]  # type: ignore[union-attr]
    assert "topology" not in cluster.spec
