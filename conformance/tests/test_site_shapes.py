"""Rows on sites of other shapes: several vCenters, plan-based clusters, parts out of sight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance.tests import zone_changes as change
from conformance.tests.builder import Sample, healthy
from conformance.tests.judging import catalogue, functions, result
from conformance.tests.zone_changes import WL1
from tkg_conformance.fixtures.observation.model import Category, Observation
from tkg_conformance.plugins.engine import Judge
from tkg_conformance.reports.records import Result, Verdict

FAIL, INCONCLUSIVE, PASS = Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS
SECOND = "vc02.example.org"


def on_two_vcenters(second: Sample) -> Observation:
    """Two vCenters with equal inventory paths: dev/wl1 runs on the first, its twin dev2/wl1 on the second."""
    one, two = healthy().build(), second.build()
    assert one.management
    assert two.management
    resources = list(one.management.resources)
    for each in two.management.resources:
        if each.namespace == "dev":
            server = {"server": SECOND} if each.kind == "VSphereCluster" else {}
            resources.append(replace(each, namespace="dev2", spec={**each.spec, **server}))
    intent = next(each for each in two.intent.clusters if each.name == WL1)
    config = {**intent.config, "VSPHERE_SERVER": SECOND}
    workload = next(each for each in two.workloads if each.name == WL1)
    return replace(
        one,
        intent=replace(one.intent, clusters=(*one.intent.clusters, replace(intent, name="dev2/wl1", config=config))),
        vcenters=(*one.vcenters, replace(two.vcenters[0], server=SECOND)),
        management=replace(one.management, resources=tuple(resources)),
        workloads=(*one.workloads, replace(workload, name="dev2/wl1")),
    )


def _judged(observation: Observation, requirement: str) -> Result:
    found = Judge(observation, catalogue(), functions()).result(requirement, "site")
    assert not found.crashed, found.reason
    return found


@pytest.mark.parametrize(
    ("requirement", "fault"),
    [("ZONE-3", change.zone_tag_detached), ("ZONE-4", change.two_zone_tags_on_a_cluster)],
)
def test_equal_pathson_two_vcenters_are_two_objects(requirement: str, fault: Callable[[Sample], object]) -> None:
    second = healthy()
    assert _judged(on_two_vcenters(second), requirement).verdict is PASS
    fault(second)
    found = _judged(on_two_vcenters(second), requirement)
    assert found.findings
    assert found.verdict in (FAIL, Verdict.BLOCKED)


def test_failure_domains_that_want_two_tags_on_one_object_cannot_both_hold() -> None:
    sample = healthy()
    sample.find("VSphereFailureDomain", "zone-b").spec["topology"]["computeCluster"] = "cluster1"
    found = result(sample, "ZONE-3")
    assert found.verdict is FAIL
    assert "zone tag zone-b" in found.findings[0].message


def test_a_category_has_to_fit_the_failure_domains_of_every_cluster() -> None:
    sample = healthy()
    sample.find("Cluster", "wl2").spec["topology"]["workers"]["machineDeployments"] = [
        {"class": "tkg-worker", "name": "md-0", "failureDomain": "rack-1"}
    ]
    sample.intents["dev/wl2"]["config"] |= {"VSPHERE_REGION": "k8s-region", "VSPHERE_ZONE": "k8s-zone"}
    zone = {"name": "zone-a", "type": "HostGroup", "tagCategory": "k8s-zone"}
    sample.management.add("VSphereDeploymentZone", "rack-1", spec={"failureDomain": "rack-1"})
    sample.management.add("VSphereFailureDomain", "rack-1", spec={"zone": zone, "topology": {"datacenter": "dc0"}})
    found = result(sample, "ZONE-1")
    assert found.verdict is FAIL
    assert "HostSystem" in found.findings[0].message
    sample.categories["c-z"] = Category("c-z", "k8s-zone", "SINGLE", ("ClusterComputeResource", "HostSystem"))
    assert result(sample, "ZONE-1").verdict is PASS


def test_a_plan_based_cluster_uses_topology_categories_without_asking_for_them() -> None:
    sample = healthy(topology_categories=True)
    sample.intents[WL1]["config"]["USE_TOPOLOGY_CATEGORIES"] = "false"
    assert result(sample, "ZONE-15", WL1).verdict is Verdict.UNSUPPORTED
    del sample.find("Cluster", "wl1").spec["topology"]
    for kind in ("VSphereCPIConfig", "VSphereCSIConfig"):
        sample.management.remove(kind, "wl1")
    assert result(sample, "ZONE-15", WL1).verdict is PASS


@pytest.mark.parametrize(
    ("requirement", "hidden"),
    [
        ("ZONE-9", "HostSystem:host-11"),
        ("ZONE-9", "ClusterComputeResource:cluster1"),
        ("ZONE-11", "HostSystem:host-11"),
        ("ZONE-11", "ClusterComputeResource:cluster1"),
        ("ZONE-14", "HostSystem:host-11"),
    ],
)
def test_a_host_out_of_sight_says_nothing_about_its_tags(requirement: str, hidden: str) -> None:
    sample = healthy()
    del sample.inventory[hidden]
    found = result(sample, requirement, WL1)
    assert found.verdict is INCONCLUSIVE
    assert "out of the observing account's sight" in found.reason
    assert result(sample, "ZONE-4").verdict is (PASS if hidden.startswith("HostSystem") else INCONCLUSIVE)


def test_a_windows_node_without_driver_has_no_label_of_the_driver() -> None:
    sample = healthy(topology_categories=True)
    labels = sample.node("wl1-md-0").metadata["labels"]
    for key in ("k8s-region", "k8s-zone"):
        del labels[f"topology.csi.vmware.com/{key}"]
    assert result(sample, "ZONE-16", WL1).verdict is FAIL
    labels["kubernetes.io/os"] = "windows"
    sample.workloads[WL1].find("CSINode", "wl1-md-0").spec["drivers"] = []
    assert result(sample, "ZONE-16", WL1).verdict is PASS


def test_categories_whose_role_nobody_tells_are_not_judged_as_region_and_zone() -> None:
    sample = healthy(topology_categories=True)
    sample.intents[WL1] |= {"config": {}, "form": "unknown"}
    for kind, name in (("VSphereCPIConfig", "cpi"), ("VSphereCSIConfig", "csi")):
        sample.management.remove(kind, "wl1")
        sample.management.remove("Secret", f"wl1-vsphere-{name}-data-values")
    change.change_cloud_config(sample, region=None, zone=None)
    assert result(sample, "ZONE-8", WL1).verdict is PASS
    assert result(sample, "ZONE-4").verdict is PASS
    for domain in ("zone-a", "zone-b", "zone-c"):
        sample.management.remove("VSphereFailureDomain", domain)
    assert result(sample, "ZONE-8", WL1).verdict is INCONCLUSIVE
    assert result(sample, "ZONE-4").verdict is INCONCLUSIVE


def test_the_datacenter_at_the_root_is_meant_by_a_bare_name() -> None:
    sample = healthy()
    inventory = {
        "Folder:emea": {"type": "Folder", "moid": "emea", "name": "emea", "parent": "Folder:root", "props": {}},
        "Datacenter:d2": {"type": "Datacenter", "moid": "d2", "name": "dc0", "parent": "Folder:emea", "props": {}},
    }
    sample.inventory = {**inventory, **sample.inventory}
    assert result(sample, "ZONE-3").verdict is PASS
    assert result(sample, "ZONE-14", WL1).verdict is PASS
