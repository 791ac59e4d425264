"""The main job on a real lab: certified when healthy, the same for every number of workers, and proven to notice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tkg_conformance.reports import proof as stored_proof
from tkg_conformance.reports import results_json
from tkg_conformance.reports.timeline_records import SpanKind
from tkg_conformance.reports.topology_records import PlaceKind

pytestmark = pytest.mark.lab
SAMPLE = (
    "image-duplicated",
    "zone-tag-detached",
    "vm-migrated",
    "secret-in-other-namespace",
    "pod-member-untagged",
    "osimages-replaced",
    "promiscuous-accepted",
)
"""Seeded faults of each area that are found within seconds; all of them are the whole proof (tox -e proof)."""
COMMAND = (sys.executable, "-m", "tkg_conformance.plugins.cli")
Run = tuple[subprocess.CompletedProcess[str], Path]


def command(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=1500)


def judged(out: Path) -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    rows = results_json.load(out / "results.json").results
    return {(row.id, row.scope): (row.verdict, tuple(each.object for each in row.findings)) for row in rows}


@pytest.fixture(scope="module")
def certified(running_lab: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run over everything on the healthy lab, and the folder of its results."""
    folder = tmp_path_factory.mktemp("certified")
    return command("run", "--lab", str(running_lab), "--out", "out", cwd=folder), folder / "out"


def test_the_default_lab_is_certified(certified: Run) -> None:
    done, out = certified
    assert done.returncode == 0, done.stdout
    assert "CERTIFIED (SIMULATED SITE): everything but live rows; 89 of 94 requirements" in done.stdout
    document: dict[str, Any] = json.loads((out / "results.json").read_text())
    jsonschema.validate(document, results_json.schema())
    verdicts = {row["verdict"] for row in document["requirements"] if row["selected"]}
    # CAPV draws a datastore of the policy for each machine: six seldom draw the same one (DSC-8).
    limits = {"KNOWN-LIMIT", "LIMIT-NOT-OBSERVED"}
    assert verdicts - limits == {"PASS", "NOT-APPLICABLE", "DOC-CONFLICT"}
    assert len(verdicts & limits) == 1
    # The page edits a VSphereCluster in the dry run, and a class-based one holds none.
    conflicts = [(row["id"], row["scope"]) for row in document["requirements"] if row["verdict"] == "DOC-CONFLICT"]
    assert conflicts == [("IDENT-13", "dev/wl1")]
    examined = [row for row in document["requirements"] if row["verdict"] == "PASS" and row["examined"]["count"] == 0]
    assert examined == []
    assert document["environment"]["kind"] == "lab"
    summary = done.stdout[done.stdout.index("CERTIFIED") :].splitlines()
    assert len(summary) <= 24
    assert max(len(line) for line in summary) <= 80


def test_the_site_is_drawn_with_each_node_in_its_zone_and_the_run_with_its_reads(certified: Run) -> None:
    found = results_json.load(certified[1] / "results.json")
    assert found.topology is not None
    by_ref = {each.ref: each for each in found.topology.objects}
    vms = [each for each in found.topology.objects if each.kind is PlaceKind.VM]
    observed = json.loads((certified[1] / "observation.json").read_text())
    nodes = {
        each["name"]: (plane["name"], each["metadata"]["labels"].get("topology.kubernetes.io/zone", ""))
        for plane in observed["workloads"]
        for each in plane["resources"]
        if each["kind"] == "Node"
    }
    assert len(nodes) == 9
    zones = {each.node: by_ref[by_ref[each.parent or ""].parent or ""].zone for each in vms}
    assert {each.node: each.cluster for each in vms} == {name: cluster for name, (cluster, _) in nodes.items()}
    assert {zones[name] for name in zones} == {"zone-a", "zone-b", "zone-c"}
    assert {name: zones[name] for name, (_, zone) in nodes.items() if zone} == {
        name: zone for name, (_, zone) in nodes.items() if zone
    }
    lanes = {each.lane for each in found.timeline if each.kind is SpanKind.READ}
    assert {"management", "workload:dev/wl1", "workload:dev/wl2"} < lanes
    assert [each.file for each in found.evidence] == ["observation.json"]


def test_every_number_of_workers_and_a_later_judgement_agree(certified: Run, running_lab: Path, tmp_path: Path) -> None:
    alone = certified[1]
    command("run", "--lab", str(running_lab), "-n", "2", "--out", "spread", cwd=tmp_path)
    command("judge", str(alone / "observation.json"), "--out", "later", cwd=tmp_path)
    assert judged(alone) == judged(tmp_path / "spread") == judged(tmp_path / "later")


def test_every_requirement_has_a_check(certified: Run) -> None:
    rows = results_json.load(certified[1] / "results.json").results
    assert len({row.id for row in rows}) == 94
    assert {row.level for row in rows if row.verdict == "NOT-RUN"} <= {"live"}


def test_nothing_secret_is_left_behind(certified: Run, running_lab: Path) -> None:
    done, out = certified
    secrets = [file.read_text().strip() for file in (running_lab / "secrets").glob("*.password")]
    assert len(secrets) >= 2
    texts = [done.stdout, done.stderr, *(file.read_text() for file in out.iterdir())]
    assert [secret for secret in secrets for text in texts if secret in text] == []


def test_a_seeded_fault_of_each_area_is_detected(running_lab: Path, tmp_path: Path) -> None:
    asked = [text for id_ in SAMPLE for text in ("--fault", id_)]
    done = command("prove", "--lab", str(running_lab), "--out", "out", *asked, cwd=tmp_path)
    proof = stored_proof.load(tmp_path / "out" / "proof.json")
    assert [f"{fault.id}: {fault.why}" for fault in proof.faults if not fault.detected] == []
    assert done.returncode == 0
    areas = {each.id: each.area for each in proof.requirements}
    assert {areas[fault.requirement] for fault in proof.faults} == set(areas.values())
