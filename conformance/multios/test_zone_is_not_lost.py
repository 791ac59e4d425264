"""MOS-22: region and zone of the intent are not lost on a Windows cluster.

The templates emit neither VSphereCPIConfig nor VSphereCSIConfig for Windows clusters (providers/yttcb,
clusterbootstrap.yaml), so that both keep their defaults, and of a plan-based one no settings of the CSI driver
(providers/ytt/02_addons/csi/csi_secret.yaml); ZONE-7 follows the values through every hop and is the cause.
"""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.systems import require_windows
from tkg_conformance.conformance.zone.zoning import naming_hop
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("MOS-22")
def test_zone_is_not_lost(check: Check, cluster: Cluster) -> None:
    require_windows(check, cluster)
    source = naming_hop(check, cluster)
    if source is None:
        check.not_applicable(f"neither the configuration of {cluster.name} nor any hop names a region or a zone")
    for component in ("cpi", "csi"):
        ref, hop = cluster.hops.rendered(component)
        check.examine(ref)
        if hop is None or not hop.names_any:
            windows = cluster.intent.ref(variables.WINDOWS)
            check.fail(
                ref,
                expected=f"{source.describe()}, as in {source.ref}",
                observed=hop.describe() if hop else "no such object",
                message=f"{ref} lost region and zone: {windows} suppresses what {source.ref} names",
                involves=[*cluster.hops.refs(component), source.ref],
            )
