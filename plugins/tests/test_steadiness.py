"""A healthy lab gives the same verdicts fifty times, listed in any order and with its controllers busy."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from fixtures.observation.tests.shuffling import shuffled
from plugins.tests.looks import judged, look, settled
from tkg_conformance.fixtures import sitefile
from tkg_conformance.fixtures.lab.api import KubernetesAPI
from tkg_conformance.fixtures.lab.changes import Revert, patched
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.fixtures.lab.tagwriter import TagWriter
from tkg_conformance.fixtures.observation.collect import observe
from tkg_conformance.reports.records import Verdict

TIMES = 50
CLUSTER_KINDS = ("Cluster", "KubeadmControlPlane", "MachineDeployment", "MachineSet", "Machine")
INFRASTRUCTURE_KINDS = ("VSphereCluster", "VSphereMachine", "VSphereVM")
CLUSTER_API, INFRASTRUCTURE_API = "cluster.x-k8s.io/v1beta2", "infrastructure.cluster.x-k8s.io/v1beta2"
CONTROL_PLANE_API = "controlplane.cluster.x-k8s.io/v1beta2"
TOUCH = "tests.example.org/touched"
UNRELATED = "tests-unrelated"


class Bustle:
    """Keeps the controllers of a lab busy without changing what they want; a `failure` ends it.

    `touched` counts objects that were written, each of which has its controllers reconcile, and `rounds` those of all.
    """

    def __init__(self, lab: LabHandle, undo: ExitStack) -> None:
        self.rounds = self.touched = 0
        self.failure: BaseException | None = None
        self._lab, self._undo = lab, undo
        self._ended = threading.Event()
        self._objects: list[tuple[KubernetesAPI, str]] = []
        self._thread = threading.Thread(target=self._run, name="bustle")

    def start(self) -> None:
        """Find what is touched, see that it will be taken back, and begin."""
        management = self._lab.management
        for api_version, kinds in (
            (CLUSTER_API, [each for each in CLUSTER_KINDS if each != "KubeadmControlPlane"]),
            (CONTROL_PLANE_API, ["KubeadmControlPlane"]),
            (INFRASTRUCTURE_API, list(INFRASTRUCTURE_KINDS)),
        ):
            for kind in kinds:
                self._add(management, api_version, kind)
        for cluster in self._lab.site.clusters:
            self._add(self._lab.workload(cluster.name), "v1", "Node")
        self._undo.callback(TagWriter(self._lab.vcenter.tags).create_category(UNRELATED, "VirtualMachine"))
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self._thread.join()

    def _add(self, api: KubernetesAPI, api_version: str, kind: str) -> None:
        found = api.list(api.path(api_version, kind))
        assert found, kind
        for each in found:
            path = api.path(api_version, kind, each["metadata"]["name"], each["metadata"].get("namespace"))
            self._undo.callback(patched(api, path, _annotated(None)))
            self._objects.append((api, path))

    def _run(self) -> None:
        try:
            while not self._ended.is_set():
                self._touch()
                self.rounds += 1
        except BaseException as error:  # told by the test, whose thread this is not
            self.failure = error

    def _touch(self) -> None:
        folder = self._lab.find("/dc0/vm").CreateFolder(UNRELATED)
        with ExitStack() as undo:
            undo.callback(lambda: self._lab.vcenter.wait(folder.Destroy()))
            untag: Revert = self._lab.tags.create_tag(UNRELATED, f"tag-{self.rounds}")
            undo.callback(untag)
            self._lab.vcenter.wait(folder.Rename(f"{UNRELATED}-{self.rounds}"))
            for api, path in self._objects:
                if self._ended.wait(0.02):
                    return
                api.merge_patch(path, _annotated(str(self.rounds)))
                self.touched += 1


def _annotated(value: str | None) -> dict[str, Any]:
    return {"metadata": {"annotations": {TOUCH: value}}}


@contextmanager
def bustle(folder: Path) -> Iterator[Bustle]:
    with LabHandle.open(folder) as lab, ExitStack() as undo:
        busy = Bustle(lab, undo)
        busy.start()
        undo.callback(busy.stop)
        yield busy


@pytest.mark.lab
@pytest.mark.slow
def test_a_healthy_lab_is_judged_alike_however_busy_it_is(running_lab: Path) -> None:
    first = look(running_lab / "site.yaml")
    assert first.observation.problems == ()
    limits = {Verdict.KNOWN_LIMIT, Verdict.LIMIT_NOT_OBSERVED}  # chance decides which, where CAPV draws datastores
    verdicts = {verdict for verdict, _ in settled(first).values()}
    assert verdicts - limits <= {Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.DOC_CONFLICT}
    site = sitefile.load(running_lab / "site.yaml", {})
    with bustle(running_lab) as busy:
        for seed in range(TIMES):
            before = busy.touched
            observation = observe(site, suite_version="test")
            assert busy.failure is None, busy.failure
            assert busy.touched > before
            assert observation.problems == ()
            assert settled(judged(shuffled(observation, random.Random(seed)))) == settled(first), f"seed {seed}"
    assert busy.rounds > 1
    after = look(running_lab / "site.yaml")
    assert settled(after) == settled(first)
