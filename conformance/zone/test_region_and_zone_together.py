"""ZONE-5: region and zone are set together or not at all."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.zone.zoning import ROLES, VARIABLE, naming_hop
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.fixtures.observation.views.hops import Hop
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("ZONE-5")
def test_region_and_zone_together(check: Check, cluster: Cluster) -> None:
    source = naming_hop(check, cluster)
    if source is None:
        check.not_applicable(f"neither the configuration of {cluster.name} nor any hop names a region or a zone")
    for hop in _stated(cluster, source):
        check.examine(hop.ref)
        if hop.categories or bool(hop.region) == bool(hop.zone):
            continue
        missing = next(role for role in ROLES if not (hop.region if role == "region" else hop.zone))
        known = hop.kind == "Configuration"
        check.fail(
            cluster.intent.ref(VARIABLE[missing]) if known else hop.ref,
            expected=f"region and zone both set, or neither ({VARIABLE[missing]} is missing)",
            observed=hop.describe(),
            message=f"only the {'zone' if missing == 'region' else 'region'} is set, so the CSI driver reports missing"
            " zone or region information and the cloud provider labels nothing",
            involves=[cluster.intent.ref(VARIABLE[role]) for role in ROLES],
        )


def _stated(cluster: Cluster, source: Hop) -> list[Hop]:
    """Return the configuration if it is known, else the add-on objects, else whatever names one first."""
    configuration = cluster.hops.configuration()
    if configuration is not None and configuration.names_any:
        return [configuration]
    objects = [hop for hop in (*cluster.hops.cpi(), *cluster.hops.csi()) if hop.kind.startswith("VSphere")]
    return [hop for hop in objects if hop.names_any] or [source]
