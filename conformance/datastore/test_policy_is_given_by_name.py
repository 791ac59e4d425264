"""DSC-5: VSPHERE_STORAGE_POLICY_ID is the policy's name."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.datastore.storage import Storage, folded, storage_of
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.vcenter import policy_ref
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DSC-5")
def test_policy_is_given_by_name(check: Check, site: Site, cluster: Cluster) -> None:
    storage = storage_of(check, site, cluster)
    setting = cluster.intent.ref(variables.STORAGE_POLICY)
    if storage.setting != setting:
        if not cluster.intent.is_known:
            check.inconclusive(f"the configuration of {cluster.name} is not in the site file; name it there")
        check.not_applicable(f"the configuration of {cluster.name} does not set {variables.STORAGE_POLICY}")
    check.examine(setting)
    same = [each for each in storage.vcenter.policies if each.name == storage.name]
    if len(same) != 1:
        observed = f"{len(same)} policies of this name" if same else _what_it_is(storage)
        check.fail(
            setting,
            expected="the name of exactly one VM storage policy",
            observed=f"{storage.name!r}: {observed}",
            message=f"{variables.STORAGE_POLICY} of {cluster.name} is no name of one storage policy: {observed}",
            involves=[policy_ref(storage.name)],
        )


def _what_it_is(storage: Storage) -> str:
    for each in storage.vcenter.policies:
        if each.id == storage.name:
            return f"the identifier of {each.name!r}; give that name instead"
        if folded(each.name) == folded(storage.name):
            return f"there is {each.name!r}, written differently"
    return "there is no policy of this name"
