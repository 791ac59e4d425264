"""What kubectl prints of releases, images and packages is what the suite has observed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance.tests.witnessing import CLUSTER, MULTI_OS, Hands, column, rows
from tkg_conformance.conformance.multios import seeding
from tkg_conformance.conformance.multios.edits import last_edit
from tkg_conformance.conformance.multios.releases import names_in
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject

pytestmark = pytest.mark.lab

CLUSTERS = pytest.mark.parametrize("cluster", [CLUSTER, MULTI_OS])


@pytest.fixture
def tkr(hands: Hands) -> KubernetesObject:
    (found,) = hands.management("TanzuKubernetesRelease")
    return found


def windows_image(hands: Hands) -> KubernetesObject:
    (found,) = [each for each in hands.management("OSImage") if each.spec["os"]["type"] == "windows"]
    return found


def items(printed: str) -> dict[str, Any]:
    return {each["metadata"]["name"]: each for each in yaml.safe_load(printed)["items"]}


def test_the_windows_image_is_the_observed_template(hands: Hands) -> None:
    image = windows_image(hands)
    observed = image.spec["image"]["ref"]["template"]
    template = hands.at(observed)
    names = {"OSIMAGE-NAME": image.name, "DC": "dc0", "FOLDER": "templates", "IMAGE": template.name}
    named, info = hands.run("MOS-1", **names)
    assert named == f"{observed}\n"
    said = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in info.splitlines())}
    assert (said["Path"], said["Guest name"]) == (template.path, template.props["config.guestId"])


def test_kubectl_prints_the_observed_images_and_releases(hands: Hands, tkr: KubernetesObject) -> None:
    observed = {each.name: each.spec for each in hands.management("OSImage")}
    assert len(observed) >= 2
    assert {name: each["spec"] for name, each in items(hands.run("MOS-2")[0]).items()} == observed
    both = items(hands.run("MOS-3")[0])
    assert {name: both[name]["spec"]["kubernetesVersion"] for name in observed} == {
        name: spec["kubernetesVersion"] for name, spec in observed.items()
    }
    assert both[tkr.name]["spec"] == tkr.spec


@pytest.mark.parametrize(("id_", "field"), [("MOS-4", "osImages"), ("MOS-5", "bootstrapPackages")])
def test_kubectl_lists_what_the_release_was_observed_to_list(
    hands: Hands, tkr: KubernetesObject, id_: str, field: str
) -> None:
    (printed,) = hands.run(id_, **{"TKR-NAME": tkr.name})
    assert printed.split() == list(names_in(tkr, field))


def test_kubectl_finds_the_observed_windows_package(hands: Hands) -> None:
    (printed,) = hands.run("MOS-6")
    (observed,) = [each.name for each in hands.management("Package") if each.name.startswith("tkg-windows")]
    assert [line.split()[0] for line in printed.splitlines()] == [observed]


def test_kubectl_tells_who_edited_the_release_as_observed(hands: Hands, tkr: KubernetesObject) -> None:
    shown = yaml.safe_load(hands.run("MOS-7", **{"TKR-NAME": tkr.name})[0])
    for field in ("osImages", "bootstrapPackages"):
        edit = last_edit(tkr, field)
        assert edit is not None
        owned = [
            each for each in shown["metadata"]["managedFields"] if f"f:{field}" in each["fieldsV1"].get("f:spec", {})
        ]
        assert [(each["manager"], each["time"]) for each in owned] == [
            (edit.manager, f"{edit.when:%Y-%m-%dT%H:%M:%SZ}")
        ]


def test_kubectl_shows_whether_releases_and_images_are_usable_as_observed(hands: Hands, tkr: KubernetesObject) -> None:
    releases, images = hands.run("MOS-8")[0].split("\n\n")
    (ready,), (compatible,) = (column(releases, heading).values() for heading in ("READY", "COMPATIBLE"))
    conditions = {each["type"]: each["status"] for each in tkr.status["conditions"]}
    assert (ready, compatible) == (conditions["Ready"], conditions["Compatible"])
    shown = column(releases, "LABELS") | column(images, "LABELS")
    observed = {each.name: each.labels for each in (tkr, *hands.management("OSImage"))}
    assert {name.rpartition("/")[2]: text for name, text in shown.items()} == {
        name: ",".join(f"{key}={value}" for key, value in labels.items()) or "<none>"
        for name, labels in observed.items()
    }


def test_the_dry_run_asks_for_the_observed_windows_workers(hands: Hands) -> None:
    (printed,) = hands.run("MOS-10", **{"my-cluster-spec.yaml": "my-multi-os-spec.yaml"})
    shown = [line.partition(" ") for line in printed.splitlines()]
    (cluster,) = [each for each in hands.management("Cluster") if each.name == MULTI_OS.partition("/")[2]]
    workers = cluster.spec["topology"]["workers"]["machineDeployments"]
    (annotations,) = [each["metadata"]["annotations"] for each in workers if each["class"] == "tkg-worker-windows"]
    assert [json.loads(found) for name, _, found in shown if name == "tkg-worker-windows"] == [annotations]


@CLUSTERS
def test_kubectl_shows_the_observed_packages_of_a_cluster(hands: Hands, cluster: str) -> None:
    asked, installed = hands.run("MOS-13", cluster)
    (bootstrap,) = [each for each in hands.management("ClusterBootstrap") if each.name == cluster.partition("/")[2]]
    assert asked.split() == [each["refName"] for each in bootstrap.spec["additionalPackages"]]
    states = {each.name: each.status["friendlyDescription"] for each in hands.workload("PackageInstall", cluster)}
    assert states
    of_windows = [line.split(maxsplit=1) for line in installed.splitlines()]
    assert {name: state.strip() for name, state in of_windows} == {
        name: state for name, state in states.items() if "tkg-windows" in name
    }
    assert bool(of_windows) == (cluster == MULTI_OS)
    assert column(hands.run("MOS-19", cluster)[1], "STATE") == states


def test_kubectl_shows_where_the_observed_pods_run(hands: Hands) -> None:
    printed = hands.run("MOS-19", MULTI_OS)[0]
    observed = {each.name: each for each in hands.workload("Pod", MULTI_OS)}
    assert observed
    where = {row[1]: row[3] for row in rows(printed)}
    assert where == {name: each.status["phase"] for name, each in observed.items()}
    for line in printed.splitlines()[1:]:
        assert observed[line.split()[1]].spec["nodeName"] in line.split()


def test_kubectl_finds_no_backup_until_there_is_one(hands: Hands, running_lab: Path) -> None:
    assert hands.run("MOS-24", MULTI_OS) == ["", "", ""]
    assert not hands.management("Schedule")
    with LabHandle.open(running_lab) as lab:
        revert = seeding.schedule_backup(lab)
        try:
            managed, own, restored = hands.run("MOS-24", MULTI_OS)
        finally:
            revert()
    assert [row[:2] for row in rows(managed)] == [["default", "nightly"]]
    assert (own, restored) == ("", "")


def test_kubectl_lists_the_images_that_clusters_may_use_as_observed(hands: Hands, tkr: KubernetesObject) -> None:
    (printed,) = hands.run("MOS-25", **{"TKR-NAME": tkr.name})
    assert json.loads(printed) == tkr.spec["osImages"]
