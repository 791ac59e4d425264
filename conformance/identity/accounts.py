"""The identities and accounts in use: which VSphereClusterIdentity, which Secret, which user name."""

from __future__ import annotations

from dataclasses import dataclass

from tkg_conformance.conformance.subjects import require_resource
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.intent import CLUSTER_IDENTITY
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.reports.check import Check

USERNAME = "username"
PASSWORD = "password"  # noqa: S105  a key's name


@dataclass(frozen=True, slots=True)
class NamedIdentity:
    """A VSphereClusterIdentity that clusters name; `resource` is None if there is none of this name."""

    name: str
    clusters: tuple[str, ...]
    resource: KubernetesObject | None
    ref: str

    @property
    def secret_name(self) -> str | None:
        found = self.resource.spec.get("secretName") if self.resource else None
        return str(found) if found else None

    @property
    def allowed_namespaces(self) -> dict[str, object] | None:
        """`spec.allowedNamespaces`; None if absent, which admits nobody."""
        found = self.resource.spec.get("allowedNamespaces") if self.resource else None
        return dict(found) if found is not None else None


@dataclass(frozen=True, slots=True)
class ManagementAccount:
    """The account the management cluster was deployed with, and how that is known."""

    username: str
    source: str


def identity_of(check: Check, site: Site, cluster: Cluster) -> NamedIdentity:
    """Return the identity that a cluster names; NOT-APPLICABLE if it names none."""
    name = cluster.identity
    if name is None:
        if cluster.resource is None:
            require_resource(check, cluster)
        found = cluster.identity_reference
        using = f"identityRef is {found[0]} {found[1]}" if found else "it has no identityRef"
        check.not_applicable(f"nothing of {cluster.name} names a VSphereClusterIdentity; {using}")
    return _named(site, name, (cluster.name,))


def named_identities(check: Check, site: Site) -> list[NamedIdentity]:
    """Return the identities that the site file's clusters name; NOT-APPLICABLE if none, others are noted."""
    users: dict[str, list[str]] = {}
    for cluster in site.clusters:
        if cluster.identity:
            users.setdefault(cluster.identity, []).append(cluster.name)
    for each in site.management.all(CLUSTER_IDENTITY):
        if each.name not in users:
            check.note(f"{each.ref} is named by no cluster in scope: listed, not judged")
    if not users:
        check.not_applicable("no cluster of the site file names a VSphereClusterIdentity, in its intent or at any hop")
    return [_named(site, name, tuple(clusters)) for name, clusters in sorted(users.items())]


def secret_ref(site: Site, name: str | None) -> str:
    """Return the name findings use for a Secret in the CAPV namespace."""
    return site.management.ref("Secret", name or "?", site.capv_namespace.name)


def secret_of(site: Site, identity: NamedIdentity) -> KubernetesObject | None:
    """Return the Secret that an identity names in the CAPV namespace, None if it was not seen."""
    if identity.secret_name is None:
        return None
    return site.management.get("Secret", identity.secret_name, site.capv_namespace.name)


def require_capv_namespace(check: Check, site: Site, missing: str) -> None:
    """Stop with INCONCLUSIVE if a Secret is missing in a namespace that is only assumed to be CAPV's."""
    is_told = site.capv_namespace.is_observed or site.profile.get("capv_namespace")
    if not is_told and not check.findings:
        check.inconclusive(
            f"{missing} was not seen, but neither was the CAPV controller, so its namespace is not known; allow reading"
            " Pods and Deployments, or name it as capv_namespace in the profile"
        )


def owned_secret(site: Site, identity: NamedIdentity) -> KubernetesObject | None:
    """Return a Secret of the CAPV namespace that the identity owns, whatever it names now."""
    secrets = site.management.all("Secret", site.capv_namespace.name)
    return next((each for each in secrets if each.owned_by(CLUSTER_IDENTITY, identity.name)), None)


def username_of(check: Check, site: Site, identity: NamedIdentity) -> str:
    """Return the user name in the Secret that the identity names or owns; INCONCLUSIVE if there is none."""
    found = secret_of(site, identity) or owned_secret(site, identity)
    user = found.user(USERNAME) if found else None
    if user is None:
        ref = found.ref if found else secret_ref(site, identity.secret_name)
        check.inconclusive(f"the user name of {identity.ref} is not known, because {ref} was not seen or holds none")
    return user


def usable_credentials(secret: KubernetesObject) -> bool:
    """Return whether a Secret holds a user name and a password that are not empty."""
    entries = (secret.data.get(key) or {} for key in (USERNAME, PASSWORD))
    return all(entry and not entry.get("empty") for entry in entries)


def spoilt_username(site: Site, identity: NamedIdentity) -> list[str]:
    """Return the Secret's name if the user name in it cannot be taken for that of the account, which IDENT-1 judges."""
    secret = secret_of(site, identity) or owned_secret(site, identity)
    entry = (secret.data.get(USERNAME) or {}) if secret else {}
    return [secret.ref] if secret and entry.get("double_base64") else []


def account_ref(username: str) -> str:
    """Return the name findings use for a vSphere account."""
    return f"account {username}"


def management_account(site: Site, cluster: Cluster) -> ManagementAccount | None:
    """Return the management account: declared in the site file, else the observing account."""
    declared = site.accounts.get("management")
    if declared:
        return ManagementAccount(declared, "declared in the site file")
    vcenter = site.vcenter_of(cluster)
    if vcenter is None:
        return None
    return ManagementAccount(vcenter.username, "taken to be the observing account; declare it as accounts: management")


def _named(site: Site, name: str, clusters: tuple[str, ...]) -> NamedIdentity:
    return NamedIdentity(
        name=name,
        clusters=clusters,
        resource=site.management.get(CLUSTER_IDENTITY, name),
        ref=site.management.ref(CLUSTER_IDENTITY, name),
    )
