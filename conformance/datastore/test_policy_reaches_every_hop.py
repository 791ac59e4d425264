"""DSC-7: the policy's name reaches Machines, VMs and the StorageClass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tkg_conformance.conformance.datastore.storage import (
    DATASTORE,
    Storage,
    default_class,
    machine_templates,
    place_of,
    storage_of,
)
from tkg_conformance.conformance.refusals import refusal_told
from tkg_conformance.conformance.subjects import require_resource, settled_machines
from tkg_conformance.fixtures.observation.interest import storage_policy_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check

_IGNORED = "vcenter.storagePolicyName"


@pytest.mark.requirement("DSC-7")
def test_policy_reaches_every_hop(check: Check, site: Site, cluster: Cluster) -> None:
    storage = storage_of(check, site, cluster)
    require_resource(check, cluster)
    _judge_variables(check, storage)
    for template in check.each(machine_templates(cluster)):
        spec = template.at("spec.template.spec") or {}
        _judge(check, storage, template.ref, spec.get("storagePolicyName"), spec.get("datastore"))
    for member in settled_machines(check, cluster):
        if member.vsphere_vm is not None:
            check.examine(member.vsphere_vm)
            spec = member.vsphere_vm.spec
            _judge(check, storage, member.vsphere_vm.ref, spec.get("storagePolicyName"), spec.get("datastore"))
    found = default_class(cluster)
    if found is None:
        check.note(f"{cluster.name} has no default StorageClass, so this hop does not exist")
        return
    check.examine(found)
    _judge(check, storage, found.ref, storage_policy_of(found.spec), None)


def _judge_variables(check: Check, storage: Storage) -> None:
    cluster = storage.cluster
    if not cluster.is_class_based:
        check.note(f"{cluster.ref} is plan-based (legacy mode): its machine templates stand in for topology variables")
        return
    values = place_of(cluster.variables)
    check.examine(cluster.ref)
    _judge(check, storage, cluster.ref, values.get("storagePolicyID"), values.get("datastore"))
    for deployment in cluster.machine_deployments:
        for name, value in _overrides(deployment):
            where = f"machine deployment {deployment.get('name')}"
            if name == _IGNORED:
                check.fail(
                    cluster.ref,
                    expected="overrides that the ClusterClass knows (vcenter.storagePolicyID)",
                    observed=f"{where} overrides {_IGNORED}, which is ignored",
                    message=f"{where} of {cluster.name} sets {_IGNORED}, which has no effect",
                )
            elif name == "vcenter" and isinstance(value, dict):
                policy, datastore = value.get("storagePolicyID"), value.get("datastore")
                told = _refusal(cluster, datastore)
                _judge(check, storage, cluster.ref, policy, datastore, where, told)


def _refusal(cluster: Cluster, datastore: Any) -> str:
    """Return what CAPV says of a machine that is to lie on this datastore, "" if there is none or it says nothing."""
    return refusal_told([cluster], lambda vm, _: bool(datastore) and vm.spec.get("datastore") == datastore)


def _overrides(deployment: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for each in (deployment.get("variables") or {}).get("overrides") or ():
        yield str(each.get("name")), each.get("value")


def _judge(
    check: Check, storage: Storage, ref: str, name: Any, datastore: Any, where: str = "", told: str = ""
) -> None:
    expected = storage.policy.name if storage.policy else storage.name
    if name == expected and not datastore:
        return
    observed = f"policy {name or 'none'}" + (f", datastore {datastore}" if datastore else "") + told
    cluster = storage.cluster
    check.fail(
        ref,
        expected=f"policy {expected} and no datastore",
        observed=f"{where}: {observed}" if where else observed,
        message=f"{ref} does not carry the storage policy of {cluster.name} alone: {observed}",
        involves=[storage.setting, cluster.intent.ref(DATASTORE)],
    )
