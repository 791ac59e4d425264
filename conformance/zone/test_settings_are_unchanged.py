"""ZONE-15: region and zone settings are unchanged since the cluster was created."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import settled_nodes
from tkg_conformance.conformance.zone.csi_topology import csi_node, intended_keys, present_keys, registered_keys
from tkg_conformance.conformance.zone.zoning import Zoning, zoning_of
from tkg_conformance.fixtures.models.topology import family_of
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.hops import Hop
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("ZONE-15")
def test_settings_are_unchanged(check: Check, site: Site, cluster: Cluster) -> None:
    zoning = zoning_of(check, site, cluster)
    configuration = cluster.hops.configuration()
    if configuration is None:
        check.inconclusive(
            f"it is not known what {cluster.name} was created with; name its configuration file in the site file"
        )
    if cluster.workload.is_present and not cluster.workload.all("Node"):
        check.not_applicable(f"{cluster.name} has no Nodes")
    _judge_hops(check, zoning, configuration)
    if not check.findings:
        _judge_nodes(check, zoning)
    if check.findings:
        check.unsupported(
            "categories or key family of a running cluster were changed; upstream documents this as not possible"
        )


def _judge_hops(check: Check, zoning: Zoning, configuration: Hop) -> None:
    """Other values, or the other form, at a hop; a hop that lost them is ZONE-7's finding."""
    chains = (zoning.cluster.hops.cpi(), zoning.cluster.hops.csi())
    for component, hops in zip(("cpi", "csi"), chains, strict=True):
        for hop in hops:
            check.examine(hop.ref)
            problem = _change(zoning, configuration, hop, component) if hop.names_any else None
            if problem:
                check.fail(
                    hop.ref,
                    expected=f"as created: {configuration.describe()}{_form(configuration)}",
                    observed=f"{hop.describe()}{_form(hop)}",
                    message=f"{hop.ref} {problem} than the configuration the cluster was created from",
                    involves=zoning.cluster.hops.refs(component),
                )
                break


def _change(zoning: Zoning, configuration: Hop, hop: Hop, component: str) -> str | None:
    created, present = (
        {category for value in _values(each) if (category := zoning.category_of(value))}
        for each in (configuration, hop)
    )
    if created and present and not present & created:
        return "names other categories"
    if hop.categories and (hop.region or hop.zone):
        return None  # both forms at once are refused, not followed: ZONE-7's finding
    if component == "csi" and hop.wants_categories != configuration.wants_categories:
        return "uses another key family"
    return None


def _values(hop: Hop) -> list[str]:
    return [value for value in (*hop.categories, hop.region, hop.zone) if value]


def _form(hop: Hop) -> str:
    return " as topology-categories" if hop.wants_categories else ""


def _judge_nodes(check: Check, zoning: Zoning) -> None:
    """Keys under which the driver registered earlier, against those of its present configuration."""
    wanted = {family_of(key) for key in (present_keys(zoning) or intended_keys(zoning))}
    for member in settled_nodes(check, zoning.cluster):
        found = csi_node(zoning.cluster, member.node) if member.node else None
        keys = registered_keys(found)
        if found is None or not keys:
            continue
        check.examine(found)
        families = {family_of(key) for key in keys}
        if not families & wanted:
            check.fail(
                found,
                expected=f"keys of the family {', '.join(sorted(filter(None, wanted)))}",
                observed=", ".join(keys),
                message=f"{found.ref} was registered under another key family than the present configuration's",
                involves=zoning.cluster.hops.refs("csi"),
            )
