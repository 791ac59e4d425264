"""Changes to region and zone on their way to the drivers of dev/wl1: in its files and, by hand, where drivers read."""

from __future__ import annotations

import re
from typing import Final

from tkg_conformance.conformance.zone.seeding import (
    CLUSTER,
    REGION_CATEGORY,
    ZONE_CATEGORY,
    configure,
    provisioner_arguments,
)
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import patched, resealed

_CLOUD_CONFIG: Final = "/api/v1/namespaces/kube-system/configmaps/vsphere-cloud-config"
_CSI_CONFIG: Final = "/api/v1/namespaces/kube-system/secrets/vsphere-config-secret"
_BOTH_FORMS: Final = f'[Labels]\ntopology-categories = "{REGION_CATEGORY}, {ZONE_CATEGORY}"\n'


def unset_zone(lab: LabHandle) -> Revert:
    return configure(lab, REGION_CATEGORY, None)


def add_blank(lab: LabHandle) -> Revert:
    return configure(lab, REGION_CATEGORY, f"{ZONE_CATEGORY} ")


def swap(lab: LabHandle) -> Revert:
    return configure(lab, ZONE_CATEGORY, REGION_CATEGORY)


def drop_cloud_labels(lab: LabHandle) -> Revert:
    """Take the section Labels out of vsphere.conf, as someone does who restores an older file."""
    api = lab.workload(CLUSTER)
    text = api.get(_CLOUD_CONFIG)["data"]["vsphere.conf"]
    return patched(api, _CLOUD_CONFIG, {"data": {"vsphere.conf": re.sub(r"\[Labels\]\n(?:[^\[].*\n)*", "", text)}})


def use_both_forms(lab: LabHandle) -> Revert:
    """Add topology-categories to csi-vsphere.conf beside region and zone, which the driver refuses."""
    api = lab.workload(CLUSTER)
    return resealed(api, _CSI_CONFIG, "csi-vsphere.conf", lambda text: text.replace("[Labels]\n", _BOTH_FORMS))


def drop_strictness(lab: LabHandle) -> Revert:
    return provisioner_arguments(lab, lambda args: [each for each in args if not each.startswith("--strict-topology")])


def switch_topology_off(lab: LabHandle) -> Revert:
    """State the feature gate as off, whatever the provisioner's release has for a default."""
    return provisioner_arguments(
        lab, lambda args: [*(each for each in args if "Topology=" not in each), "--feature-gates=Topology=false"]
    )
