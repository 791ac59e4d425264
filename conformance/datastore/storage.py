"""Which storage policy a cluster asks for, and which datastore clusters lie behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tkg_conformance.conformance.subjects import conclude_sight, require_vcenter
from tkg_conformance.fixtures.models import tag_policy, variables
from tkg_conformance.fixtures.observation.interest import storage_policy_of
from tkg_conformance.fixtures.observation.model import StoragePolicy
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.intent import topology_variables
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.vcenter import (
    InventoryObject,
    VCenterView,
    category_ref,
    policy_ref,
    tag_ref,
)
from tkg_conformance.reports.check import Check

DATASTORE = "VSPHERE_DATASTORE"
_DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"


@dataclass(frozen=True, eq=False, slots=True)
class Storage:
    """One cluster's storage policy: the name it asks for, where that stands, and the policy meant by it."""

    cluster: Cluster
    vcenter: VCenterView
    name: str
    setting: str

    @property
    def policy(self) -> StoragePolicy | None:
        """The policy of this name, else the one that a UUID or another spelling means (DSC-5 judges that)."""
        found = self.vcenter.policies
        exact = [each for each in found if each.name == self.name]
        meant = exact or [each for each in found if each.id == self.name or folded(each.name) == folded(self.name)]
        return meant[0] if meant else None

    @property
    def ref(self) -> str:
        """The policy as findings name it."""
        return policy_ref(self.policy.name if self.policy else self.name)

    @property
    def rule_sets(self) -> tag_policy.RuleSets:
        return self.policy.rule_sets if self.policy else ()

    @property
    def tags(self) -> tuple[tuple[str, str], ...]:
        """(category, tag) that the policy asks for."""
        return tag_policy.positive_tags(self.rule_sets)

    @property
    def tag_refs(self) -> list[str]:
        """The names of these tags and categories in findings."""
        return [ref for category, tag in self.tags for ref in (tag_ref(category, tag), category_ref(category))]

    def is_satisfied_by(self, datastore: InventoryObject) -> bool:
        """Return whether the datastore's own tags are those that the policy asks for."""
        tags = tags_of(self.vcenter, datastore)
        if tag_policy.only_tags(self.rule_sets):
            return tag_policy.satisfies(tags, self.rule_sets)
        return any(tag in tags.get(category, ()) for category, tag in self.tags)

    def pods(self) -> list[InventoryObject]:
        """Return the datastore clusters of which a member, or which themselves, carry the policy's tag.

        If no tag leads to one, those beneath the cluster's VMs.
        """
        carriers = [
            each
            for each in self.vcenter.all("StoragePod", "Datastore")
            if set(self.vcenter.attached(each)) & set(self.tags)
        ]
        if not any(self.vcenter.ancestor(each, "StoragePod") for each in carriers):
            vms = (member.vm for member in self.cluster.members if member.vm is not None)
            used = (self.vcenter.get(key) for vm in vms for key in vm.props.get("datastore") or ())
            carriers = [each for each in used if each is not None]
        found = {pod.key: pod for each in carriers if (pod := self.vcenter.ancestor(each, "StoragePod"))}
        return [found[key] for key in sorted(found)]


def tags_of(vcenter: VCenterView, datastore: InventoryObject) -> dict[str, set[str]]:
    """Return the tags of a datastore by category."""
    found: dict[str, set[str]] = {}
    for category, tag in vcenter.attached(datastore):
        found.setdefault(category, set()).add(tag)
    return found


def members_of(vcenter: VCenterView, pod: InventoryObject) -> list[InventoryObject]:
    """Return the datastores of a datastore cluster."""
    return [each for each in vcenter.all("Datastore") if each.object.parent == pod.key]


def storage_of(check: Check, site: Site, cluster: Cluster) -> Storage:
    """Return the cluster's storage policy; NOT-APPLICABLE if neither intent nor any hop names one."""
    found = naming(cluster)
    if found is None:
        if not cluster.intent.is_known and cluster.resource is None:
            check.inconclusive(f"neither a configuration of {cluster.name} nor {cluster.ref} is known")
        check.not_applicable(f"neither the configuration of {cluster.name} nor any hop names a storage policy")
    return Storage(cluster, require_vcenter(check, site, cluster), *found)


def storages(check: Check, site: Site) -> list[Storage]:
    """Return the storage policies of all clusters, one per vCenter and name; NOT-APPLICABLE if there is none."""
    found: dict[tuple[str, str], Storage] = {}
    for cluster in site.clusters:
        named = naming(cluster)
        if named is not None:
            storage = Storage(cluster, require_vcenter(check, site, cluster), *named)
            found.setdefault((storage.vcenter.server, storage.ref), storage)
    if not found:
        check.not_applicable("no cluster's configuration names a storage policy, in the site file or at any hop")
    return list(found.values())


def require_pods(check: Check, storage: Storage) -> list[InventoryObject]:
    """Return the datastore clusters behind the policy; NOT-APPLICABLE if there are none and nothing may hide."""
    found = storage.pods()
    if not found:
        conclude_sight(check, [storage.vcenter], "StoragePod", "Datastore", "Tag", "Category")
        check.not_applicable(f"no datastore cluster, and no member of one, carries a tag that {storage.ref} asks for")
    return found


def naming(cluster: Cluster) -> tuple[str, str] | None:
    """Return the first storage policy that is named, and where.

    Looked at in this order: configuration, Cluster (if plan-based, its machine templates), VSphereVMs, StorageClass.
    """
    wanted = cluster.intent.variable(variables.STORAGE_POLICY)
    if wanted:
        return wanted, cluster.intent.ref(variables.STORAGE_POLICY)
    return next(((str(name), where) for name, where in _names(cluster) if name), None)


def _names(cluster: Cluster) -> Iterator[tuple[Any, str]]:
    for name, _ in declared_places(cluster):
        yield name, cluster.intent.ref(variables.STORAGE_POLICY)
    for template in machine_templates(cluster) if not cluster.is_class_based else ():
        yield template.at("spec.template.spec.storagePolicyName"), template.ref
    yield place_of(cluster.variables).get("storagePolicyID"), cluster.ref
    for member in cluster.members:
        if member.vsphere_vm is not None:
            yield member.vsphere_vm.spec.get("storagePolicyName"), member.vsphere_vm.ref
    storage_class = default_class(cluster)
    if storage_class is not None:
        yield storage_policy_of(storage_class.spec), storage_class.ref


def declared_places(cluster: Cluster) -> list[tuple[Any, Any]]:
    """Return (policy, datastore) as the specification or manifest names them: of each Cluster and machine template."""
    documents = [each.get("spec") or {} for each in cluster.intent.documents("Cluster")]
    values = [place_of(topology_variables(each)) for each in documents if each.get("topology")]
    return [
        *((each.get("storagePolicyID"), each.get("datastore")) for each in values),
        *((each.get("storagePolicyName"), each.get("datastore")) for each in cluster.intent.machine_templates),
    ]


def machine_templates(cluster: Cluster) -> list[KubernetesObject]:
    """Return the machine templates in use; those that a rollout has left behind are not judged."""
    owners = [each.at("spec.template.spec.infrastructureRef.name") for each in cluster.live_deployments]
    control_plane = str(cluster.resource.at("spec.controlPlaneRef.name") if cluster.resource else "")
    found = cluster.management.get("KubeadmControlPlane", control_plane, cluster.namespace)
    if found is not None:
        for path in ("spec.machineTemplate.spec.infrastructureRef.name", "spec.machineTemplate.infrastructureRef.name"):
            owners.append(found.at(path))
    names = {str(name) for name in owners if name}
    return [each for each in cluster.management.all("VSphereMachineTemplate", cluster.namespace) if each.name in names]


def place_of(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the topology variable `vcenter`, empty if it is not set."""
    found = values.get("vcenter")
    return found if isinstance(found, Mapping) else {}


def default_class(cluster: Cluster) -> KubernetesObject | None:
    """Return the workload cluster's default StorageClass."""
    found = (each for each in cluster.workload.all("StorageClass") if each.annotations.get(_DEFAULT_CLASS) == "true")
    return next(found, None)


def folded(name: str) -> str:
    """Return a name without case and white space, to find what was meant."""
    return "".join(name.casefold().split())
