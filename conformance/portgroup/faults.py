"""Seeded faults of the DVPG area, on the default scenario: cluster dev/wl2, whose Windows node is on `multi-os`."""

from __future__ import annotations

from tkg_conformance.conformance.multios.seeding import stop_kubelet
from tkg_conformance.conformance.ova.seeding import windows_deployment
from tkg_conformance.conformance.portgroup import seeding, seeding_machines, seeding_networks
from tkg_conformance.conformance.portgroup.seeding import CLUSTER, PORT_GROUP, SWITCH
from tkg_conformance.fixtures.faults import Fault

_GROUP = f"DistributedVirtualPortgroup {PORT_GROUP}"

FAULTS: tuple[Fault, ...] = (
    Fault(
        id="windows-adapter-removed",
        requirement="DVPG-1",
        sentence="the network adapter was removed from the Windows node's VM",
        object="VirtualMachine {vm}",
        names=seeding.windows_vm,
        scope=CLUSTER,
        consequences={"DVPG-5": "NOT-APPLICABLE"},
        apply=seeding.remove_adapter,
    ),
    Fault(
        id="port-group-renamed",
        requirement="DVPG-1",
        sentence="the port group was renamed, so that the name configured for Windows workers is nobody's",
        object="VSphereMachineTemplate management/dev/{template}",
        names=windows_deployment,
        scope=CLUSTER,
        apply=seeding_networks.rename_group,
    ),
    Fault(
        id="port-group-renamed-before-machine",
        requirement="DVPG-1",
        sentence="a Windows machine was ordered after its port group had been renamed",
        object="VSphereMachineTemplate management/dev/{template}",
        names=windows_deployment,
        scope=CLUSTER,
        settle_s=90.0,
        quotes="network 'multi-os' not found",
        batch="machines-without-network-or-datastore",
        apply=seeding_machines.order_without_network,
    ),
    Fault(
        id="promiscuous-accepted",
        requirement="DVPG-2",
        sentence="promiscuous mode of the Windows nodes' port group was set to Accept",
        object=_GROUP,
        scope=CLUSTER,
        apply=seeding.accept_promiscuous,
    ),
    Fault(
        id="windows-node-on-other-group",
        requirement="DVPG-2",
        sentence="the Windows node's adapter was moved to a port group that accepts promiscuous mode",
        object=f"DistributedVirtualPortgroup {seeding_networks.OTHER_GROUP}",
        scope=CLUSTER,
        # The Linux nodes are alone on their port group then.
        consequences={"DVPG-9": "PASS"},
        apply=seeding_networks.move_to_accepting_group,
    ),
    Fault(
        id="mac-changes-accepted",
        requirement="DVPG-3",
        sentence="MAC address changes of the Windows nodes' port group were set to Accept",
        object=_GROUP,
        scope=CLUSTER,
        apply=seeding.accept_mac_changes,
    ),
    Fault(
        id="forged-transmits-accepted",
        requirement="DVPG-4",
        sentence="forged transmits of the Windows nodes' port group were set to Accept",
        object=_GROUP,
        scope=CLUSTER,
        apply=seeding.accept_forged_transmits,
    ),
    Fault(
        id="windows-node-on-standard-switch",
        requirement="DVPG-4",
        sentence="the Windows node was put on a standard switch, which accepts forged transmits by default",
        object=f"HostPortGroup {{host}}/{seeding_networks.STANDARD}",
        names=seeding.windows_host,
        scope=CLUSTER,
        consequences={"DVPG-3": "FAIL", "DVPG-5": "NOT-APPLICABLE", "DVPG-9": "PASS"},
        apply=seeding_networks.move_to_standard_switch,
    ),
    Fault(
        id="port-override-accepts",
        requirement="DVPG-5",
        sentence="the Windows node's own port was overridden to accept promiscuous mode",
        object=f"DistributedVirtualPort {PORT_GROUP}/port {{port}}",
        names=seeding.port_of,
        scope=CLUSTER,
        apply=seeding.override_port,
    ),
    Fault(
        id="port-override-accepts-mac-changes",
        requirement="DVPG-5",
        sentence="the Windows node's own port was overridden to accept MAC address changes",
        object=f"DistributedVirtualPort {PORT_GROUP}/port {{port}}",
        names=seeding.port_of,
        scope=CLUSTER,
        apply=seeding.override_port_mac_changes,
    ),
    Fault(
        id="port-override-accepts-forged-transmits",
        requirement="DVPG-5",
        sentence="the Windows node's own port was overridden to accept forged transmits",
        object=f"DistributedVirtualPort {PORT_GROUP}/port {{port}}",
        names=seeding.port_of,
        scope=CLUSTER,
        apply=seeding.override_port_forged_transmits,
    ),
    Fault(
        id="switch-default-accepts",
        requirement="DVPG-6",
        sentence="the port group inherits forged transmits from a switch that accepts them",
        object=f"DistributedVirtualSwitch {SWITCH}",
        scope=CLUSTER,
        apply=seeding.inherit_accept,
    ),
    Fault(
        id="promiscuous-left-accepted",
        requirement="MOS-15",
        sentence="promiscuous mode of the Windows nodes' port group was set to Accept and left so",
        object=f"Node {CLUSTER}/{{node}}",
        names=seeding.windows_node,
        scope=CLUSTER,
        apply=seeding.accept_promiscuous,
        # DVPG-7 is told as their consequence.
        consequences={"DVPG-2": "FAIL"},
        # The node falls silent after half a minute, and is given up 50 s later.
        settle_s=150.0,
    ),
    Fault(
        id="windows-node-went-not-ready",
        requirement="DVPG-7",
        sentence="the Windows node became NotReady although its port group rejects everything",
        object=f"Node {CLUSTER}/{{node}}",
        names=seeding.windows_node,
        scope=CLUSTER,
        apply=stop_kubelet,
        consequences={"MOS-15": "FAIL"},
    ),
    Fault(
        id="mac-address-duplicated",
        requirement="DVPG-10",
        sentence="a Linux worker was put on the Windows network with the Windows node's MAC address",
        object="VirtualMachine {vm}",
        names=seeding.windows_vm,
        scope=CLUSTER,
        consequences={"DVPG-9": "NOT-APPLICABLE"},
        apply=seeding.duplicate_mac,
    ),
)
