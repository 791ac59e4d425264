"""DSC-11: no failure domain overrides the policy with a datastore."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.datastore.storage import storage_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DSC-11")
def test_failure_domains_name_no_datastore(check: Check, site: Site, cluster: Cluster) -> None:
    storage = storage_of(check, site, cluster)
    machines = [member.machine for member in cluster.members if member.machine is not None]
    zones = sorted({str(each.spec["failureDomain"]) for each in machines if each.spec.get("failureDomain")})
    if not zones:
        check.not_applicable(f"no Machine of {cluster.name} has a failureDomain")
    for name in zones:
        zone = cluster.management.get("VSphereDeploymentZone", name)
        domain_name = str(zone.spec.get("failureDomain") or name) if zone else name
        domain = cluster.management.get("VSphereFailureDomain", domain_name)
        if domain is None:
            check.note(f"the failure domain {domain_name} was not seen; see ZONE-14")
            continue
        check.examine(domain)
        datastore = domain.at("spec.topology.datastore")
        if datastore:
            check.fail(
                domain,
                expected="no topology.datastore",
                observed=f"topology.datastore {datastore}",
                message=f"{domain.ref} puts VMs of {cluster.name} on {datastore}, whatever {storage.ref} says",
            )
