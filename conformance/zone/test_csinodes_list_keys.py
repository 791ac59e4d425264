"""ZONE-10: the CSINode of every Node lists the region and zone topology keys."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import settled_nodes
from tkg_conformance.conformance.zone.csi_topology import (
    csi_node,
    csi_node_topology,
    intended_keys,
    present_keys,
    registered_keys,
    state_of,
)
from tkg_conformance.conformance.zone.placement import dependencies
from tkg_conformance.conformance.zone.zoning import Zoning, zoning_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("ZONE-10")
def test_csinodes_list_keys(check: Check, site: Site, cluster: Cluster) -> None:
    zoning = zoning_of(check, site, cluster)
    accepted = [keys for keys in (present_keys(zoning), intended_keys(zoning)) if keys]
    for member in settled_nodes(check, cluster):
        if member.node is not None:
            _judge(check, zoning, member, accepted)


def _judge(check: Check, zoning: Zoning, member: Member, accepted: list[list[str]]) -> None:
    node = member.node
    if node is None:
        return
    cluster = zoning.cluster
    found = csi_node(cluster, node)
    keys = registered_keys(found)
    if keys is None and node.labels.get("kubernetes.io/os") == "windows":
        check.note(f"{node.ref} runs Windows and has no vSphere CSI driver; MOS-21 judges drivers per system")
        return
    ref = cluster.workload.ref("CSINode", node.name)
    check.examine(ref)
    if keys is not None and any(set(wanted) <= set(keys) for wanted in accepted):
        if not set(accepted[0]) <= set(keys):
            check.note(f"{ref} was registered before the configuration changed to other keys; ZONE-15 judges that")
        return
    resolved = csi_node_topology(cluster, node)
    driver = "the driver is not registered" if keys is None else f"topologyKeys {', '.join(keys) or 'empty'}"
    check.fail(
        ref,
        expected=f"driver csi.vsphere.vmware.com with topologyKeys {', '.join(accepted[0])}",
        observed=f"{driver}; {state_of(resolved)}",
        message=f"{ref} does not list the region and zone keys: {driver}",
        involves=[
            cluster.workload.ref("CSINodeTopology", node.name),
            *dependencies(zoning, member, "csi"),
        ],
    )
