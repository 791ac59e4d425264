"""Which tags tell a site's regions and zones, as far as profile, failure domains and clusters' settings say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject, VCenterView

REGION, ZONE = "region", "zone"


@dataclass(frozen=True, slots=True)
class TagRoles:
    """The tag categories of one vCenter that tell region and zone."""

    vcenter: VCenterView
    categories: Mapping[str, frozenset[str]]

    def region(self, thing: InventoryObject) -> str:
        """Return the region's tag attached to the object itself; several, which is wrong, with commas."""
        return self._attached(thing, REGION)

    def zone(self, thing: InventoryObject) -> str:
        """Return the zone's tag attached to the object itself; several, which is wrong, with commas."""
        return self._attached(thing, ZONE)

    def _attached(self, thing: InventoryObject, role: str) -> str:
        return ", ".join(sorted({tag for name, tag in self.vcenter.attached(thing) if name in self.categories[role]}))


def tag_roles(site: Site, vcenter: VCenterView) -> TagRoles:
    """Return the categories by which region and zone are told in a vCenter; unions, because clusters may differ."""
    clusters = [each for each in site.clusters if each.vcenter is vcenter]
    return TagRoles(vcenter, {role: frozenset(_categories(site, vcenter, clusters, role)) for role in (REGION, ZONE)})


def _categories(site: Site, vcenter: VCenterView, clusters: Iterable[Cluster], role: str) -> Iterator[str]:
    if stated := site.profile.get(f"{role}_category"):
        yield str(stated)
    for domain in site.management.all("VSphereFailureDomain"):
        if declared := domain.at(f"spec.{role}.tagCategory"):
            yield str(declared)
    for cluster in clusters:
        hop = cluster.hops.naming()
        value = (hop.region if role == REGION else hop.zone) if hop else None
        if not value:
            continue
        if vcenter.category(value):
            yield value
        else:  # the value is a tag's name, as the page's example has it
            yield from (category.name for category, _ in vcenter.tags_named(value))
