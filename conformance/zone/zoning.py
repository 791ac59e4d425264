"""Region and zone as a cluster's configuration names them, and the tag categories these names lead to."""

from __future__ import annotations

from dataclasses import dataclass

from tkg_conformance.conformance.subjects import require_vcenter
from tkg_conformance.conformance.zone.failure_domains import FailureDomain, failure_domains
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.models.semantics import ValueClass, classify
from tkg_conformance.fixtures.observation.views.cluster import Cluster
from tkg_conformance.fixtures.observation.views.hops import Hop
from tkg_conformance.fixtures.observation.views.site import Site
from tkg_conformance.fixtures.observation.views.vcenter import VCenterView, category_ref, tag_ref
from tkg_conformance.reports.check import Check

__all__ = [
    "REGION", "ROLES", "VARIABLE", "ZONE", "Zoning", "category_ref", "naming_hop", "tag_ref", "zoned_clusters",
    "zoning_of",
]  # fmt: skip
REGION = "region"
ZONE = "zone"
ROLES = (REGION, ZONE)
VARIABLE = {REGION: variables.REGION, ZONE: variables.ZONE}


@dataclass(frozen=True, slots=True)
class Zoning:
    """A cluster with a configured region or zone, and the vCenter in which the names mean something."""

    site: Site
    cluster: Cluster
    source: Hop
    vcenter: VCenterView
    domains: tuple[FailureDomain, ...]

    def value(self, role: str) -> str | None:
        """Return the configured value of a role; of topology-categories the one that names its category."""
        configured = self.source.region if role == REGION else self.source.zone
        if configured or not self.source.categories:
            return configured
        known = self._declared(role)
        return known if known in self.source.categories else None

    def classified(self, role: str) -> ValueClass | None:
        """Return what the configured value names in vCenter, None if the role is not configured."""
        value = self.value(role)
        if value is None:
            return None
        categories = (category.name for category in self.vcenter.categories)
        return classify(value, categories, (tag.name for tag in self.vcenter.tags))

    def category_of(self, value: str) -> str | None:
        """Return the category that a value names or, as a tag, belongs to; None if it names neither."""
        if self.vcenter.category(value):
            return value
        return next((category.name for category, _ in self.vcenter.tags_named(value)), None)

    def effective(self, role: str) -> str | None:
        """Return the category by which a role is told: the configured one, else the one that holds the tag."""
        found = self.classified(role)
        if found is not None and found.is_category:
            return found.value
        return self._holding(role, found) or self._declared(role)

    def expected(self, role: str) -> str | None:
        """Return the category that vCenter has to have for a role.

        In this order: the profile's, the failure domains', the one that holds the configured tag, the
        value itself.
        """
        return self._declared(role) or self.effective(role) or self.value(role)

    def setting(self, role: str) -> str:
        """Return the name findings use for the configured value."""
        if self.source.kind == "Configuration":
            return self.cluster.intent.ref(VARIABLE[role])
        return self.source.ref

    def settings(self) -> list[str]:
        """Return the names of both settings."""
        return list(dict.fromkeys(self.setting(role) for role in ROLES))

    def _declared(self, role: str) -> str | None:
        profile = self.site.profile.get(f"{role}_category")
        domains = (domain.level(role).category for domain in self.domains if domain.failure_domain)
        return str(profile) if profile else next((name for name in domains if name), None)

    def _holding(self, role: str, found: ValueClass | None) -> str | None:
        if found is None or not found.is_tag:
            return None
        holders = [category.name for category, _ in self.vcenter.tags_named(found.value)]
        declared = self._declared(role)
        return declared if declared in holders else holders[0]


def zoning_of(check: Check, site: Site, cluster: Cluster) -> Zoning:
    """Return the cluster's zoning; NOT-APPLICABLE if nothing names a region or zone."""
    source = naming_hop(check, cluster)
    if source is None:
        check.not_applicable(f"neither the configuration of {cluster.name} nor any hop names a region or a zone")
    vcenter = require_vcenter(check, site, cluster)
    return Zoning(site, cluster, source, vcenter, tuple(failure_domains(cluster)))


def naming_hop(check: Check, cluster: Cluster) -> Hop | None:
    """Return the first hop that names a region or zone; says so if the configuration itself is not known."""
    source = cluster.hops.naming()
    if not cluster.intent.is_known:
        check.note(f"the configuration of {cluster.name} is not in the site file; the hops stand in for it")
        if source is None and cluster.resource is None:
            check.inconclusive(f"neither a configuration of {cluster.name} nor {cluster.ref} is known")
    return source


def zoned_clusters(check: Check, site: Site) -> list[Zoning]:
    """Return the zonings of all clusters that have one; NOT-APPLICABLE if there is none."""
    found = []
    for cluster in site.clusters:
        source = naming_hop(check, cluster)
        if source is not None:
            vcenter = require_vcenter(check, site, cluster)
            found.append(Zoning(site, cluster, source, vcenter, tuple(failure_domains(cluster))))
    if not found:
        check.not_applicable("no cluster's configuration names a region or a zone, in the site file or at any hop")
    return found
