"""MOS-9: IS_WINDOWS_WORKLOAD_CLUSTER is the string "true"."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.systems import require_windows
from tkg_conformance.fixtures.models import variables
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.reports.check import Check

_IP_FAMILY = "TKG_IP_FAMILY"


@pytest.mark.requirement("MOS-9")
def test_variable_is_true(check: Check, cluster: Cluster) -> None:
    require_windows(check, cluster)
    if not cluster.intent.is_flat:
        check.not_applicable(f"no flat configuration file of {cluster.name} is given in the site file")
    setting = cluster.intent.ref(variables.WINDOWS)
    check.examine(setting)
    value = cluster.intent.variable(variables.WINDOWS)
    if value != "true":
        check.fail(
            setting,
            expected='the string "true"',
            observed="unset" if value is None else value,
            message=f"{setting} is {value or 'unset'}, so the dry run yields a Linux-only specification",
        )
    family = cluster.intent.variable(_IP_FAMILY) or "ipv4"
    if "ipv6" in family.lower():
        check.fail(
            cluster.intent.ref(_IP_FAMILY),
            expected="ipv4, beside Windows workers",
            observed=family,
            message=f"{_IP_FAMILY} is {family}, which the templates refuse together with Windows workers",
            remediation=f"Leave {_IP_FAMILY} out, or set it to ipv4.",
        )
