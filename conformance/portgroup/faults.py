"""Seeded faults of the DVPG area, on the default scenario: the workers of dev/wl2 are on the port group multi-os."""

from __future__ import annotations

from tkg_conformance.conformance.portgroup import seeding
from tkg_conformance.conformance.portgroup.seeding import CLUSTER, PORTGROUP
from tkg_conformance.fixtures.faults import Fault

_OBJECT = f"DistributedVirtualPortgroup {PORTGROUP}"

FAULTS: tuple[Fault, ...] = (
    Fault(
        id="windows-on-standard-network",
        requirement="DVPG-1",
        sentence="the Windows node was connected to the standard port group VM Network",
        object="VirtualMachine {vm}",
        names=seeding.windows_vm,
        scope=CLUSTER,
        verdict="INCONCLUSIVE",
        consequences={"DVPG-10": "INCONCLUSIVE"},
        apply=seeding.use_standard_network,
    ),
    Fault(
        id="promiscuous-mode-accepted",
        requirement="DVPG-2",
        sentence="promiscuous mode of the Windows nodes' port group was set to Accept",
        object=_OBJECT,
        scope=CLUSTER,
        apply=seeding.accepting("allowPromiscuous"),
    ),
    Fault(
        id="mac-changes-accepted",
        requirement="DVPG-3",
        sentence="MAC address changes of the Windows nodes' port group were set to Accept",
        object=_OBJECT,
        scope=CLUSTER,
        apply=seeding.accepting("macChanges"),
    ),
    Fault(
        id="forged-transmits-accepted",
        requirement="DVPG-4",
        sentence="forged transmits of the Windows nodes' port group were set to Accept",
        object=_OBJECT,
        scope=CLUSTER,
        apply=seeding.accepting("forgedTransmits"),
    ),
    Fault(
        id="mac-address-copied",
        requirement="DVPG-10",
        sentence="a Linux node on the Windows node's port group has the Windows node's MAC address",
        object="VirtualMachine {vm}",
        names=seeding.linux_vm,
        scope=CLUSTER,
        apply=seeding.copy_address,
    ),
)
