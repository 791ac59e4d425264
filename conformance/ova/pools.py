"""The machine pools of a cluster, control plane and machine deployments: the image each asks for and was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tkg_conformance.conformance.systems import WINDOWS, legacy_system, query_words
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.models.names import DEPLOYMENT_NAME, RESOLVE_IMAGE, TKR_DATA
from tkg_conformance.fixtures.models.ova import undotted
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.fixtures.observation.views.intent import topology_variables
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member

_SYSTEM = {"os-name": "OS_NAME", "os-version": "OS_VERSION", "os-arch": "OS_ARCH"}


@dataclass(frozen=True)
class Pool:
    """A control plane or a machine deployment.

    `system` holds what its OS query asks for (os-name, os-version, os-arch), `reference` the osImageRef that the
    resolvers wrote for it into TKR_DATA, `templates` the VSphereMachineTemplates it names now.
    """

    resource: KubernetesObject
    name: str
    version: str
    system: Mapping[str, str] = field(default_factory=dict)
    reference: Mapping[str, Any] = field(default_factory=dict)
    template: KubernetesObject | None = None
    is_windows: bool = False

    @property
    def ref(self) -> str:
        return self.resource.ref

    @property
    def query(self) -> str:
        """The OS query in words."""
        return ", ".join(f"{key}={value}" for key, value in self.system.items()) or "any operating system"

    def holds(self, member: Member) -> bool:
        """Return whether a machine belongs to the pool."""
        return self.resource in (member.owner.deployment, member.owner.control_plane)


def pools_of(cluster: Cluster) -> list[Pool]:
    """Return the control plane, then the machine deployments, as they are on the management cluster."""
    return [*_control_planes(cluster), *_deployments(cluster)]


def configured_template(cluster: Cluster, *, windows: bool = False) -> str | None:
    """Return VSPHERE_TEMPLATE (or the one for Windows) as the intent has it, None if it is not set there."""
    intent = cluster.intent
    name = variables.WINDOWS_TEMPLATE if windows else variables.TEMPLATE
    if intent.is_flat or windows:
        return intent.variable(name)
    for document in intent.documents("Cluster"):
        vcenter = topology_variables(document.get("spec") or {}).get("vcenter")
        if isinstance(vcenter, Mapping) and vcenter.get("template"):
            return str(vcenter["template"])
    return next((str(each["template"]) for each in intent.machine_templates if each.get("template")), None)


def template_setting(cluster: Cluster, pool: Pool | None = None) -> str:
    """Return the name findings use for the setting that names a pool's template."""
    is_windows = pool is not None and pool.is_windows
    return cluster.intent.ref(variables.WINDOWS_TEMPLATE if is_windows else variables.TEMPLATE)


def _control_planes(cluster: Cluster) -> Iterator[Pool]:
    topology = cluster.topology.get("controlPlane") or {}
    for found in cluster.management.all("KubeadmControlPlane", cluster.namespace):
        label = found.labels.get("cluster.x-k8s.io/cluster-name")
        if label != cluster.short_name and not found.owned_by("Cluster", cluster.short_name):
            continue
        paths = ("spec.machineTemplate.spec.infrastructureRef.name", "spec.machineTemplate.infrastructureRef.name")
        name = next((value for path in paths if (value := found.at(path))), None)
        yield _pool(cluster, found, "control plane", str(found.spec.get("version") or ""), name, topology)


def _deployments(cluster: Cluster) -> Iterator[Pool]:
    declared = {str(each.get("name")): each for each in cluster.machine_deployments}
    for found in cluster.live_deployments:
        if found.is_deleting:
            continue
        of_topology = declared.get(found.labels.get(DEPLOYMENT_NAME, ""), {})
        version = str(found.at("spec.template.spec.version") or "")
        name = found.at("spec.template.spec.infrastructureRef.name")
        yield _pool(cluster, found, found.name, version, name, of_topology)


def _pool(
    cluster: Cluster,
    found: KubernetesObject,
    name: str,
    version: str,
    template: Any,
    topology: Mapping[str, Any],
) -> Pool:
    system = _system(cluster, found, topology)
    return Pool(
        resource=found,
        name=name,
        version=version,
        system=system,
        reference=_reference(cluster, topology, version),
        template=cluster.management.get("VSphereMachineTemplate", str(template), cluster.namespace),
        is_windows=system.get("os-name") == WINDOWS or WINDOWS in str(topology.get("class") or ""),
    )


def _system(cluster: Cluster, found: KubernetesObject, topology: Mapping[str, Any]) -> dict[str, str]:
    annotations = {**found.annotations, **((topology.get("metadata") or {}).get("annotations") or {})}
    words = query_words(annotations.get(RESOLVE_IMAGE))
    asked = {key: words[key] for key in _SYSTEM if words.get(key)}
    if asked:
        return asked
    if not cluster.is_class_based and legacy_system(found) == WINDOWS:
        return {"os-name": WINDOWS}
    configured = {key: cluster.intent.variable(name) for key, name in _SYSTEM.items()}
    return {key: undotted(value) if key == "os-version" else value for key, value in configured.items() if value}


def _reference(cluster: Cluster, topology: Mapping[str, Any], version: str) -> dict[str, Any]:
    """Return the osImageRef of the pool's own TKR_DATA, or of the cluster's where the pool has none of its own."""
    own = {
        str(each.get("name")): each.get("value")
        for each in (topology.get("variables") or {}).get("overrides") or ()
        if isinstance(each, Mapping)
    }
    data = own.get(TKR_DATA, cluster.variables.get(TKR_DATA))
    entry = data.get(version) if isinstance(data, Mapping) else None
    reference = entry.get("osImageRef") if isinstance(entry, Mapping) else None
    return dict(reference) if isinstance(reference, Mapping) else {}
