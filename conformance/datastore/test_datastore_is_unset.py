"""DSC-6: VSPHERE_DATASTORE is not set."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.datastore.storage import (
    DATASTORE,
    declared_places,
    machine_templates,
    place_of,
    storage_of,
)
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DSC-6")
def test_datastore_is_unset(check: Check, site: Site, cluster: Cluster) -> None:
    storage = storage_of(check, site, cluster)
    setting = cluster.intent.ref(DATASTORE)
    places: list[tuple[str, object]] = []
    if cluster.intent.is_known:
        places += [(setting, cluster.intent.variable(DATASTORE))]
        places += [(setting, datastore) for _, datastore in declared_places(cluster)]
    else:
        check.note(f"the configuration of {cluster.name} is not in the site file; the Cluster stands in for it")
    if not cluster.is_class_based:
        places += [(each.ref, each.at("spec.template.spec.datastore")) for each in machine_templates(cluster)]
    elif cluster.resource is not None:
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
