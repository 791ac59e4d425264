"""The TKrs that clusters with Windows workers use, and the Windows OSImages that these are to list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tkg_conformance.conformance.systems import WINDOWS, windows_clusters
from tkg_conformance.fixtures.models.names import RESOLVE_TKR, TKR_DATA, TKR_LABEL
from tkg_conformance.fixtures.observation.views.cluster import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.site import Site
from tkg_conformance.reports.check import Check

TKR, OS_IMAGE = "TanzuKubernetesRelease", "OSImage"
PACKAGE_PREFIX = "tkg-windows"
PACKAGE = "tkg-windows.tanzu.vmware.com"
_SYSTEM_NAMESPACE = "tkg-system"


@dataclass(frozen=True, slots=True)
class Release:
    """A TKr in use, with the clusters with Windows workers that use it."""

    tkr: KubernetesObject
    clusters: tuple[Cluster, ...]

    @property
    def ref(self) -> str:
        return self.tkr.ref

    @property
    def images(self) -> list[str]:
        """The names in spec.osImages, in their order."""
        return names_in(self.tkr, "osImages")

    @property
    def packages(self) -> list[str]:
        """The names in spec.bootstrapPackages, in their order."""
        return names_in(self.tkr, "bootstrapPackages")

    @property
    def windows_packages(self) -> list[str]:
        """The entries for the Windows components."""
        return [name for name in self.packages if name.startswith(PACKAGE_PREFIX)]

    @property
    def kubernetes_version(self) -> str:
        return str(self.tkr.at("spec.kubernetes.version") or "")


def names_in(tkr: KubernetesObject, field: str) -> list[str]:
    """Return the names of a list of references in a TKr's spec."""
    return [str(each.get("name") or "") for each in tkr.spec.get(field) or () if isinstance(each, dict)]


def releases(check: Check, site: Site) -> list[Release]:
    """Return the TKrs in use by clusters with Windows workers; stops where that is not known.

    NOT-APPLICABLE without such a cluster, INCONCLUSIVE without a TKr that could be looked at.
    """
    clusters = windows_clusters(check, site)
    if not site.management.serves(TKR):
        check.inconclusive("the management cluster serves no TanzuKubernetesRelease (run.tanzu.vmware.com)")
    by_name: dict[str, list[Cluster]] = {}
    for cluster in clusters:
        name = tkr_name(cluster)
        if name is None:
            check.note(f"{cluster.ref} names no TKr in its label {TKR_LABEL}")
            continue
        by_name.setdefault(name, []).append(cluster)
    found = []
    for name, users in sorted(by_name.items()):
        tkr = site.management.get(TKR, name)
        if tkr is None:
            check.note(f"{site.management.ref(TKR, name)}, which {users[0].ref} names, does not exist")
            continue
        found.append(Release(tkr, tuple(users)))
    if not found:
        told = check.notes[-1] if check.notes else "no cluster names a TKr"
        check.inconclusive(f"the TKr of the clusters with Windows workers is not known: {told}")
    return found


def tkr_name(cluster: Cluster) -> str | None:
    """Return the TKr that a Cluster was resolved to, else the one that its specification asks for by full name."""
    resource = cluster.resource
    if resource is not None:
        return resource.labels.get(TKR_LABEL) or resource.annotations.get(RESOLVE_TKR) or None
    for document in cluster.intent.documents("Cluster"):
        metadata = document.get("metadata") or {}
        for key, where in ((TKR_LABEL, "labels"), (RESOLVE_TKR, "annotations")):
            named = (metadata.get(where) or {}).get(key)
            if named:
                return str(named)
    return None


def windows_images(site: Site) -> list[KubernetesObject]:
    """Return every OSImage that is, or means to be, a Windows one; an incomplete one still counts."""
    return [image for image in site.management.all(OS_IMAGE) if is_windows_image(image)]


def is_windows_image(image: KubernetesObject) -> bool:
    """Return whether an OSImage is a Windows one, by its spec or, where that is silent, by its name."""
    system: dict[str, Any] = image.spec.get("os") or {}
    told = [str(system.get(key) or "").lower() for key in ("name", "type")]
    return WINDOWS in told or (not all(told) and WINDOWS in image.name.lower())


def images_in_use(check: Check, site: Site) -> list[KubernetesObject]:
    """Return the Windows OSImages that TKrs in use list; where they list none, all that exist."""
    used = releases(check, site)
    existing = windows_images(site)
    listed = {name for release in used for name in release.images}
    return [image for image in existing if image.name in listed] or existing


def require_images(check: Check, site: Site) -> list[KubernetesObject]:
    """Return the Windows OSImages to judge; a site that has none is a finding about its first TKr."""
    if not site.management.serves(OS_IMAGE):
        check.inconclusive("the management cluster serves no OSImage (run.tanzu.vmware.com)")
    images = images_in_use(check, site)
    if not images:
        for release in releases(check, site):
            check.examine(release)
            check.fail(
                release,
                expected="a Windows OSImage for this TKr",
                observed=f"{len(site.management.all(OS_IMAGE))} OSImages, none of them for Windows",
                message=f"no Windows OSImage exists, and {release.ref} is used by {_names(release.clusters)}",
            )
    return images


def names_of_images(site: Site) -> set[str]:
    """Return the names of all OSImages."""
    return {image.name for image in site.management.all(OS_IMAGE)}


def system_namespace(site: Site) -> str:
    """Return the namespace in which TKG's packages are offered."""
    return str(site.profile.get("system_namespace") or _SYSTEM_NAMESPACE)


def package_ref(site: Site, name: str) -> str:
    """Return the name findings use for a package that a repository offers, or ought to."""
    return site.management.ref("Package", name, system_namespace(site))


def resolved_data(cluster: Cluster) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what TKR_DATA holds: for the cluster ("controlPlane") and for each machine deployment's own override."""
    yield "controlPlane", dict(cluster.variables.get(TKR_DATA) or {})
    for deployment in cluster.machine_deployments:
        for override in (deployment.get("variables") or {}).get("overrides") or ():
            if override.get("name") == TKR_DATA:
                yield str(deployment.get("name")), dict(override.get("value") or {})


def bootstrap_of(site: Site, cluster: Cluster) -> KubernetesObject | None:
    """Return the cluster's ClusterBootstrap."""
    return site.management.get("ClusterBootstrap", cluster.short_name, cluster.namespace)


def package_references(bootstrap: KubernetesObject) -> list[str]:
    """Return every package that a ClusterBootstrap or its template names, core add-ons first."""
    spec = bootstrap.spec
    single = [spec.get(key) or {} for key in ("cni", "csi", "cpi", "kapp")]
    found = [each.get("refName") for each in (*single, *(spec.get("additionalPackages") or ()))]
    return [str(name) for name in found if name]


def _names(clusters: Iterable[Cluster]) -> str:
    return ", ".join(each.name for each in clusters)
