"""IDENT-8: logged in as the alternate account, the cluster is seen running."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import (
    NamedIdentity,
    account_ref,
    identity_of,
    secret_of,
    usable_credentials,
    username_of,
)
from tkg_conformance.conformance.subjects import conclude_joins, require_vcenter, settled_machines
from tkg_conformance.fixtures.models.identity import same_account
from tkg_conformance.fixtures.observation import uuids
from tkg_conformance.fixtures.observation.model import AccountView
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-8")
def test_account_sees_cluster(check: Check, site: Site, cluster: Cluster) -> None:
    identity = identity_of(check, site, cluster)
    username = username_of(check, site, identity)
    vcenter = require_vcenter(check, site, cluster)
    view = next((each for each in vcenter.accounts if same_account(each.username, username)), None)
    secret = secret_of(site, identity)
    if (view is None and secret and not usable_credentials(secret)) or (view is not None and view.login != "ok"):
        _fail_login(check, identity, username, secret)
        return
    if view is None:
        check.inconclusive(f"nothing was seen as {username}, because no login was tried; see IDENT-7")
    members = settled_machines(check, cluster)
    seen, running = ({uuids.canonical(each) for each in found} for found in (view.vm_uuids, view.powered_on))
    for member in members:
        if member.vm is not None:
            _judge(check, member, view, seen=seen, running=running)
    blind = vcenter.blind_scope("VirtualMachine")
    if view.sees_everything is True and blind:
        check.note(
            f"visibility holds; separation is INCONCLUSIVE: {username} sees all that {vcenter.username} sees,"
            f" which is not everything ({blind})"
        )
    elif view.sees_everything is True:
        check.note(f"visibility holds; separation is INCONCLUSIVE: {username} can see everything, which proves nothing")
    elif view.sees_everything is None:
        check.note(f"visibility holds; separation is INCONCLUSIVE: it was not determined how much {username} can see")
    conclude_joins(check, [member for member in members if member.vm is None])


def _fail_login(check: Check, identity: NamedIdentity, username: str, secret: KubernetesObject | None) -> None:
    check.examine(account_ref(username))
    check.fail(
        account_ref(username),
        expected="all VMs of the cluster visible and powered on",
        observed="no login is possible, so nothing is visible",
        message=f"{username} cannot log in and therefore sees nothing of the cluster",
        involves=[identity.ref, *([secret.ref] if secret else [])],
    )


def _judge(check: Check, member: Member, view: AccountView, *, seen: set[str | None], running: set[str | None]) -> None:
    vm = member.vm
    if vm is None:
        return
    check.examine(vm)
    uuid = uuids.canonical(vm.props.get("config.uuid"))
    if uuid not in seen or uuid not in running:
        observed = "not visible" if uuid not in seen else "visible, not powered on"
        check.fail(
            vm,
            expected=f"visible to {view.username} and powered on",
            observed=observed,
            message=f"as {view.username}, {vm.ref} is {observed}",
            involves=[part.ref for part in member.objects],
        )
