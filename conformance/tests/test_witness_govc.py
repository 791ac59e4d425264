"""What govc prints is what the suite has observed: the commands that `explain` has people run by hand."""

from __future__ import annotations

import json

import pytest

from conformance.tests.witnessing import Hands, rows
from tkg_conformance.fixtures.models.portgroup_security import Policy
from tkg_conformance.fixtures.observation import uuids

pytestmark = pytest.mark.lab

LINUX = "/dc0/vm/templates/ubuntu-2204-kube-v1.35.4"


def ids(*wanted: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("id_", wanted)


def test_govc_lists_the_machines_under_the_observed_paths(hands: Hands) -> None:
    (printed,) = hands.run("OVA-8")
    assert sorted(printed.splitlines()) == sorted(each.path for each in hands.vcenter.by_type["VirtualMachine"])


@ids("OVA-1", "OVA-3")
def test_govc_finds_the_observed_templates(hands: Hands, id_: str) -> None:
    printed = hands.run(id_)[-1]
    templates = [each.path for each in hands.vcenter.by_type["VirtualMachine"] if each.props["config.template"]]
    assert sorted(printed.splitlines()) == sorted(templates)
    assert LINUX in templates


def test_govc_resolves_the_name_and_the_path_of_an_image(hands: Hands) -> None:
    assert hands.run("OVA-4", IMAGE=LINUX.rpartition("/")[2]) == [f"{LINUX}\n"]
    assert hands.run("OVA-5", DC="dc0", FOLDER="templates", IMAGE=LINUX.rpartition("/")[2]) == [
        f"{LINUX} (VirtualMachine)\n"
    ]


def test_govc_shows_the_image_as_observed(hands: Hands) -> None:
    named = {"DC": "dc0", "FOLDER": "templates", "IMAGE": LINUX.rpartition("/")[2]}
    state, info = hands.run("OVA-2", **named)
    observed = hands.at(LINUX).props
    said = {line.split()[0]: line.split()[-1] for line in state.splitlines()}
    assert said["config.template"] == str(observed["config.template"]).lower()
    assert said["runtime.powerState"] == observed["runtime.powerState"]
    assert "guestinfo.userdata" not in info
    assert "guestinfo.userdata" not in str(observed.get("config.extraConfig"))
    assert hands.run("OVA-13", **named) == [""]


@ids("OVA-11", "IDENT-9")
def test_govc_tells_the_observed_source_of_a_clone(hands: Hands, id_: str) -> None:
    machines = [each for each in hands.vcenter.by_type["VirtualMachine"] if "/tkg/wl1/" in each.path]
    assert machines
    for each in machines:
        (printed,) = hands.run(id_, DC="dc0", FOLDER="tkg/wl1", VM=each.name)
        cloned = [event for event in hands.vcenter.events[True, each.moid] if event.type == "VmClonedEvent"]
        assert [f"Clone of {event.source} completed" in printed for event in cloned] == [True]


def test_govc_lists_the_observed_categories_and_tags(hands: Hands) -> None:
    categories = {each.name: each for each in hands.vcenter.categories.values()}
    printed = json.loads(hands.run("ZONE-1")[0])
    assert {each["name"]: each["cardinality"] for each in printed} == {
        name: each.cardinality for name, each in categories.items()
    }
    for each in printed:
        assert sorted(each["associable_types"]) == sorted(categories[each["name"]].associable)
    tags = {(each.name, hands.vcenter.categories[each.category_id].name) for each in hands.vcenter.tags.values()}
    (zones,) = hands.run("ZONE-2")
    assert {(name, category) for name, category in map(str.split, zones.splitlines())} == {
        (tag, category) for tag, category in tags if category in ("k8s-zone", "k8s-region")
    }
    (both,) = hands.run("ZONE-6")
    assert {line.split()[0] for line in both.splitlines()} == {*categories, *(tag for tag, _ in tags)}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_govc_shows_the_observed_tags_of_objects(hands: Hands, number: int) -> None:
    def tags(path: str) -> list[str]:
        attached = hands.vcenter.attached.get(hands.at(path).key, ())
        return sorted(hands.vcenter.tags[each].name for each in attached)

    names = {"DC": "dc0", "CLUSTER": f"cluster{number}", "HOST": f"cluster{number}-host1.lab.example"}
    datacenter, cluster = "/dc0", f"/dc0/host/cluster{number}"
    assert [sorted(each.split()) for each in hands.run("ZONE-3", **names)] == [tags(datacenter), tags(cluster)]
    host = f"{cluster}/{names['HOST']}"
    assert [sorted(each.split()) for each in hands.run("ZONE-4", **names)] == [
        tags(host),
        tags(cluster),
        tags(datacenter),
    ]
    assert tags(cluster)


def test_govc_finds_the_machine_that_the_suite_joins_to_a_node(hands: Hands) -> None:
    for node in hands.workload("Node"):
        bios = uuids.canonical(node.spec["providerID"].removeprefix("vsphere://"))
        assert bios is not None
        (machine,) = hands.vcenter.by_uuid[bios]
        nodes, info, _ = hands.run("ZONE-9", DC="dc0", CLUSTER="cluster1", **{"BIOS-UUID": bios})
        assert dict(rows(nodes))[node.name] == node.spec["providerID"]
        assert f"Path:         {machine.path}\n" in info


def test_govc_sees_with_the_alternate_account_what_the_suite_saw(hands: Hands) -> None:
    (account,) = hands.vcenter.vcenter.accounts
    (printed,) = hands.run("IDENT-8", account=account.username)
    states = {line.split()[0]: line.split()[-1] for line in printed.splitlines() if "runtime.powerState" in line}
    bios = {key: uuids.canonical(hands.vcenter.by_key[key].props["config.uuid"]) for key in states}
    assert sorted(map(str, bios.values())) == sorted(account.vm_uuids)
    powered_on = [str(bios[key]) for key, state in states.items() if state == "poweredOn"]
    assert sorted(powered_on) == sorted(account.powered_on)
    assert powered_on
    clusters, root = hands.run("IDENT-7", account=account.username)
    assert "VCenterAvailable" in clusters
    assert (account.login, root) == ("ok", "Datacenters\n")


def test_govc_finds_the_observed_members_of_the_datastore_cluster(hands: Hands) -> None:
    pod = hands.at("/dc0/datastore/gold")
    members = sorted(each.path for each in hands.vcenter.by_type["Datastore"] if each.object.parent == pod.key)
    assert members
    for path in members:
        names = {"DC": "dc0", "POD": "gold", "DATASTORE": path.rpartition("/")[2]}
        found, tags = hands.run("DSC-2", **names)
        assert sorted(found.splitlines()) == members
        attached = hands.vcenter.attached[hands.at(path).key]
        assert tags.split() == [hands.vcenter.tags[each].name for each in attached]
        state = {line.split()[0]: line.split()[-1] for line in hands.run("DSC-10", **names)[0].splitlines()}
        observed = hands.at(path).props
        assert state["summary.accessible"] == str(observed["summary.accessible"]).lower()
        assert state["summary.maintenanceMode"] == observed["summary.maintenanceMode"]
    (category,) = [each for each in hands.vcenter.categories.values() if each.name == "storage-tier"]
    (printed,) = hands.run("DSC-1", CATEGORY=category.name)
    assert f"AssociableTypes:  [{' '.join(category.associable)}]" in printed
    for id_ in ("DSC-3", "DSC-4", "DSC-9"):
        compatible = hands.run(id_, POLICY="gold-policy")[0].partition("Compatible Datastores:")[2].split()[0]
        assert sorted(compatible.split(",")) == [path.rpartition("/")[2] for path in members]
    assert "gold-policy\n" in hands.run("DSC-5")[0]
    assert "/dc0/datastore/gold" in hands.run("DSC-13", POD="gold")[0]


def test_govc_shows_the_port_groups_by_their_observed_names(hands: Hands) -> None:
    named = {"DC": "dc0", "PORTGROUP": "multi-os", "DVS": "dvs0", "FOLDER": "tkg/wl2"}
    group = hands.at("/dc0/network/multi-os")
    windows = [
        each
        for each in hands.vcenter.by_type["VirtualMachine"]
        if each.props.get("config.guestId", "").startswith("win")
    ]
    machines = [each for each in windows if "/tkg/" in each.path]
    assert machines
    for machine in machines:
        info, ports = hands.run("DVPG-1", **named, VM=machine.name)
        assert group.moid in info
        assert f"PortgroupKey: {group.moid}" in ports
    for id_ in ("DVPG-2", "DVPG-3", "DVPG-4", "DVPG-11"):
        ((setting,),) = map(json.loads, hands.run(id_, **named))
        shown, observed = (
            setting["val"]["macManagementPolicy"],
            group.props["config.defaultPortConfig"]["mac"],
        )
        assert [shown[policy] for policy in Policy] == [observed[policy] for policy in Policy]
    assert json.loads(hands.run("DVPG-5", **named)[0])["port"][0]["portgroupKey"] == group.moid
    assert hands.run("DVPG-10") == [""]
    assert '"config.defaultPortConfig"' in hands.run("DVPG-6", **named)[0]
    for each in hands.vcenter.by_type["DistributedVirtualPortgroup"]:
        assert f'"value": "{each.moid}"' in hands.run("DVPG-9")[0]
