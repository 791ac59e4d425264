"""What the CSI driver has registered for each Node: CSINode entries and CSINodeTopology objects."""

from __future__ import annotations

from tkg_conformance.conformance.zone.zoning import ROLES, Zoning
from tkg_conformance.fixtures.models import topology
from tkg_conformance.fixtures.observation.views.cluster import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject


def csi_node(cluster: Cluster, node: KubernetesObject) -> KubernetesObject | None:
    """Return the CSINode of a Node."""
    return cluster.workload.get("CSINode", node.name)


def csi_node_topology(cluster: Cluster, node: KubernetesObject) -> KubernetesObject | None:
    """Return the CSINodeTopology of a Node (cns.vmware.com/v1alpha1, named like the Node)."""
    return cluster.workload.get("CSINodeTopology", node.name)


def registered_keys(found: KubernetesObject | None) -> list[str] | None:
    """Return the topology keys under which the vSphere driver is registered in a CSINode, None if it is not."""
    for driver in (found.spec.get("drivers") or ()) if found else ():
        if driver.get("name") == topology.CSI_DRIVER:
            return [str(key) for key in driver.get("topologyKeys") or ()]
    return None


def topology_labels(found: KubernetesObject | None) -> dict[str, str]:
    """Return the topology labels that the driver resolved for a Node."""
    labels = (found.status.get("topologyLabels") or ()) if found else ()
    return {str(label.get("key")): str(label.get("value")) for label in labels}


def state_of(found: KubernetesObject | None) -> str:
    """Return a CSINodeTopology's status with its own words."""
    if found is None:
        return "no CSINodeTopology"
    message = found.status.get("errorMessage")
    status = found.status.get("status") or "no status"
    return f"{found.ref} {status}" + (f": {message}" if message else "")


def present_keys(zoning: Zoning) -> list[str]:
    """Return the keys that the driver's present configuration leads to; empty if it names no topology."""
    driver = zoning.cluster.hops.driver_config()
    return sorted(driver.topology_keys().values()) if driver else []


def intended_keys(zoning: Zoning) -> list[str]:
    """Return the keys that the configuration in the site file (or the first hop) leads to."""
    source = zoning.source
    names = [name for role in ROLES if (name := zoning.value(role))]
    categories = (source.categories or tuple(names)) if source.wants_categories else ()
    return sorted(topology.csi_keys(source.region, source.zone, categories).values()) or sorted(topology.BETA.both())
