"""IDENT-10: the cloud provider and the CSI driver log in with the alternate account."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import (
    NamedIdentity,
    identity_of,
    management_account,
    secret_ref,
    username_of,
)
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.models.identity import same_account
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-10")
def test_addons_use_account(check: Check, site: Site, cluster: Cluster) -> None:
    identity = identity_of(check, site, cluster)
    if not cluster.workload.is_present:
        check.inconclusive(f"nothing was read of the workload cluster {cluster.name}; give a kubeconfig that works")
    username = username_of(check, site, identity)
    users = [*_cloud_provider(cluster), *_driver(cluster)]
    if not users:
        check.inconclusive(f"no user name of the cloud provider or the CSI driver was seen in {cluster.name}")
    for component, ref, user in users:
        check.examine(ref)
        _judge(check, site, cluster, identity, username, component, ref, user)


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
    declared = [name for name, account in site.accounts.items() if same_account(account, user)]
    if declared and not of_management:
        check.note(f"{component} uses {user}, which the site file declares as {declared[0]}")
        return
    parts = (cluster.vsphere_cluster, cluster.resource)
    check.fail(
        ref,
        expected=f"{username}, or an account that the site file declares",
        observed=f"{user}, the management account" if of_management else user,
        message=f"{component} of {cluster.name} logs in as {user} instead of {username}",
        involves=[
            *(part.ref for part in parts if part),
            identity.ref,
            secret_ref(site, identity.secret_name),
            *cluster.hops.refs("csi" if component == "the CSI driver" else "cpi"),
        ],
    )


def _cloud_provider(cluster: Cluster) -> list[tuple[str, str, str]]:
    """Return (component, object, user) from the credentials Secret, or from vsphere.conf if it holds users."""
    namespace, name = variables.CPI_CREDENTIALS
    secret = cluster.workload.get("Secret", name, namespace)
    keys = (key for key in (secret.data if secret else ()) if key.endswith(".username"))
    found = [("the cloud provider", secret.ref, user) for key in keys if secret and (user := secret.user(key))]
    hop = cluster.hops.cloud_config()
    return found or ([("the cloud provider", hop.ref, user) for user in hop.users] if hop else [])


def _driver(cluster: Cluster) -> list[tuple[str, str, str]]:
    hop = cluster.hops.driver_config()
    return [("the CSI driver", hop.ref, user) for user in hop.users] if hop else []
