"""The node images of a cluster's datacenter: which match a pool, which one is intended, what a name resolves to."""

from __future__ import annotations

from functools import cached_property

from tkg_conformance.conformance.ova.pools import Pool, configured_template, pools_of, template_setting
from tkg_conformance.conformance.subjects import require_resource, require_vcenter
from tkg_conformance.fixtures.models import ova, templates, variables
from tkg_conformance.fixtures.models.builds import same_build
from tkg_conformance.fixtures.models.identity import same_account
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.intent import CLUSTER_IDENTITY
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject
from tkg_conformance.reports.check import Check

VM = "VirtualMachine"


class Imagery:
    """The images and pools of one cluster; stops the check with INCONCLUSIVE if its datacenter is not known."""

    def __init__(self, check: Check, site: Site, cluster: Cluster) -> None:
        require_resource(check, cluster)
        self.cluster = cluster
        self.vcenter = require_vcenter(check, site, cluster)
        self._site = site
        self.pools = pools_of(cluster)
        if not self.pools:
            check.inconclusive(f"{cluster.name} has no control plane or machine deployment yet; look again later")
        self.vms = {vm.moid: vm for vm in self.vcenter.all(VM)}
        self.machines = [
            templates.Machine(vm.moid, vm.path, str(vm.props.get("config.instanceUuid") or ""))
            for vm in self.vms.values()
        ]
        self.datacenter = self._datacenter(check)

    @cached_property
    def version(self) -> str:
        """The Kubernetes version that the cluster asks for."""
        return self.cluster.kubernetes_version or self.pools[0].version

    @cached_property
    def images(self) -> list[ova.Image]:
        """The images of the datacenter, imported VMs that are no templates included; Machines' VMs are none."""
        nodes = {vm.moid for member in self.cluster.members for vm in member.candidates}
        found = (self.image(vm) for vm in self.vms.values() if vm.moid not in nodes)
        return [each for each in found if each is not None and each.path.startswith(f"{self.datacenter}/")]

    def image(self, vm: InventoryObject) -> ova.Image | None:
        """Return the image that a VM is."""
        return ova.image_of(
            vm.moid,
            vm.path,
            vm.props.get("config.vAppConfig.property") or (),
            is_template=vm.props.get("config.template") is True,
            extra_keys=vm.props.get("config.extraConfig") or (),
        )

    def of_version(self) -> list[ova.Image]:
        """Return the images of the cluster's Kubernetes build."""
        return [each for each in self.images if same_build(each.version, self.version)]

    def fitting(self, pool: Pool) -> list[ova.Image]:
        """Return the images, templates or not, that answer a pool's version and OS query."""
        versions = self._versions(pool)
        asked = pool.system
        return [
            each
            for each in self.images
            if (each.version in versions if versions else same_build(each.version, pool.version))
            and asked.get("os-name", each.distro_name) == each.distro_name
            and ova.undotted(asked.get("os-version", each.distro_version)) == ova.undotted(each.distro_version)
            and asked.get("os-arch", each.distro_arch) == each.distro_arch
        ]

    def candidates(self, pool: Pool) -> list[ova.Image]:
        """Return the templates among which TKG picks one for a pool, as the account that resolves them sees them."""
        found = [each for each in self.fitting(pool) if each.is_template]
        seen = self._seen_by_resolver
        if seen is None:
            return found
        return [each for each in found if self.vms[each.moid].props.get("config.uuid") in seen]

    def find(self, wanted: str) -> templates.Lookup:
        """Look a template up as CAPV does in the cluster's datacenter."""
        return templates.find_template(wanted, self.machines, self.datacenter)

    def configured(self, pool: Pool | None = None) -> str | None:
        """Return what the configuration names as template of a pool, None if nothing."""
        return configured_template(self.cluster, windows=pool is not None and pool.is_windows)

    def setting(self, pool: Pool | None = None) -> str:
        """Return the name of the setting `configured` comes from."""
        return template_setting(self.cluster, pool)

    def intended(self, pool: Pool) -> tuple[str, str] | None:
        """Return (moid, how that is known) of the image a pool was meant to have, None if nothing says so."""
        wanted = self.configured(pool)
        only = self.find(wanted).only if wanted else None
        if only is not None and self.vms[only.moid].props.get("config.template") is True:
            return only.moid, f"{self.setting(pool)} names it"
        found = self.candidates(pool)
        if len(found) == 1:
            return found[0].moid, f"the only image of {pool.version} for {pool.query}"
        return self._resolved(pool)

    def chosen(self, pool: Pool) -> tuple[str, str] | None:
        """Return (moid, how that is known) of the image that was chosen: the resolver's choice, else the intended."""
        return self._resolved(pool) or self.intended(pool)

    def template_of(self, member: Member) -> str | None:
        """Return what a Machine's VSphereVM, or else its VSphereMachine, names as template."""
        for each in (member.vsphere_vm, member.vsphere_machine):
            if each is not None and each.spec.get("template"):
                return str(each.spec["template"])
        return None

    def ref(self, moid: str) -> str:
        """Return the name findings use for the VM of a moid."""
        found = self.vms.get(moid)
        return found.ref if found else f"{VM} {moid}"

    def _resolved(self, pool: Pool) -> tuple[str, str] | None:
        moid = str(pool.reference.get("moid") or "").removeprefix(f"{VM}:")
        return (moid, "TKR_DATA names it") if moid else None

    def _versions(self, pool: Pool) -> set[str]:
        """Return the exact VERSION values asked for: of the TKr's OSImages, else of the pool's TKR_DATA."""
        found = {
            str(each.at("spec.image.ref.version"))
            for each in release_images(self.cluster)
            if each.at("spec.os.name") == pool.system.get("os-name", each.at("spec.os.name"))
            and each.at("spec.image.ref.version")
        }
        own = pool.reference.get("version")
        return found or ({str(own)} if own else set())

    @cached_property
    def _seen_by_resolver(self) -> set[str] | None:
        """The UUIDs that the resolving account saw at its own login; None if it is not known or sees everything.

        In legacy mode the CLI resolves, as the account of the configuration; else the webhook, as the identity's.
        """
        user = self._identity_user if self.cluster.is_class_based else self.cluster.intent.variable("VSPHERE_USERNAME")
        for account in self.vcenter.accounts:
            if user and account.login == "ok" and same_account(account.username, user):
                return None if account.sees_everything else set(account.vm_uuids)
        return None

    @property
    def _identity_user(self) -> str | None:
        reference = self.cluster.identity_variable or self.cluster.identity_reference
        if reference is None or reference[0] != CLUSTER_IDENTITY:
            return None
        identity = self.cluster.management.get(CLUSTER_IDENTITY, reference[1])
        name = str(identity.spec.get("secretName")) if identity else ""
        secret = self.cluster.management.get("Secret", name, self._site.capv_namespace.name)
        return secret.user("username") if secret else None

    def _datacenter(self, check: Check) -> str:
        paths = [each.path for each in self.vcenter.all("Datacenter")]
        named = (
            self.cluster.intent.variable(variables.DATACENTER),
            *(pool.template.at("spec.template.spec.datacenter") for pool in self.pools if pool.template),
        )
        wanted = next((str(each) for each in named if each), None)
        found = templates.find_datacenters(wanted, paths) if wanted else tuple(paths)
        if len(found) != 1:
            check.inconclusive(
                f"the datacenter of {self.cluster.name} is not known: {wanted or 'none is configured'}, and vCenter"
                f" shows {', '.join(paths) or 'none'}; set {variables.DATACENTER} to its inventory path"
            )
        return found[0]


def release_of(cluster: Cluster) -> KubernetesObject | None:
    """Return the TKr that the Cluster's label names, None if there is none of this name."""
    label = cluster.release_label[1]
    return cluster.management.get("TanzuKubernetesRelease", label) if label else None


def release_images(cluster: Cluster) -> list[KubernetesObject]:
    """Return the OSImages of the cluster's TKr; none where the management cluster does not serve these kinds."""
    release = release_of(cluster)
    names = [str(each.get("name")) for each in (release.spec.get("osImages") or ())] if release else []
    found = (cluster.management.get("OSImage", name) for name in names)
    return [each for each in found if each is not None]
