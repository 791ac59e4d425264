"""IDENT-7: the alternate account is another account, and it can log in."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import (
    NamedIdentity,
    account_ref,
    identity_of,
    management_account,
    require_capv_namespace,
    secret_of,
    secret_ref,
    usable_credentials,
    username_of,
)
from tkg_conformance.conformance.subjects import require_fresh_conditions, require_resource, require_vcenter
from tkg_conformance.fixtures.models.identity import same_account
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-7")
def test_account_can_log_in(check: Check, site: Site, cluster: Cluster) -> None:
    identity = identity_of(check, site, cluster)
    require_resource(check, cluster)
    require_fresh_conditions(check, cluster)
    _judge_condition(check, site, cluster, identity)
    if not _has_credentials(check, site, identity):
        return
    username = username_of(check, site, identity)
    _judge_difference(check, site, cluster, identity, username)
    _judge_login(check, site, cluster, identity, username)
    if cluster.vsphere_cluster is None and not check.findings:
        check.inconclusive(f"the VSphereCluster of {cluster.name}, with CAPV's own word, was not seen")


def _has_credentials(check: Check, site: Site, identity: NamedIdentity) -> bool:
    """A Secret that is not there, or holds nothing, lets nobody log in."""
    secret = secret_of(site, identity)
    if secret is not None and usable_credentials(secret):
        return True
    ref = secret_ref(site, identity.secret_name)
    if secret is None:
        require_capv_namespace(check, site, ref)
    check.examine(identity.ref)
    check.fail(
        identity.ref,
        expected="credentials with which a login to vCenter succeeds",
        observed=f"{ref} holds no user name or no password" if secret else f"{ref} was not seen",
        message=f"nobody can log in as {identity.ref}: {ref} gives no usable credentials",
        involves=[ref],
    )
    return False


def _judge_condition(check: Check, site: Site, cluster: Cluster, identity: NamedIdentity) -> None:
    vsphere_cluster = cluster.vsphere_cluster
    if vsphere_cluster is None:
        return
    check.examine(vsphere_cluster)
    condition = vsphere_cluster.condition("VCenterAvailable")
    if condition is None or not condition.is_true:
        told = condition.describe() if condition else "no condition VCenterAvailable"
        check.fail(
            vsphere_cluster,
            expected="condition VCenterAvailable True",
            observed=told,
            message=f"CAPV does not reach vCenter for {cluster.name}: {told}",
            involves=[
                identity.ref,
                secret_ref(site, identity.secret_name),
                cluster.ref,
                site.management.ref("Namespace", cluster.namespace),
            ],
        )


def _judge_difference(check: Check, site: Site, cluster: Cluster, identity: NamedIdentity, username: str) -> None:
    management = management_account(site, cluster)
    if management is None:
        check.note("the management account is not known, so the difference of accounts is not judged")
        return
    check.note(f"the management account is {management.username}, {management.source}")
    if same_account(username, management.username):
        check.fail(
            identity.ref,
            expected=f"another account than {management.username}",
            observed=username,
            message=f"{identity.ref} uses the management account {management.username}, so nothing is separated",
            involves=[secret_ref(site, identity.secret_name)],
        )


def _judge_login(check: Check, site: Site, cluster: Cluster, identity: NamedIdentity, username: str) -> None:
    vcenter = require_vcenter(check, site, cluster)
    view = next((each for each in vcenter.accounts if same_account(each.username, username)), None)
    if view is None:
        if not check.findings:
            check.inconclusive(
                f"no login as {username} was tried; declare the account in the site file with a password"
            )
        return
    check.examine(account_ref(username))
    if view.login != "ok":
        check.fail(
            identity.ref,
            expected=f"a login to {vcenter.ref}",
            observed=view.login,
            message=f"{vcenter.ref} refuses the login of {username}: {view.login}",
            involves=[account_ref(username), secret_ref(site, identity.secret_name)],
        )
