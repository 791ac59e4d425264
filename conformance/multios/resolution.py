"""How many of the OSImages that a TKr lists a machine deployment's query matches now."""

from __future__ import annotations

from tkg_conformance.conformance.multios.images import CONTROL_PLANE
from tkg_conformance.conformance.multios.releases import OS_IMAGE, TKR, names_in, tkr_name
from tkg_conformance.conformance.systems import query_words, workers
from tkg_conformance.fixtures.models.names import RESOLVE_IMAGE
from tkg_conformance.fixtures.models.tkr_objects import described
from tkg_conformance.fixtures.observation.views.cluster import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.site import Site


def explain(site: Site, cluster: Cluster, place: str) -> str:
    """Say which listed OSImages the query of a place matches by its equality terms; none and several are denied."""
    name = tkr_name(cluster)
    tkr = site.management.get(TKR, name) if name else None
    query = _query(cluster, place)
    if tkr is None or query is None:
        return ""
    listed = [site.management.get(OS_IMAGE, each) for each in names_in(tkr, "osImages")]
    found = [image.name for image in listed if image is not None and _matches(image, query)]
    number = {0: "none", 1: "one"}.get(len(found), f"{len(found)}")
    return f"the query {query} matches {number} of the OSImages that {tkr.name} lists" + (
        f": {', '.join(found)}" if found else ""
    )


def _query(cluster: Cluster, place: str) -> str | None:
    if place == CONTROL_PLANE:
        metadata = (cluster.topology.get("controlPlane") or {}).get("metadata") or {}
        return (metadata.get("annotations") or {}).get(RESOLVE_IMAGE)
    return next((each.query for each in workers(cluster) if each.name == place), None)


def _matches(image: KubernetesObject, query: str) -> bool:
    """Compare with the labels that the resolver makes of an OSImage."""
    labels = {**image.labels, **described(image.spec)}
    return all(labels.get(key) == value for key, value in query_words(query).items())
