"""A site that lives: what is being made, replaced, upgraded or deleted is listed by checks and not judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.tests import zone_changes as change
from conformance.tests.builder import NOW, Sample, healthy
from conformance.tests.judging import result
from conformance.tests.planes import Item
from conformance.tests.zone_changes import WL1
from tkg_conformance.fixtures.models.topology import BETA_ZONE
from tkg_conformance.fixtures.observation.model import Resource
from tkg_conformance.fixtures.observation.views import Site, SiteIndex
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.transition import replicas_of, same_version
from tkg_conformance.reports.records import Verdict

OLD, NEW = "v1.34.1", "v1.35.4"
REVISION = "machinedeployment.clusters.x-k8s.io/revision"


def _machine(sample: Sample, name: str = "wl1-md-1") -> Item:
    return sample.find("Machine", name)


def deployed(sample: Sample, version: str = NEW, *, wanted: str = NEW, topology: str = NEW) -> None:
    """Give wl1-md-1 an owner: MachineSet wl1-md-a of MachineDeployment wl1-md, at these versions."""
    machine = _machine(sample)
    machine.spec["version"] = version
    machine.metadata["ownerReferences"] = [{"kind": "MachineSet", "name": "wl1-md-a"}]
    template = {"infrastructureRef": {"name": "wl1-md-template-1"}, "version": version}
    sample.management.add(
        "MachineSet",
        "wl1-md-a",
        "dev",
        metadata={
            "annotations": {REVISION: "1"},
            "ownerReferences": [{"kind": "MachineDeployment", "name": "wl1-md"}],
        },
        spec={"clusterName": "wl1", "replicas": 1, "template": {"spec": template}},
    )
    sample.management.add(
        "MachineDeployment",
        "wl1-md",
        "dev",
        metadata={"labels": {"topology.cluster.x-k8s.io/deployment-name": "md-0"}},
        spec={"clusterName": "wl1", "replicas": 3, "template": {"spec": {"version": wanted}}},
    )
    sample.find("Cluster", "wl1").spec["topology"]["version"] = topology


def being_deleted(sample: Sample) -> None:
    _machine(sample).metadata["deletionTimestamp"] = NOW


def appeared(sample: Sample) -> None:
    for item in (_machine(sample), sample.node("wl1-md-1")):
        item.metadata["creationTimestamp"] = "2026-11-22T11:59:59Z"


def deployment_upgraded(sample: Sample) -> None:
    deployed(sample, OLD, wanted=NEW)


def topology_upgraded(sample: Sample) -> None:
    deployed(sample, OLD, wanted=OLD, topology=NEW)


def control_plane_upgraded(sample: Sample) -> None:
    _machine(sample).spec["version"] = OLD
    _machine(sample).metadata["ownerReferences"] = [{"kind": "KubeadmControlPlane", "name": "wl1-cp"}]
    sample.management.add("KubeadmControlPlane", "wl1-cp", "dev", spec={"version": NEW})


def rolled_out(sample: Sample) -> None:
    deployed(sample)
    newer = {"annotations": {REVISION: "2"}, "ownerReferences": [{"kind": "MachineDeployment", "name": "wl1-md"}]}
    sample.management.add("MachineSet", "wl1-md-b", "dev", metadata=newer, spec={"clusterName": "wl1"})


def outdated(sample: Sample) -> None:
    condition = {"type": "UpToDate", "status": "False", "reason": "NotUpToDate", "message": "* template differs"}
    _machine(sample).status["conditions"] = [condition]


MOVES: list[tuple[Callable[[Sample], object], str]] = [
    (being_deleted, "is being deleted"),
    (appeared, "appeared while the site was read"),
    (deployment_upgraded, f"is being upgraded from {OLD} to {NEW}"),
    (topology_upgraded, f"is being upgraded from {OLD} to {NEW}"),
    (control_plane_upgraded, f"is being upgraded from {OLD} to {NEW}"),
    (rolled_out, "is being replaced in a rollout of MachineDeployment management/dev/wl1-md"),
    (outdated, "is being replaced (UpToDate=False"),
]


@pytest.mark.parametrize(("move", "words"), MOVES, ids=lambda each: getattr(each, "__name__", ""))
def test_what_moves_is_listed_and_not_judged(move: Callable[[Sample], object], words: str) -> None:
    sample = healthy()
    change.zone_label_removed(sample)
    assert result(sample, "ZONE-8", WL1).verdict is Verdict.FAIL
    move(sample)
    found = result(sample, "ZONE-8", WL1)
    assert found.verdict is Verdict.PASS
    assert [note for note in found.notes if words in note and note.endswith("listed, not judged")]
    assert any(words in note for note in result(sample, "IDENT-8", WL1).notes)


@pytest.mark.parametrize(("move", "words"), MOVES, ids=lambda each: getattr(each, "__name__", ""))
def test_a_settled_machine_is_still_judged_beside_it(move: Callable[[Sample], object], words: str) -> None:
    sample = healthy()
    move(sample)
    del sample.node("wl1-md-2").metadata["labels"][BETA_ZONE]
    assert result(sample, "ZONE-8", WL1).verdict is Verdict.FAIL


@pytest.mark.parametrize(("requirement", "what"), [("ZONE-8", "Node"), ("IDENT-8", "Machine"), ("ZONE-14", "Machine")])
def test_nothing_left_to_judge_is_inconclusive_with_the_reason(requirement: str, what: str) -> None:
    sample = healthy()
    for item in sample.management.items:
        if item.kind == "Machine":
            item.metadata["deletionTimestamp"] = NOW
    found = result(sample, requirement, WL1)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert f"no settled {what} to judge" in found.reason
    assert "is being deleted (and " in found.reason


@pytest.mark.parametrize("kind", ["Cluster", "VSphereCluster"])
def test_a_paused_cluster_has_stale_conditions(kind: str) -> None:
    sample = healthy()
    name = "wl1" if kind == "Cluster" else sample.find("Cluster", "wl1").spec["infrastructureRef"]["name"]
    sample.find(kind, name).metadata["annotations"] = {"cluster.x-k8s.io/paused": "true"}
    for requirement in ("IDENT-7", "ZONE-14"):
        found = result(sample, requirement, WL1)
        assert found.verdict is Verdict.INCONCLUSIVE
        assert "is paused" in found.reason


def _held_back(sample: Sample) -> None:
    worker = sample.find("Cluster", "wl1").spec["topology"].setdefault("workers", {})
    annotations = {"topology.cluster.x-k8s.io/defer-upgrade": ""}
    worker["machineDeployments"] = [{"name": "md-0", "class": "w", "metadata": {"annotations": annotations}}]


def test_a_deployment_that_is_held_back_is_judged_by_its_own_version() -> None:
    sample = healthy()
    topology_upgraded(sample)
    _held_back(sample)
    change.zone_label_removed(sample)
    assert result(sample, "ZONE-8", WL1).verdict is Verdict.FAIL


def test_each_machine_is_held_against_its_own_machine_set() -> None:
    sample = healthy()
    deployment_upgraded(sample)
    cluster = Site(SiteIndex.of(sample.build())).cluster(WL1)
    member = next(each for each in cluster.members if each.machine and each.machine.name == "wl1-md-1")
    assert (member.owner.version, member.owner.wanted_version) == (OLD, NEW)
    assert member.owner.template == "wl1-md-template-1"
    other = next(each for each in cluster.members if each.machine and each.machine.name == "wl1-md-2")
    assert (other.owner.version, other.owner.template) == (None, None)


@pytest.mark.parametrize("form", [{"spec": {"infrastructureRef": {"name": "t"}}}, {"infrastructureRef": {"name": "t"}}])
def test_the_template_of_a_control_plane_is_found_in_both_contracts(form: dict[str, Any]) -> None:
    sample = healthy()
    control_plane_upgraded(sample)
    sample.find("KubeadmControlPlane", "wl1-cp").spec["machineTemplate"] = form
    cluster = Site(SiteIndex.of(sample.build())).cluster(WL1)
    member = next(each for each in cluster.members if each.machine and each.machine.name == "wl1-md-1")
    assert member.owner.template == "t"


def test_replica_counts_come_from_the_live_object() -> None:
    sample = healthy()
    deployed(sample)
    deployment = sample.find("MachineDeployment", "wl1-md")
    deployment.status["replicas"] = 2
    deployment.metadata["annotations"] = {"cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size": "1"}
    (live,) = Site(SiteIndex.of(sample.build())).cluster(WL1).live_deployments
    found = replicas_of(live)
    assert (found.desired, found.present, found.is_autoscaled, found.is_scaling) == (3, 2, True, True)
    assert not replicas_of(KubernetesObject("management", Resource("v1", "MachineDeployment", "dev", "x"))).is_scaling


@given(st.sampled_from(["v1.28.5", "v1.28.5+vmware.1"]), st.sampled_from(["", "-tkg.1", "-fips.1-tkg.2"]))
def test_a_suffix_of_the_release_is_no_other_version(version: str, suffix: str) -> None:
    assert same_version(version, version + suffix)
    assert same_version(version.lstrip("v") + suffix, version)
    assert not same_version(version, version.replace("1.28", "1.29") + suffix)
    assert not same_version("v1.2", "v1.28")
