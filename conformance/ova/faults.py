"""Seeded faults of the OVA area, on the default scenario: dev/wl1 (VSPHERE_TEMPLATE as full path) and dev/wl2."""

from __future__ import annotations

from tkg_conformance.conformance.ova import seeding
from tkg_conformance.conformance.ova.seeding import FOLDER, LINUX, WINDOWS, WL1, WL2
from tkg_conformance.fixtures.faults import Fault

_SETTING = f"Configuration {WL1} VSPHERE_TEMPLATE"
_VM = "VirtualMachine"

FAULTS: tuple[Fault, ...] = (
    Fault(
        id="tkr-label-edited",
        requirement="OVA-1",
        sentence="the label of the TKr on Cluster wl2 was set to another release",
        object=f"Cluster management/{WL2}",
        scope=WL2,
        apply=seeding.relabel_release,
        consequences={
            "MOS-1": "INCONCLUSIVE",
            "MOS-2": "INCONCLUSIVE",
            "MOS-3": "INCONCLUSIVE",
            "MOS-4": "INCONCLUSIVE",
            "MOS-5": "INCONCLUSIVE",
            "MOS-6": "INCONCLUSIVE",
            "MOS-8": "INCONCLUSIVE",
            "MOS-12": "FAIL",
            "MOS-25": "INCONCLUSIVE",
        },
    ),
    Fault(
        id="image-not-a-template",
        requirement="OVA-2",
        sentence="the Windows template was converted to a virtual machine",
        object=f"{_VM} {FOLDER}/{WINDOWS}",
        scope=WL2,
        apply=seeding.unmark_windows,
        consequences={"OVA-3": "NOT-APPLICABLE", "MOS-1": "FAIL"},
    ),
    Fault(
        id="image-duplicated",
        requirement="OVA-3",
        sentence="the Ubuntu template was cloned into a second folder under the same name",
        object=f"{_VM} /dc0/vm/tkg/wl2/{LINUX}",
        scope=WL2,
        apply=seeding.duplicate,
    ),
    Fault(
        id="image-name-misspelt",
        requirement="OVA-4",
        sentence="VSPHERE_TEMPLATE is the image's name with a wrong capital letter",
        object=_SETTING,
        scope=WL1,
        apply=seeding.misspell_name,
        consequences={"OVA-5": "NOT-APPLICABLE"},
    ),
    Fault(
        id="image-name-twice",
        requirement="OVA-4",
        sentence="VSPHERE_TEMPLATE is a bare name that two templates in different folders have",
        object=_SETTING,
        scope=WL1,
        apply=seeding.bare_name_twice,
        consequences={"OVA-3": "FAIL", "OVA-5": "NOT-APPLICABLE"},
    ),
    Fault(
        id="image-path-without-vm",
        requirement="OVA-5",
        sentence="VSPHERE_TEMPLATE leaves out vm after the datacenter",
        object=_SETTING,
        scope=WL1,
        apply=seeding.leave_vm_out,
    ),
    Fault(
        id="image-setting-ignored",
        requirement="OVA-6",
        sentence="VSPHERE_TEMPLATE names another image than the machines of the class-based cluster got",
        object="VSphereVM management/dev/{machine}",
        scope=WL1,
        verdict="DOC-CONFLICT",
        apply=seeding.name_other_image,
        names=seeding.first_machine,
    ),
    Fault(
        id="image-moved",
        requirement="OVA-6",
        sentence="the Windows template was moved to another folder after the cluster was created",
        object="VSphereMachineTemplate management/dev/{template}",
        scope=WL2,
        apply=seeding.move_windows,
        names=seeding.windows_deployment,
        consequences={"MOS-1": "FAIL"},
    ),
    Fault(
        id="image-version-edited",
        requirement="OVA-7",
        sentence="the property VERSION of the Windows template was edited to another Kubernetes version",
        object=f"{_VM} {FOLDER}/{WINDOWS}",
        scope=WL2,
        apply=seeding.edit_version,
        # No template answers the query of the Windows workers any more.
        consequences={"OVA-1": "FAIL", "OVA-3": "NOT-APPLICABLE"},
    ),
    Fault(
        id="image-reference-stale",
        requirement="OVA-9",
        sentence="TKR_DATA of the Windows workers holds a MoRef that vCenter does not have any more",
        object="MachineDeployment management/dev/{deployment}",
        scope=WL2,
        apply=seeding.edit_reference,
        names=seeding.windows_deployment,
    ),
    Fault(
        id="image-system-edited",
        requirement="OVA-10",
        sentence="the property DISTRO_VERSION of the Windows template was edited from 2019 to 2022",
        object="Node dev/wl2/{node}",
        scope=WL2,
        apply=seeding.edit_system,
        names=seeding.windows_deployment,
    ),
)
