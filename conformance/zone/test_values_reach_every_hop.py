"""ZONE-7: region and zone reach the cloud provider and the CSI driver unchanged through every hop."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import require_workload
from tkg_conformance.conformance.zone.zoning import naming_hop
from tkg_conformance.fixtures.models import plan_addons
from tkg_conformance.fixtures.models.addons import cpi_gate, csi_gate
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.fixtures.observation.views.hops import Hop
from tkg_conformance.reports.check import Check

_READER = {"cpi": "the cloud provider", "csi": "the CSI driver"}
_KIND = {"cpi": "VSphereCPIConfig", "csi": "VSphereCSIConfig"}


@pytest.mark.requirement("ZONE-7")
def test_values_reach_every_hop(check: Check, cluster: Cluster) -> None:
    source = naming_hop(check, cluster)
    if source is None:
        check.not_applicable(f"neither the configuration of {cluster.name} nor any hop names a region or a zone")
    require_workload(check, cluster)
    wanted = cluster.hops.configuration() or source
    for component, hops in (("cpi", cluster.hops.cpi()), ("csi", cluster.hops.csi())):
        _judge(check, cluster, component, wanted, hops)
    unreadable = [hop.ref for hop in (*cluster.hops.cpi(), *cluster.hops.csi()) if not hop.readable]
    if unreadable and not check.findings:
        check.inconclusive(f"{unreadable[0]} cannot be read as the form that its reader expects")


def _judge(check: Check, cluster: Cluster, component: str, wanted: Hop, hops: list[Hop]) -> None:
    """Report the first hop that differs; what follows it is its consequence."""
    before = wanted
    for hop in (hop for hop in hops if hop.readable):
        check.examine(hop.ref)
        problem = _difference(component, wanted, before, hop)
        if problem:
            _fail(check, cluster, component, wanted, before, hop, problem)
            return
        before = hop
    if not any(_is_text(hop) for hop in hops):
        ref = cluster.hops.refs(component)[-1 if component == "cpi" else -2]
        check.examine(ref)
        check.fail(
            ref,
            expected=wanted.describe(),
            observed="no such object",
            message=f"{ref}, which {_READER[component]} reads, does not exist{_never_rendered(cluster, component)}",
            involves=cluster.hops.refs(component),
        )


def _never_rendered(cluster: Cluster, component: str) -> str:
    """Return, as the end of a sentence, why the CLI renders no settings of the CSI driver for a plan-based cluster."""
    if component == "cpi" or cluster.is_class_based or not cluster.intent.is_flat:
        return ""
    gate = plan_addons.csi_gate(cluster.intent.record.config)
    return "" if gate.rendered else f"; the Tanzu CLI renders no settings for it because {gate.reason}"


def _difference(component: str, wanted: Hop, before: Hop, hop: Hop) -> str | None:
    if hop.categories and (hop.region or hop.zone):
        return "uses topology-categories beside region and zone, which the driver refuses"
    if hop.categories:
        named = {value for value in (wanted.region, wanted.zone, *wanted.categories) if value}
        return None if set(hop.categories) == named else "names other categories"
    if component == "csi" and _is_text(hop) and before.wants_categories and hop.names_any:
        return "uses region and zone where topology-categories are asked for"
    if wanted.categories:
        same = {value for value in (hop.region, hop.zone) if value} == set(wanted.categories)
    else:
        same = (hop.region, hop.zone) == _as_read(component, hop, wanted)
    if same:
        return None
    return "names other values" if hop.names_any else "names no region and no zone"


def _as_read(component: str, hop: Hop, wanted: Hop) -> tuple[str | None, str | None]:
    """Return the wanted values as the hop can hold them.

    The CSI driver trims what its text says (pkg/csi/service/common/topology.go); the cloud provider does not.
    """
    if component == "csi" and _is_text(hop):
        return (wanted.region or "").strip() or None, (wanted.zone or "").strip() or None
    return wanted.region, wanted.zone


def _fail(check: Check, cluster: Cluster, component: str, wanted: Hop, before: Hop, hop: Hop, problem: str) -> None:
    diagnosis = _diagnosis(cluster, component, before, hop)
    check.fail(
        hop.ref,
        expected=f"{wanted.describe()}, as in {wanted.ref}",
        observed=hop.describe(),
        message=f"on the way to {_READER[component]}, {hop.ref} {problem}: {diagnosis}",
        involves=cluster.hops.refs(component),
    )


def _diagnosis(cluster: Cluster, component: str, before: Hop, hop: Hop) -> str:
    if before.kind != "Configuration":
        return f"{before.ref} still has them, so a change of it was not reconciled or {hop.ref} was edited"
    if cluster.intent.is_flat and cluster.is_class_based:
        decide = cpi_gate if component == "cpi" else csi_gate
        gate = decide(cluster.intent.record.config)
        if not gate.rendered:
            return f"the Tanzu CLI renders no {_KIND[component]} with values because {gate.reason}"
    return f"{hop.ref} differs from the configuration, so one of them was edited after the cluster was created"


def _is_text(hop: Hop) -> bool:
    return hop.kind == "ConfigMap" or hop.ref.rsplit("/", 1)[-1] == "vsphere-config-secret"
