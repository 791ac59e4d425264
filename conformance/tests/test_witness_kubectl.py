"""What kubectl prints is what the suite has observed: the commands that `explain` has people run by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from conformance.tests.witnessing import CLUSTER, MULTI_OS, Hands, column, rows
from tkg_conformance.fixtures.models.topology import BETA_REGION, BETA_ZONE

pytestmark = pytest.mark.lab

CLUSTERS = pytest.mark.parametrize("cluster", [CLUSTER, MULTI_OS])


def of_cluster(hands: Hands, kind: str, cluster: str) -> list[Any]:
    name = cluster.partition("/")[2]
    return [each for each in hands.management(kind) if each.labels.get("cluster.x-k8s.io/cluster-name") == name]


@CLUSTERS
def test_kubectl_names_the_observed_images_and_builds(hands: Hands, cluster: str) -> None:
    nodes = {each.name: each for each in hands.workload("Node", cluster)}
    kubelet = {name: each.status["nodeInfo"]["kubeletVersion"] for name, each in nodes.items()}
    assert dict(rows(hands.run("OVA-7", cluster)[0])) == kubelet
    for id_ in ("OVA-10", "MOS-23"):
        wide = hands.run(id_, cluster)[0]
        assert column(wide, "OS-IMAGE") == {name: each.status["nodeInfo"]["osImage"] for name, each in nodes.items()}
        assert column(wide, "VERSION") == kubelet
    templates = {each.name: each.spec["template"] for each in of_cluster(hands, "VSphereVM", cluster)}
    assert templates
    assert templates.items() <= {row[0]: row[-1] for row in rows(hands.run("OVA-6", cluster)[0])}.items()
    assert dict(rows(hands.run("MOS-14", cluster)[0])).items() >= templates.items()


@CLUSTERS
def test_kubectl_prints_the_observed_tkr_data(hands: Hands, cluster: str) -> None:
    (observed,) = [each for each in hands.management("Cluster") if each.name == cluster.partition("/")[2]]
    values = {each["name"]: each["value"] for each in observed.spec["topology"]["variables"]}
    assert json.loads(hands.run("OVA-9", cluster)[0]) == values["TKR_DATA"]
    assert json.loads(hands.run("IDENT-6", cluster)[0]) == values["identityRef"]
    assert json.loads(hands.run("MOS-11", cluster)[0]) == observed.spec["topology"]["workers"]["machineDeployments"]
    assert yaml.safe_load(hands.run("MOS-12", cluster)[0])["spec"]["topology"]["version"]


@CLUSTERS
def test_kubectl_lists_machines_by_age_as_observed(hands: Hands, cluster: str) -> None:
    observed = sorted(of_cluster(hands, "Machine", cluster), key=lambda each: each.created)
    assert observed
    wanted = {each.name for each in observed}
    names = [row[0] for row in rows(hands.run("OVA-12", cluster)[0]) if row[0] in wanted]
    created = {each.name: each.created for each in observed}
    assert [created[name] for name in names] == [each.created for each in observed]


@CLUSTERS
def test_the_pages_own_command_shows_the_observed_zone_labels(hands: Hands, cluster: str) -> None:
    (printed,) = hands.run("ZONE-8", cluster)
    for heading, key in (("ZONE", BETA_ZONE), ("REGION", BETA_REGION)):
        observed = {each.name: each.labels.get(key, "") for each in hands.workload("Node", cluster)}
        assert column(printed, heading) == observed
        assert all(observed.values()) == (cluster == CLUSTER)


@CLUSTERS
def test_the_pages_own_command_corrected_shows_the_observed_csinodes(hands: Hands, cluster: str) -> None:
    observed = {each.name: each.spec.get("drivers") or [] for each in hands.workload("CSINode", cluster)}
    (printed,) = hands.run("ZONE-10", cluster)
    shown = {
        name: json.loads(spec)["drivers"] or [] for name, spec in (line.split(" ", 1) for line in printed.splitlines())
    }
    assert shown == observed
    keys = {
        name: [key for each in drivers for key in each.get("topologyKeys") or []] for name, drivers in observed.items()
    }
    (printed,) = hands.run("ZONE-15", cluster)
    pairs = [line.partition(" ") for line in printed.splitlines()]
    assert {name: json.loads(found) if found not in ("", "null") else [] for name, _, found in pairs} == keys
    names = {name: ",".join(each["name"] for each in drivers) or "<none>" for name, drivers in observed.items()}
    assert dict(rows(hands.run("MOS-21", cluster)[0])) == names


@CLUSTERS
def test_kubectl_shows_the_observed_csi_topology(hands: Hands, cluster: str) -> None:
    shown = yaml.safe_load(hands.run("ZONE-11", cluster)[0])["items"]
    observed = {each.name: each.status for each in hands.workload("CSINodeTopology", cluster)}
    assert observed
    assert {each["metadata"]["name"]: each["status"] for each in shown} == observed
    (arguments,) = hands.run("ZONE-12", cluster)
    (controller,) = [each for each in hands.workload("Deployment", cluster) if each.name == "vsphere-csi-controller"]
    containers = {each["name"]: each for each in controller.spec["template"]["spec"]["containers"]}
    assert json.loads(arguments) == containers["csi-provisioner"]["args"]


@CLUSTERS
def test_kubectl_shows_the_observed_configuration_of_cpi_and_csi(hands: Hands, cluster: str) -> None:
    for id_ in ("ZONE-7", "MOS-22"):
        shown = yaml.safe_load(hands.run(id_, cluster)[0])["items"]
        for kind in ("VSphereCPIConfig", "VSphereCSIConfig"):
            observed = {each.name: each.spec for each in hands.management(kind)}
            assert {each["metadata"]["name"]: each["spec"] for each in shown if each["kind"] == kind} == observed
    text = hands.run("ZONE-7", cluster)[1]
    (configuration,) = hands.workload("ConfigMap", cluster)
    facts = configuration.facts("vsphere.conf")
    assert facts is not None
    for role in ("region", "zone"):
        assert bool(facts[role]) == (f"{role} = " in text)
        assert str(facts[role] or "") in text


def test_kubectl_shows_the_observed_failure_domains(hands: Hands) -> None:
    (printed,) = hands.run("ZONE-14")
    assert {each.name for each in hands.management("Machine")} <= set(printed.split())
    assert {each.name for each in hands.management("VSphereFailureDomain")} <= set(printed.split())
    observed = {
        each.name: each.at("spec.topology.datastore") or "<none>" for each in hands.management("VSphereFailureDomain")
    }
    assert dict(rows(hands.run("DSC-11")[0])) == observed


@CLUSTERS
def test_kubectl_shows_the_observed_labels_and_taints(hands: Hands, cluster: str) -> None:
    nodes = {each.name: each for each in hands.workload("Node", cluster)}
    for name, labels in ((row[0], row[-1]) for row in rows(hands.run("ZONE-16", cluster)[0])):
        assert set(labels.split(",")) == {f"{key}={value}" for key, value in nodes[name].labels.items()}
    systems = {name: each.labels["kubernetes.io/os"] for name, each in nodes.items()}
    assert column(hands.run("MOS-15", cluster)[0], "OS") == systems
    shown = hands.run("MOS-16", cluster)[0]
    assert column(shown, "OS") == systems
    builds = {name: each.labels.get("node.kubernetes.io/windows-build", "") for name, each in nodes.items()}
    assert column(shown, "WINDOWS-BUILD") == builds
    shown = hands.run("MOS-18", cluster)[0]
    assert column(shown, "OS-NAME") == {name: each.labels.get("os-name", "") for name, each in nodes.items()}
    taints = hands.run("MOS-17", cluster)[0]
    for name, text in ((line.split()[0], line) for line in taints.splitlines()[1:]):
        keys = [taint["key"] for taint in nodes[name].spec.get("taints") or []]
        assert all(key in text for key in keys)
        assert ("<none>" in text) == (not keys)


def test_kubectl_shows_the_observed_identity(hands: Hands) -> None:
    (identity,) = hands.management("VSphereClusterIdentity")
    secret = identity.spec["secretName"]
    (keys,) = hands.run("IDENT-1", **{"SECRET-NAME": secret})
    (observed,) = [each for each in hands.management("Secret") if each.name == secret]
    assert set(keys.split()) == set(observed.data)
    ready = str(identity.status["ready"]).lower()
    assert rows(hands.run("IDENT-2")[0]) == [[identity.name, secret, ready]]
    named = {"IDENTITY-NAME": identity.name}
    assert json.loads(hands.run("IDENT-3", **named)[0]) == identity.spec["allowedNamespaces"]
    assert yaml.safe_load(hands.run("IDENT-4", **named)[0])["status"]["ready"] == identity.status["ready"]
    owners = dict(rows(hands.run("IDENT-12")[0]))
    assert owners[secret] == identity.name
    assert [each["name"] for each in observed.owners] == [identity.name]
    printed = hands.run("IDENT-14")[0]
    assert identity.name in printed
    assert secret in printed


@CLUSTERS
def test_kubectl_shows_whom_the_cluster_runs_under_as_observed(hands: Hands, cluster: str) -> None:
    lines = (line.partition(" ") for line in hands.run("IDENT-5", cluster)[0].splitlines())
    shown = {name: json.loads(reference) for name, _, reference in lines}
    assert shown == {each.name: each.spec["identityRef"] for each in hands.management("VSphereCluster")}
    (user,) = hands.run("IDENT-10", cluster)
    (secret,) = [each for each in hands.workload("Secret", cluster) if each.name == "vsphere-config-secret"]
    facts = secret.facts("csi-vsphere.conf")
    assert facts is not None
    assert user.partition("=")[2].strip().strip('"') == facts["servers"][0]["user"]
    namespace = cluster.partition("/")[0]
    (observed,) = [each for each in hands.management("Namespace") if each.name == namespace]
    labels = rows(hands.run("IDENT-11", cluster)[0])[0][-1]
    assert set(labels.split(",")) == {f"{key}={value}" for key, value in observed.labels.items()}


def test_kubectl_finds_capv_where_the_suite_does(hands: Hands) -> None:
    (row,) = rows(hands.run("IDENT-15")[0])
    capv = [each for each in hands.management("Deployment") if "capv" in each.name]
    assert [(each.namespace, each.name) for each in capv] == [(row[0], row[1])]


def test_govc_and_kubectl_show_where_the_machines_lie_as_observed(hands: Hands) -> None:
    for machine in (each for each in hands.vcenter.by_type["VirtualMachine"] if "/tkg/wl1/" in each.path):
        (info, members) = hands.run("DSC-8", DC="dc0", FOLDER="tkg/wl1", VM=machine.name, POD="gold")
        used = {hands.vcenter.by_key[key] for key in machine.props["datastore"]}
        assert {each.path for each in used} <= set(members.splitlines())
        assert all(each.name in info for each in used)
    policies = {each.name: each.spec.get("storagePolicyName", "<none>") for each in hands.management("VSphereVM")}
    assert {row[0]: row[1] for row in rows(hands.run("DSC-7")[0])} == policies


def test_kubectl_tells_machine_deployments_as_observed(hands: Hands) -> None:
    shown = {row[1]: row[-1] for row in rows(hands.run("DVPG-8")[0])}
    observed = {
        each.name: each.labels["cluster.x-k8s.io/cluster-name"] for each in hands.management("MachineDeployment")
    }
    assert observed
    assert shown == observed


def test_grep_finds_what_the_intent_says(hands: Hands) -> None:
    intent = {each.name: each.config for each in hands.observation.intent.clusters}
    found = dict(line.split(": ") for line in hands.run("ZONE-5")[0].splitlines())
    assert found == {name: intent[CLUSTER][name] for name in ("VSPHERE_REGION", "VSPHERE_ZONE")}
    assert hands.run("MOS-9")[0].partition(":")[2].strip() == "IS_WINDOWS_WORKLOAD_CLUSTER: 'true'"
    assert intent[MULTI_OS]["IS_WINDOWS_WORKLOAD_CLUSTER"] == "true"
    assert "name: identityRef" in hands.run("IDENT-13")[0]
    assert "storagePolicyID: gold-policy" in hands.run("DSC-12")[0]
    assert hands.run("DSC-6") == ["", ""]
    assert not intent[CLUSTER].get("VSPHERE_DATASTORE")
    assert "name: wl1" in hands.run("IDENT-16")[0]


def test_kubectl_asks_for_volumes_and_govc_for_their_datastore(hands: Hands) -> None:
    names = {"DC": "dc0", "DATASTORE": "shared-1"}
    claims, info = hands.run("ZONE-13", **names)
    assert claims == ""
    assert hands.at("/dc0/datastore/shared-1").name in info
