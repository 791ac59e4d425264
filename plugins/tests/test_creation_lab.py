"""A cluster is created on a real lab, judged and deleted; a run that is killed at any moment can be finished."""

from __future__ import annotations

import ipaddress
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from plugins.tests.rows import interruptible
from tkg_conformance.fixtures import lab
from tkg_conformance.fixtures.creation.ledger import FILE
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.fixtures.lab.vsphere import vim
from tkg_conformance.reports import results_json

pytestmark = pytest.mark.lab
COMMAND = (sys.executable, "-m", "tkg_conformance.plugins.cli")


@dataclass(frozen=True, slots=True)
class Example:
    """A cluster file for the lab in `lab`, of a name and an endpoint that no other process of this test run uses."""

    lab: Path
    name: str
    file: Path

    @property
    def cluster(self) -> str:
        return f"dev/{self.name}"

    @property
    def judged(self) -> tuple[str, ...]:
        return ("--area", "zone", "--cluster", self.cluster)


@pytest.fixture
def example(small_lab: Path, tmp_path: Path) -> Example:
    """The lab's own example under another name, with an endpoint of its own."""
    place = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    variables = yaml.safe_load((small_lab / "cluster.example.yaml").read_text())
    name = variables["CLUSTER_NAME"] = f"example{place}"
    first = ipaddress.ip_address(variables["VSPHERE_CONTROL_PLANE_ENDPOINT"])
    return Example(
        small_lab, name, written(variables | {"VSPHERE_CONTROL_PLANE_ENDPOINT": str(first + place)}, tmp_path)
    )


def written(variables: dict[str, Any], folder: Path) -> Path:
    path = folder / "cluster.yaml"
    path.write_text(yaml.safe_dump(variables))
    path.chmod(0o600)
    return path


def command(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command; it finds no container engine, so that `cleanup` leaves the containers of other tests alone."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env={**os.environ, "DOCKER_HOST": f"unix://{cwd}/absent"},
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )


def creating(example: Example) -> list[str]:
    return [*COMMAND, "run", "--lab", str(example.lab), "--create", str(example.file), *example.judged]


@contextmanager
def begun(example: Example, out: Path) -> Iterator[subprocess.Popen[str]]:
    """A run in the background that creates the example cluster and whose output is thrown away."""
    process = interruptible(
        [*creating(example), "--out", str(out)],
        cwd=out.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def await_entry(out: Path, text: str, process: subprocess.Popen[str]) -> None:
    """Wait until the ledger says it; the moment of the kill is as near to it as this process can be."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and process.poll() is None:
        if (out / FILE).is_file() and text in (out / FILE).read_text():
            return
        time.sleep(0.005)
    raise AssertionError(f"the ledger never said {text}")


def left_behind(example: Example) -> list[str]:
    """What of the example cluster exists: on the management cluster, in vCenter, among the lab's processes."""
    with LabHandle.open(example.lab) as handle:
        found = []
        for api_version, kind in (
            ("cluster.x-k8s.io/v1beta2", "Cluster"),
            ("cluster.x-k8s.io/v1beta2", "Machine"),
            ("infrastructure.cluster.x-k8s.io/v1beta2", "VSphereVM"),
            ("infrastructure.cluster.x-k8s.io/v1beta2", "VSphereCluster"),
            ("cpi.tanzu.vmware.com/v1alpha1", "VSphereCPIConfig"),
            ("csi.tanzu.vmware.com/v1alpha1", "VSphereCSIConfig"),
            ("run.tanzu.vmware.com/v1alpha3", "ClusterBootstrap"),
            ("v1", "Secret"),
        ):
            names = [
                each["metadata"]["name"]
                for each in handle.management.list(handle.management.path(api_version, kind, namespace="dev"))
            ]
            found += [f"{kind} {name}" for name in names if name == example.name or name.startswith(f"{example.name}-")]
        view = handle.vcenter.view(vim.VirtualMachine)
        machines = handle.vcenter.all_properties(view, vim.VirtualMachine, ["name"]).values()
        found += [f"VM {each['name']}" for each in machines if each["name"].startswith(f"{example.name}-")]
    components = lab.status(example.lab).components
    return found + [each.name for each in components if each.name.startswith(f"dev-{example.name}/")]


def nothing_is_left(example: Example) -> bool:
    """Kubernetes' garbage collector and the lab's watch need moments for what depends on the Cluster."""
    deadline = time.monotonic() + 60
    while (left := left_behind(example)) and time.monotonic() < deadline:
        time.sleep(1)
    assert left == []
    return True


def results(out: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((out / "results.json").read_text())
    jsonschema.validate(document, results_json.schema())
    return document


def test_a_cluster_is_created_judged_and_deleted(example: Example, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = subprocess.run(
        [*creating(example), "--out", str(out)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    plan = done.stderr[done.stderr.index("To be created") :]
    assert f"create Secret {example.cluster}" in plan
    assert "2 machines, each a VM on vCenter" in plan
    document = results(out)
    creation = document["creation"]
    assert [each["object"] for each in creation["created"]][-1] == f"Cluster {example.cluster}"
    assert len(creation["machines"]) == 2
    assert (creation["phase"], creation["leftovers"], creation["kept"], creation["unsearched"]) == ("done", [], [], "")
    # Cluster API's providers own some of them in the end, and Kubernetes collects these itself.
    assert sorted(creation["deleted"] + creation["gone"]) == sorted(each["object"] for each in creation["created"])
    assert f"Cluster {example.cluster}" in creation["deleted"]
    assert creation["requests"]["write"] == len(creation["writes"])
    logins = [key for key in creation["requests"]["by_plane"] if key.startswith("vcenter:")]
    assert len(logins) == 1
    assert f"{creation['requests']['write']} requests to write" in done.stdout
    judged = {row["scope"] for row in document["requirements"] if row["verdict"] == "PASS"}
    assert example.cluster in judged
    assert nothing_is_left(example)


@pytest.mark.parametrize(
    ("moment", "finish"),
    [
        pytest.param('"event": "run"', "resume", marks=pytest.mark.slow),
        pytest.param('"kind": "Cluster"', "cleanup", marks=pytest.mark.slow),
        ('"event": "machines"', "resume"),
        pytest.param('"phase": "judging"', "resume", marks=pytest.mark.slow),
        pytest.param('"phase": "deleting"', "cleanup", marks=pytest.mark.slow),
    ],
)
def test_a_killed_run_can_be_finished(example: Example, tmp_path: Path, moment: str, finish: str) -> None:
    out = tmp_path / "out"
    with begun(example, out) as process:
        await_entry(out, moment, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
    if finish == "resume":
        done = command("run", "--resume", *example.judged, "--out", str(out), cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert results(out)["creation"]["leftovers"] == []
    else:
        done = command("cleanup", "--out", str(out), cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    assert nothing_is_left(example)
    again = command("cleanup", "--out", str(out), cwd=tmp_path)
    assert "nothing was deleted" in again.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_an_interrupted_run_deletes_what_it_created(example: Example, tmp_path: Path, number: signal.Signals) -> None:
    out = tmp_path / "out"
    with begun(example, out) as process:
        # Not earlier: a MachineDeployment that Cluster API makes while its Cluster is being deleted stays behind.
        await_entry(out, '"event": "machines"', process)
        process.send_signal(number)
        assert process.wait(300) == 2
    document = results(out)
    assert (document["run"]["state"], document["creation"]["leftovers"]) == ("aborted", [])
    assert nothing_is_left(example)


@pytest.mark.slow
def test_what_somebody_leaves_in_vcenter_is_its_own_outcome(example: Example, tmp_path: Path) -> None:
    """A VM with a machine's name and a folder with the cluster's, made while the cluster was there."""
    out, abandoned = tmp_path / "out", f"{example.name}-abandoned"
    with begun(example, out) as process, LabHandle.open(example.lab) as handle:
        await_entry(out, '"event": "machines"', process)
        folder = handle.find("/dc0/vm/tkg").CreateFolder(example.name)
        template = handle.find("/dc0/vm/templates/ubuntu-2204-kube-v1.35.4")
        spec = vim.vm.CloneSpec(
            location=vim.vm.RelocateSpec(pool=handle.find("/dc0/host/cluster1/Resources/tkg")), template=False
        )
        (machine,) = handle.vcenter.wait(template.CloneVM_Task(folder, abandoned, spec))
        try:
            assert process.wait(900) == 10
            left = results(out)["creation"]["leftovers"]
            assert {each["object"].split(" (")[0] for each in left} == {f"VM {abandoned}", f"Folder {example.name}"}
            (vm,) = [each for each in left if each["object"].startswith("VM")]
            # The example cluster's account is the administrator, who also cloned this one; a folder has no such proof.
            assert vm["remove"] == f"govc vm.destroy VirtualMachine:{machine._moId}"
            assert vm["age_s"] is not None
            assert "the cluster's account" in vm["evidence"]
            (other,) = [each for each in left if each["object"].startswith("Folder")]
            assert other["remove"] == ""
            assert "of unknown origin" in other["evidence"]
            assert "administrator" in vm["evidence"].lower()
            document = results(out)
            assert (document["verdict"], document["creation"]["phase"]) == ("INCOMPLETE", "leftovers")
            assert "2 leftovers" in document["verdict_reason"]
            looked = command("cleanup", "--out", str(out), cwd=tmp_path)
            assert looked.returncode == 10, looked.stdout + looked.stderr
            assert f"VM {abandoned}" in looked.stdout
        finally:
            handle.vcenter.wait(machine.Destroy_Task())
            handle.vcenter.wait(folder.Destroy_Task())
    looked = command("cleanup", "--out", str(out), cwd=tmp_path)
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert "nothing is left over" in looked.stdout
    assert nothing_is_left(example)


def test_an_endpoint_that_the_lab_cannot_serve_is_the_reason_of_the_failure(example: Example, tmp_path: Path) -> None:
    """The lab says it in an Event on the Cluster, the run repeats it, and what was created is deleted all the same."""
    file = written(yaml.safe_load(example.file.read_text()) | {"VSPHERE_CONTROL_PLANE_ENDPOINT": "192.0.2.7"}, tmp_path)
    options = ("--lab", str(example.lab), "--create", str(file), *example.judged, "--out", "out")
    done = command("run", *options, "--create-timeout", "20", cwd=tmp_path)
    assert done.returncode == 11
    assert "LabCannotServe" in done.stderr + done.stdout
    assert results(tmp_path / "out")["creation"]["leftovers"] == []
    assert nothing_is_left(example)
