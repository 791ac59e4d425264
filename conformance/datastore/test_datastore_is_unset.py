"""DSC-6: VSPHERE_DATASTORE is not set."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.datastore.storage import DATASTORE, place_of, storage_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.intent import topology_variables
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DSC-6")
def test_datastore_is_unset(check: Check, site: Site, cluster: Cluster) -> None:
    storage = storage_of(check, site, cluster)
    setting = cluster.intent.ref(DATASTORE)
    places: list[tuple[str, object]] = []
    if cluster.intent.is_known:
        documents = [topology_variables(each.get("spec") or {}) for each in cluster.intent.documents("Cluster")]
        places += [(setting, cluster.intent.variable(DATASTORE))]
        places += [(setting, place_of(each).get("datastore")) for each in documents]
    else:
        check.note(f"the configuration of {cluster.name} is not in the site file; the Cluster stands in for it")
    if cluster.resource is not None:
        places.append((cluster.ref, place_of(cluster.variables).get("datastore")))
    for place, value in places:
        check.examine(place)
        if value:
            check.fail(
                place,
                expected="no datastore beside the storage policy",
                observed=f"datastore {value}",
                message=f"{place} names the datastore {value}, which overrides {storage.ref}",
                involves=[setting],
            )
