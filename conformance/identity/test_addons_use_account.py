"""IDENT-10: the cloud provider and the CSI driver log in with the alternate account."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import (
    NamedIdentity,
    identity_of,
    management_account,
    spoilt_username,
    username_of,
)
from tkg_conformance.conformance.subjects import require_workload
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.models.addonpackages import CSI_DEPLOYMENT
from tkg_conformance.fixtures.models.identity import same_account
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check

CLOUD_PROVIDER = "the cloud provider"
CSI_DRIVER = "the CSI driver"
USE = {CLOUD_PROVIDER: "cpi", CSI_DRIVER: "csi"}
"""The word by which the site file says that an account is meant for a component."""
_PLAN_BASED = (
    "; in legacy mode the CLI gives the add-ons the account of the configuration file, whatever VSphereCluster names"
)


@pytest.mark.requirement("IDENT-10")
def test_addons_use_account(check: Check, site: Site, cluster: Cluster) -> None:
    identity = identity_of(check, site, cluster)
    require_workload(check, cluster)
    username = username_of(check, site, identity)
    users = {CLOUD_PROVIDER: _cloud_provider(cluster), CSI_DRIVER: _driver(cluster)}
    for component, found in users.items():
        for ref, user in found:
            check.examine(ref)
            _judge(check, site, cluster, identity, username, component, ref, user)
    unseen = [component for component, found in users.items() if not found]
    if unseen == [CSI_DRIVER] and not _has_driver(cluster):
        check.note(f"{cluster.name} runs no CSI controller, so only the cloud provider is judged")
    elif unseen and not check.findings:
        check.inconclusive(f"no user name of {' and '.join(unseen)} was seen in {cluster.name}")


def _judge(
    check: Check,
    site: Site,
    cluster: Cluster,
    identity: NamedIdentity,
    username: str,
    component: str,
    ref: str,
    user: str,
) -> None:
    if same_account(user, username):
        return
    management = management_account(site, cluster)
    of_management = management is not None and same_account(user, management.username)
    declared = [
        name
        for name, account in site.accounts.items()
        if same_account(account, user) and site.is_declared_for(name, USE[component])
    ]
    if declared and not of_management:
        check.note(f"{component} uses {user}, which the site file declares as {declared[0]}")
        return
    parts = (cluster.vsphere_cluster, cluster.resource)
    plan_based = "" if cluster.is_class_based else _PLAN_BASED
    check.fail(
        ref,
        expected=f"{username}, or an account that the site file declares for {USE[component]}",
        observed=f"{user}, the management account" if of_management else user,
        message=f"{component} of {cluster.name} logs in as {user} instead of {username}{plan_based}",
        remediation=_remedy(cluster) if plan_based else None,
        involves=[
            *(part.ref for part in parts if part),
            identity.ref,
            *spoilt_username(site, identity),
            *cluster.hops.refs(USE[component]),
        ],
    )


def _remedy(cluster: Cluster) -> str:
    secrets = " and ".join(cluster.hops.rendered(component)[0] for component in ("cpi", "csi"))
    return (
        f"Set VSPHERE_USERNAME and VSPHERE_PASSWORD of the configuration file to the account before creating the"
        f" cluster; for one that exists, change username and password in values.yaml of {secrets}."
    )


def _cloud_provider(cluster: Cluster) -> list[tuple[str, str]]:
    """Return (object, user) from the credentials Secret, or from vsphere.conf if it holds users."""
    namespace, name = variables.CPI_CREDENTIALS
    secret = cluster.workload.get("Secret", name, namespace)
    keys = (key for key in (secret.data if secret else ()) if key.endswith(".username"))
    found = [(secret.ref, user) for key in keys if secret and (user := secret.user(key))]
    hop = cluster.hops.cloud_config()
    return found or ([(hop.ref, user) for user in hop.users] if hop else [])


def _driver(cluster: Cluster) -> list[tuple[str, str]]:
    hop = cluster.hops.driver_config()
    return [(hop.ref, user) for user in hop.users] if hop else []


def _has_driver(cluster: Cluster) -> bool:
    """Whether the CSI driver is installed: its configuration, or its controller, is there."""
    controllers = (each.name == CSI_DEPLOYMENT for each in cluster.workload.all("Deployment"))
    return cluster.hops.driver_config() is not None or any(controllers)
