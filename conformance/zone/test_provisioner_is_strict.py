"""ZONE-12: the CSI provisioner runs with strict topology."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tkg_conformance.conformance.subjects import require_workload
from tkg_conformance.conformance.zone.zoning import zoning_of
from tkg_conformance.fixtures.models.addonpackages import CSI_DEPLOYMENT
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.reports.check import Check

_PROVISIONER = "csi-provisioner"
_GATE_ON_SINCE = (5, 2)
"""external-provisioner's release notes of v5.2.0 list Topology as on by default."""


@pytest.mark.requirement("ZONE-12")
def test_provisioner_is_strict(check: Check, site: Site, cluster: Cluster) -> None:
    zoning_of(check, site, cluster)
    require_workload(check, cluster)
    controllers = [each for each in cluster.workload.all("Deployment") if each.name == CSI_DEPLOYMENT]
    if not controllers:
        check.inconclusive(f"no Deployment {CSI_DEPLOYMENT} was seen in {cluster.name}")
    for controller in controllers:
        check.examine(controller)
        _judge(check, cluster, controller)


def _judge(check: Check, cluster: Cluster, controller: KubernetesObject) -> None:
    container = next((each for each in _containers(controller) if each.get("name") == _PROVISIONER), None)
    if container is None:
        check.inconclusive(f"{controller.ref} has no container {_PROVISIONER}, so volumes are provisioned elsewhere")
    arguments = [str(each) for each in (*(container.get("command") or ()), *(container.get("args") or ()))]
    missing = [] if _has_gate(container, arguments) else ["--feature-gates=Topology=true"]
    if not any(argument in ("--strict-topology", "--strict-topology=true") for argument in arguments):
        missing.append("--strict-topology")
    if missing:
        check.fail(
            controller,
            expected="--feature-gates=Topology=true and --strict-topology",
            observed=" ".join(arguments) or "no arguments",
            message=f"{_PROVISIONER} of {controller.ref} runs without {' and '.join(missing)}",
            involves=cluster.hops.refs("csi"),
        )


def _containers(controller: KubernetesObject) -> list[dict[str, Any]]:
    return list(controller.at("spec.template.spec.containers") or ())


def _has_gate(container: dict[str, Any], arguments: list[str]) -> bool:
    gates = ",".join(each.partition("=")[2] for each in arguments if each.startswith("--feature-gates="))
    stated = [each.partition("=")[2].lower() for each in gates.split(",") if each.startswith("Topology=")]
    if stated:
        return stated[-1] == "true"
    version = re.search(r":v?(\d+)\.(\d+)", str(container.get("image") or ""))
    return version is not None and (int(version[1]), int(version[2])) >= _GATE_ON_SINCE
