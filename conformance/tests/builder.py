"""A constructed observation in the shape of the lab's default site, to be changed by the tests.

`Sample` holds mutable plain data: change it, then `build()` gives the frozen observation. Three zones, cluster
dev/wl1 (Linux, six machines, identity tkg-dev) and dev/wl2 (multi-OS, three machines, plain Secret, no region or
zone).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from conformance.tests.planes import Item, Plane, management_plane, workload_plane
from tkg_conformance.fixtures.observation.model import (
    SCHEMA,
    AccountView,
    Attachment,
    Category,
    ClusterIntent,
    Intent,
    ManagedObject,
    Observation,
    PolicyUse,
    Problem,
    StoragePolicy,
    Tag,
    VCenter,
    VCenterEvent,
)

SERVER = "vc01.example.org"
NOW = "2026-11-22T12:00:00Z"
ADMINISTRATOR = "administrator@vsphere.local"
ALTERNATE = "tkg-dev@vsphere.local"
SWITCH = "50 2a 5b 9e"
ZONES = ("zone-a", "zone-b", "zone-c")


@dataclass
class MachineSpec:
    """One machine of a sample cluster; its VM runs on the first host of its compute cluster."""

    cluster: str
    name: str
    zone: int
    failure_domain: str | None = None
    windows: bool = False

    @property
    def uuid(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.cluster}/{self.name}"))


@dataclass
class Sample:
    """A site as mutable data; see `healthy`."""

    machines: list[MachineSpec]
    inventory: dict[str, dict[str, Any]]
    tags: dict[str, tuple[str, str]]
    categories: dict[str, Category]
    attached: dict[str, list[str]]
    management: Plane
    workloads: dict[str, Plane]
    intents: dict[str, dict[str, Any]]
    events: list[VCenterEvent]
    accounts: list[AccountView]
    profile: dict[str, Any] = field(default_factory=dict)
    declared_accounts: dict[str, str] = field(default_factory=dict)
    account_uses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    policies: list[StoragePolicy] = field(default_factory=list)
    policy_uses: list[PolicyUse] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    sight: dict[str, Any] = field(default_factory=lambda: {"limited": False})
    govc_paths: tuple[str, ...] | None = None
    without_management: bool = False

    def find(self, kind: str, name: str, namespace: str | None = None) -> Item:
        """Return a management object to change."""
        return self.management.find(kind, name, namespace)

    def node(self, name: str, cluster: str = "dev/wl1") -> Item:
        """Return a Node to change."""
        return self.workloads[cluster].find("Node", name)

    def move(self, machine: str, host: str) -> None:
        """Let a machine's VM run on another host, `host-21` being the first of cluster2."""
        spec = next(each for each in self.machines if each.name == machine)
        self.inventory[f"VirtualMachine:vm-{spec.name}"]["props"]["runtime.host"] = f"HostSystem:{host}"

    def detach(self, key: str) -> None:
        """Take all tags off an object."""
        self.attached.pop(key)

    def build(self) -> Observation:
        """Return the frozen observation."""
        tags = tuple(Tag(id_, name, category) for id_, (name, category) in self.tags.items())
        vcenter = VCenter(
            server=SERVER,
            username=ADMINISTRATOR,
            objects=tuple(ManagedObject(**each) for each in self.inventory.values()),
            categories=tuple(self.categories.values()),
            tags=tags,
            attachments=tuple(Attachment(key, tuple(found)) for key, found in self.attached.items()),
            events=tuple(self.events),
            accounts=tuple(self.accounts),
            policies=tuple(self.policies),
            policy_uses=tuple(self.policy_uses),
            sight=self.sight,
            govc_paths=self.govc_paths,
        )
        return Observation(
            schema=SCHEMA,
            suite_version="0",
            kind="lab",
            started="2026-11-22T11:59:58Z",
            now=NOW,
            duration_s=2.0,
            intent=Intent(
                clusters=tuple(ClusterIntent(name=name, **each) for name, each in self.intents.items()),
                accounts=self.declared_accounts,
                account_uses=self.account_uses,
                profile=self.profile,
            ),
            vcenters=(vcenter,),
            management=None if self.without_management else self.management.build("management"),
            workloads=tuple(plane.build(name) for name, plane in self.workloads.items()),
            problems=tuple(self.problems),
        )


def healthy(*, contract: str = "v1beta2", topology_categories: bool = False) -> Sample:
    """Return the healthy site; `contract` chooses the layout of CAPV's conditions."""
    machines = [
        *(MachineSpec("dev/wl1", f"wl1-cp-{index}", index, ZONES[index]) for index in range(3)),
        *(MachineSpec("dev/wl1", f"wl1-md-{index}", index, ZONES[index]) for index in range(3)),
        MachineSpec("dev/wl2", "wl2-cp-0", 0),
        MachineSpec("dev/wl2", "wl2-md-0-l", 0),
        MachineSpec("dev/wl2", "wl2-md-0", 0, windows=True),
    ]
    wl1 = [each for each in machines if each.cluster == "dev/wl1"]
    wl2 = [each for each in machines if each.cluster == "dev/wl2"]
    uuids = tuple(each.uuid for each in machines)
    return Sample(
        machines=machines,
        inventory=_inventory(machines),
        tags={"t-r": ("region-1", "c-r"), **{f"t-{zone}": (zone, "c-z") for zone in ZONES}},
        categories={
            "c-r": Category("c-r", "k8s-region", "SINGLE", ("Datacenter",)),
            "c-z": Category("c-z", "k8s-zone", "SINGLE", ("ClusterComputeResource",)),
        },
        attached={
            "Datacenter:dc": ["t-r"],
            **{f"ClusterComputeResource:cluster{n}": [f"t-{ZONES[n - 1]}"] for n in (1, 2, 3)},
        },
        management=management_plane(machines, contract=contract, topology_categories=topology_categories),
        workloads={
            "dev/wl1": workload_plane(wl1, zoned=True, user=ALTERNATE, topology_categories=topology_categories),
            "dev/wl2": workload_plane(wl2, zoned=False, user=ADMINISTRATOR),
        },
        intents={
            "dev/wl1": _intent("linux", _flat(topology_categories)),
            "dev/wl2": _intent("multi-os", {"VSPHERE_SERVER": SERVER, "IS_WINDOWS_WORKLOAD_CLUSTER": "true"}),
        },
        events=[_cloned(each, ALTERNATE if each.cluster == "dev/wl1" else ADMINISTRATOR) for each in machines],
        accounts=[AccountView(ALTERNATE, "ok", vm_uuids=uuids, powered_on=uuids, sees_everything=True)],
    )


def port_setting_of(*, accept: bool, inherited: bool = False) -> dict[str, Any]:
    """Return a port setting with the same value for all three policies, in both spellings."""
    names = ("allowPromiscuous", "macChanges", "forgedTransmits")
    nested = {name: {"inherited": inherited, "value": accept} for name in names}
    return {
        "security": {"inherited": inherited, **nested},
        "mac": {"inherited": inherited, **dict.fromkeys(names, accept)},
    }


def _flat(topology_categories: bool) -> dict[str, str]:
    return {
        "VSPHERE_SERVER": SERVER,
        "VSPHERE_INSECURE": "false",
        "VSPHERE_REGION": "k8s-region",
        "VSPHERE_ZONE": "k8s-zone",
        "USE_TOPOLOGY_CATEGORIES": str(topology_categories).lower(),
    }


def _intent(type_: str, config: dict[str, str]) -> dict[str, Any]:
    return {"type": type_, "form": "flat", "config": config}


def _cloned(machine: MachineSpec, user: str) -> VCenterEvent:
    name, _, domain = user.partition("@")
    full = f"{domain.upper()}\\{name}"
    return VCenterEvent(
        "VmClonedEvent", "2026-11-22T11:00:00Z", full, f"VirtualMachine:vm-{machine.name}", machine.name
    )


def _inventory(machines: list[MachineSpec]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}

    def add(type_: str, moid: str, name: str, parent: str | None, **props: Any) -> None:
        found[f"{type_}:{moid}"] = {"type": type_, "moid": moid, "name": name, "parent": parent, "props": props}

    add("Folder", "root", "Datacenters", None)
    add("Datacenter", "dc", "dc0", "Folder:root")
    for folder in ("vm", "host", "datastore", "network"):
        add("Folder", folder, folder, "Datacenter:dc")
    for name in ("shared-1", *(f"{zone}-1" for zone in ZONES)):
        add("Datastore", name, name, "Folder:datastore", **{"summary.accessible": True})
    for number in (1, 2, 3):
        compute = f"ClusterComputeResource:cluster{number}"
        add("ClusterComputeResource", f"cluster{number}", f"cluster{number}", "Folder:host")
        add("ResourcePool", f"pool{number}", "Resources", compute)
        for index in (1, 2):
            datastores = ["Datastore:shared-1", f"Datastore:{ZONES[number - 1]}-1"]
            add("HostSystem", f"host-{number}{index}", f"c{number}-host{index}", compute, datastore=datastores)
    rejects = port_setting_of(accept=False)
    add(
        "DistributedVirtualSwitch",
        "dvs",
        "dvs0",
        "Folder:network",
        uuid=SWITCH,
        **{"config.defaultPortConfig": rejects},
    )
    for name in ("workload", "multi-os"):
        group = {
            "key": name,
            "config.defaultPortConfig": port_setting_of(accept=False),
            "config.distributedVirtualSwitch": "DistributedVirtualSwitch:dvs",
            "config.policy": {"macManagementOverrideAllowed": False, "securityPolicyOverrideAllowed": False},
        }
        add("DistributedVirtualPortgroup", name, name, "Folder:network", **group)
    for number, machine in enumerate(machines):
        segment, key = "multi-os" if machine.windows else "workload", str(number)
        mac = f"00:50:56:80:00:{number:02x}"
        nic = {"key": 4000, "kind": "nic", "mac": mac, "portgroupKey": segment, "portKey": key, "switchUuid": SWITCH}
        inherited = {"config.setting": port_setting_of(accept=False, inherited=True)}
        above = f"DistributedVirtualPortgroup:{segment}"
        if machine.windows:
            add("DistributedVirtualPort", f"{SWITCH}/{key}", f"port {key}", above, **inherited)
        props: dict[str, Any] = {
            "config.uuid": machine.uuid,
            "config.guestId": "windows2019srv_64Guest" if machine.windows else "ubuntu64Guest",
            "config.hardware.device": [nic],
            "runtime.powerState": "poweredOn",
            "runtime.host": f"HostSystem:host-{machine.zone + 1}1",
            "resourcePool": f"ResourcePool:pool{machine.zone + 1}",
        }
        add("VirtualMachine", f"vm-{machine.name}", machine.name, "Folder:vm", **props)
    return found
