"""A site that does not change gives the same verdicts, in whatever order its objects are listed and how busy it is."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.tests import builder, multios_site, ova_site
from conformance.tests.builder import Sample
from plugins.tests.looks import Look, judged, look, settled
from tkg_conformance.fixtures import sitefile
from tkg_conformance.fixtures.lab.api import KubernetesAPI
from tkg_conformance.fixtures.lab.changes import Revert, patched
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.fixtures.lab.tagwriter import TagWriter
from tkg_conformance.fixtures.observation.collect import observe
from tkg_conformance.fixtures.observation.model import KubernetesPlane, Observation, VCenter
from tkg_conformance.reports.records import Verdict

TIMES = 50
CLUSTER_KINDS = ("Cluster", "KubeadmControlPlane", "MachineDeployment", "MachineSet", "Machine")
INFRASTRUCTURE_KINDS = ("VSphereCluster", "VSphereMachine", "VSphereVM")
CLUSTER_API, INFRASTRUCTURE_API = "cluster.x-k8s.io/v1beta2", "infrastructure.cluster.x-k8s.io/v1beta2"
CONTROL_PLANE_API = "controlplane.cluster.x-k8s.io/v1beta2"
TOUCH = "tests.example.org/touched"
UNRELATED = "tests-unrelated"


def shuffled(observation: Observation, seed: int) -> Observation:
    """Return an observation whose lists of objects have another order."""
    order = random.Random(seed)

    def mixed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(order.sample(items, len(items)))

    def vcenter(each: VCenter) -> VCenter:
        return replace(
            each,
            objects=mixed(each.objects),
            categories=mixed(each.categories),
            tags=mixed(each.tags),
            attachments=tuple(replace(one, tags=mixed(one.tags)) for one in mixed(each.attachments)),
            events=mixed(each.events),
            accounts=mixed(each.accounts),
            policies=mixed(each.policies),
            policy_uses=mixed(each.policy_uses),
            govc_paths=None if each.govc_paths is None else mixed(each.govc_paths),
        )

    def plane(each: KubernetesPlane) -> KubernetesPlane:
        return replace(each, resources=mixed(each.resources), absent=mixed(each.absent))

    return replace(
        observation,
        vcenters=mixed(tuple(map(vcenter, observation.vcenters))),
        management=observation.management and plane(observation.management),
        workloads=mixed(tuple(map(plane, observation.workloads))),
    )


def said(seen: Look) -> dict[Any, Any]:
    """Return what every row found; the finding with which a sentence begins is the first of the observer's order."""
    return {
        key: (row.verdict, row.blocked_by, set(row.examined.objects), set(row.findings))
        for key, row in seen.rows.items()
    }


def _with_faults() -> Sample:
    """A site in which several rows fail, with more than one finding."""
    sample = builder.healthy()
    sample.detach("ClusterComputeResource:cluster2")
    sample.detach("Datacenter:dc")
    for name in ("wl1-cp-0", "wl1-md-0"):
        sample.move(name, "host-21")
    return sample


@pytest.mark.parametrize("make", [builder.healthy, multios_site.multi_os, ova_site.site, _with_faults])
def test_the_order_of_objects_changes_nothing(make: Callable[[], Sample]) -> None:
    observation = make().build()
    first = judged(observation)
    assert {Verdict.PASS} <= {row.verdict for row in first.rows.values()}
    if make is _with_faults:
        assert sum(len(row.findings) > 1 for row in first.rows.values()) > 1
    for seed in range(10):
        assert said(judged(shuffled(observation, seed))) == said(first), f"seed {seed}"


class Bustle:
    """Keeps the controllers of a lab busy without changing what they want; `rounds` counts, `failure` ends it."""

    def __init__(self, lab: LabHandle, undo: ExitStack) -> None:
        self.rounds = 0
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
    assert {row.verdict for row in first.rows.values()} <= {Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.NOT_RUN}
    site = sitefile.load(running_lab / "site.yaml", {})
    versions = set()
    with bustle(running_lab) as busy:
        for seed in range(TIMES):
            observation = observe(site, suite_version="test")
            assert busy.failure is None, busy.failure
            assert observation.problems == ()
            versions.add(_versions(observation))
            assert settled(judged(shuffled(observation, seed))) == settled(first), f"seed {seed}"
    assert busy.rounds > 1
    assert len(versions) > TIMES / 2
    after = look(running_lab / "site.yaml")
    assert settled(after) == settled(first)


def _versions(observation: Observation) -> frozenset[str]:
    """Return what tells one state of the management cluster from another."""
    assert observation.management is not None
    return frozenset(str(each.metadata.get("resourceVersion")) for each in observation.management.resources)
