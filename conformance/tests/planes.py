"""The Kubernetes planes of the constructed site: management objects, Nodes and what CPI and CSI read and write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from tkg_conformance.fixtures.models import topology
from tkg_conformance.fixtures.models.identity import SECRET_FINALIZER
from tkg_conformance.fixtures.observation.model import KubernetesPlane, Resource

SERVER = "vc01.example.org"
ALTERNATE = "tkg-dev@vsphere.local"
CREATED = "2026-11-22T11:00:00Z"
ZONES = ("zone-a", "zone-b", "zone-c")
CSI_KEYS = (f"{topology.CSI_DOMAIN}/k8s-region", f"{topology.CSI_DOMAIN}/k8s-zone")


class Machine(Protocol):
    """What the planes need of a sample machine."""

    cluster: str
    name: str
    zone: int
    failure_domain: str | None
    windows: bool

    @property
    def uuid(self) -> str: ...


@dataclass
class Item:
    """A mutable Kubernetes object."""

    api_version: str
    kind: str
    name: str
    namespace: str | None = None
    metadata: dict[str, Any] = field(default_factory=lambda: {"creationTimestamp": CREATED})
    spec: dict[str, Any] = field(default_factory=dict)
    status: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


class Plane:
    """A mutable collection of objects."""

    def __init__(self) -> None:
        self.items: list[Item] = []

    def add(self, kind: str, name: str, namespace: str | None = None, /, **parts: Any) -> Item:
        """Add an object and return it."""
        metadata = {"creationTimestamp": CREATED, **parts.pop("metadata", {})}
        item = Item(parts.pop("api_version", "v1"), kind, name, namespace, metadata=metadata, **parts)
        self.items.append(item)
        return item

    def find(self, kind: str, name: str, namespace: str | None = None) -> Item:
        """Return the object; LookupError if there is none."""
        for item in self.items:
            if (item.kind, item.name) == (kind, name) and namespace in (None, item.namespace):
                return item
        raise LookupError(f"{kind} {name}")

    def remove(self, kind: str, name: str, namespace: str | None = None) -> None:
        """Take an object away."""
        self.items.remove(self.find(kind, name, namespace))

    def build(self, name: str) -> KubernetesPlane:
        """Return the frozen plane."""
        return KubernetesPlane(
            name, "https://127.0.0.1:6443", "v1.35.4", tuple(Resource(**vars(i)) for i in self.items)
        )


def conditions(contract: str, *types: tuple[str, str], status: str = "True") -> dict[str, Any]:
    """Return a status with conditions; each is (v1beta2 type, v1beta1 type)."""
    new = [{"type": one, "status": status, "reason": one} for one, _ in types]
    old = [{"type": other, "status": status} for _, other in types]
    if contract == "v1beta2":
        return {"conditions": new, "deprecated": {"v1beta1": {"conditions": old}}}
    return {"conditions": old, "v1beta2": {"conditions": new}}


def management_plane(machines: list[Any], *, contract: str, topology_categories: bool) -> Plane:
    """Return the management cluster."""
    plane = Plane()
    plane.add("Namespace", "dev", metadata={"labels": {"kubernetes.io/metadata.name": "dev"}})
    plane.add("Namespace", "capv-system")
    provider = {"labels": {"cluster.x-k8s.io/provider": "infrastructure-vsphere"}}
    plane.add("Pod", "capv-controller-manager-0", "capv-system", metadata=provider)
    _identity(plane, contract)
    for index, zone in enumerate(ZONES):
        _failure_domain(plane, contract, zone, index + 1)
    _cluster(plane, contract, "wl1", {"kind": "VSphereClusterIdentity", "name": "tkg-dev"}, ZONES)
    _cluster(plane, contract, "wl2", {"kind": "Secret", "name": "wl2"}, ())
    plane.add("Secret", "wl2", "dev", data=_credentials("administrator@vsphere.local"))
    for machine in machines:
        _machine(plane, machine)
    settings = {"region": "k8s-region", "zone": "k8s-zone"}
    csi = {**settings, "useTopologyCategories": topology_categories}
    plane.add("VSphereCPIConfig", "wl1", "dev", spec={"vsphereCPI": dict(settings)})
    plane.add("VSphereCSIConfig", "wl1", "dev", spec={"vsphereCSI": {"config": dict(csi)}})
    plane.add("Secret", "wl1-vsphere-cpi-data-values", "dev", data=facts("values.yaml", {"vsphereCPI": dict(settings)}))
    plane.add("Secret", "wl1-vsphere-csi-data-values", "dev", data=facts("values.yaml", {"vsphereCSI": dict(csi)}))
    plane.add("VSphereCPIConfig", "wl2", "dev", spec={"vsphereCPI": {}})
    plane.add("VSphereCSIConfig", "wl2", "dev", spec={"vsphereCSI": {}})
    return plane


def facts(key: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the reduced data of a configuration text."""
    return {key: {"present": True, "empty": False, "facts": values}}


def _credentials(user: str) -> dict[str, Any]:
    return {
        "username": {"present": True, "empty": False, "double_base64": False, "user": user},
        "password": {"present": True, "empty": False, "double_base64": False, "hash": "0"},
    }


def _identity(plane: Plane, contract: str) -> None:
    owner = {"kind": "VSphereClusterIdentity", "name": "tkg-dev"}
    metadata = {"ownerReferences": [owner], "finalizers": [SECRET_FINALIZER]}
    plane.add("Secret", "tkg-dev-credentials", "capv-system", metadata=metadata, data=_credentials(ALTERNATE))
    plane.add(
        "VSphereClusterIdentity",
        "tkg-dev",
        spec={"secretName": "tkg-dev-credentials", "allowedNamespaces": {"selector": {"matchLabels": {}}}},
        status={"ready": True, **conditions(contract, ("Available", "CredentialsAvailable"))},
    )


def _failure_domain(plane: Plane, contract: str, zone: str, number: int) -> None:
    ready = {"ready": True, **conditions(contract, ("Ready", "Ready"), ("VCenterAvailable", "VCenterAvailable"))}
    plane.add("VSphereDeploymentZone", zone, spec={"server": SERVER, "failureDomain": zone}, status=ready)
    plane.add(
        "VSphereFailureDomain",
        zone,
        spec={
            "region": {"name": "region-1", "type": "Datacenter", "tagCategory": "k8s-region"},
            "zone": {"name": zone, "type": "ComputeCluster", "tagCategory": "k8s-zone"},
            "topology": {"datacenter": "dc0", "computeCluster": f"cluster{number}"},
        },
    )


def _cluster(plane: Plane, contract: str, name: str, identity: dict[str, str], zones: tuple[str, ...]) -> None:
    deployments = [
        {"class": "tkg-worker", "name": f"md-{index}", "failureDomain": zone} for index, zone in enumerate(zones)
    ]
    variables = [{"name": "identityRef", "value": dict(identity)}]
    spec = {
        "infrastructureRef": {"kind": "VSphereCluster", "name": f"{name}-x7k2p"},
        "topology": {
            "classRef": {"name": "tkg-vsphere-default-v1"},
            "variables": variables,
            "workers": {"machineDeployments": deployments},
        },
    }
    plane.add("Cluster", name, "dev", spec=spec)
    plane.add(
        "VSphereCluster",
        f"{name}-x7k2p",
        "dev",
        spec={"server": SERVER, "identityRef": dict(identity)},
        status=conditions(contract, ("VCenterAvailable", "VCenterAvailable")),
    )


def _machine(plane: Plane, machine: Machine) -> None:
    cluster = machine.cluster.partition("/")[2]
    spec: dict[str, Any] = {
        "clusterName": cluster,
        "providerID": f"vsphere://{machine.uuid}",
        "infrastructureRef": {"kind": "VSphereMachine", "name": machine.name},
    }
    if machine.failure_domain:
        spec["failureDomain"] = machine.failure_domain
    status = {"phase": "Running", "nodeRef": {"name": machine.name}}
    plane.add("Machine", machine.name, "dev", spec=spec, status=status)
    plane.add("VSphereMachine", machine.name, "dev")
    owner = {"ownerReferences": [{"kind": "VSphereMachine", "name": machine.name}]}
    plane.add("VSphereVM", f"{machine.name[:9]}-vm", "dev", metadata=owner, spec={"biosUUID": machine.uuid})


def workload_plane(machines: list[Any], *, zoned: bool, user: str, topology_categories: bool = False) -> Plane:
    """Return a workload cluster; `zoned` ones carry region and zone everywhere."""
    plane = Plane()
    for machine in machines:
        _node(plane, machine, zoned, topology_categories)
    names = {"region": "k8s-region", "zone": "k8s-zone"} if zoned else {"region": None, "zone": None}
    plane.add("ConfigMap", "vsphere-cloud-config", "kube-system", data=facts("vsphere.conf", {**names, "servers": []}))
    as_user = {f"{SERVER}.username": {"present": True, "user": user}}
    plane.add("Secret", "cloud-provider-vsphere-credentials", "kube-system", data=as_user)
    driver: dict[str, Any] = {**names, "topology_categories": [], "labels": {}, "servers": [{"user": user}]}
    if topology_categories:
        driver |= {"region": None, "zone": None, "topology_categories": ["k8s-region", "k8s-zone"]}
    plane.add("Secret", "vsphere-config-secret", "kube-system", data=facts("csi-vsphere.conf", driver))
    arguments = ["--v=4", *(["--feature-gates=Topology=true", "--strict-topology"] if zoned else [])]
    containers = [{"name": "csi-provisioner", "image": "csi-provisioner", "args": arguments}]
    pods = {"template": {"spec": {"containers": containers}}}
    plane.add("Deployment", "vsphere-csi-controller", "kube-system", spec=pods)
    return plane


def _node(plane: Plane, machine: Machine, zoned: bool, topology_categories: bool) -> None:
    zone = ZONES[machine.zone]
    labels = {"kubernetes.io/os": "windows" if machine.windows else "linux"}
    keys = CSI_KEYS if topology_categories else topology.BETA.both()
    if zoned:
        labels |= dict(zip(topology.BETA.both(), ("region-1", zone), strict=True))
        labels |= dict(zip(topology.GA.both(), ("region-1", zone), strict=True))
        labels |= dict(zip(keys, ("region-1", zone), strict=True))
    plane.add(
        "Node",
        machine.name,
        metadata={"labels": labels},
        spec={"providerID": f"vsphere://{machine.uuid}"},
        status={"nodeInfo": {"systemUUID": machine.uuid}},
    )
    told = [{"key": key, "value": value} for key, value in zip(keys, ("region-1", zone), strict=True)] if zoned else []
    status = {"status": "Success", "topologyLabels": told}
    plane.add("CSINodeTopology", machine.name, spec={"nodeID": machine.name}, status=status)
    driver = {"name": topology.CSI_DRIVER, "topologyKeys": list(keys) if zoned else []}
    plane.add("CSINode", machine.name, spec={"drivers": [driver]})
