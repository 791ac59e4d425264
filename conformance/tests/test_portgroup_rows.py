"""Every DVPG row on constructed observations: healthy, violated, not applicable, evidence missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.tests import portgroup_changes as change
from conformance.tests.builder import Sample, healthy
from conformance.tests.judging import Case, check, loud, result
from conformance.tests.multios_site import multi_os
from conformance.tests.portgroup_changes import GROUP_REF, PORT_REF, SWITCH_REF, VM_REF, WL2
from tkg_conformance.reports.records import Verdict

TEMPLATE_REF = "VSphereMachineTemplate management/dev/wl2-md-0-t"
ROWS = [f"DVPG-{number}" for number in range(1, 12)]
FAIL, INCONCLUSIVE = Verdict.FAIL, Verdict.INCONCLUSIVE
VIOLATIONS = [
    Case(change.adapter_removed, "DVPG-1", FAIL, VM_REF, WL2),
    Case(change.adapter_on_unknown_network, "DVPG-1", FAIL, VM_REF, WL2),
    Case(change.promiscuous_accepted, "DVPG-2", FAIL, GROUP_REF, WL2),
    Case(change.promiscuous_accepted_in_new_spelling_only, "DVPG-2", FAIL, GROUP_REF, WL2),
    Case(change.mac_changes_accepted, "DVPG-3", FAIL, GROUP_REF, WL2),
    Case(change.forged_transmits_accepted, "DVPG-4", FAIL, GROUP_REF, WL2),
    Case(change.port_overridden, "DVPG-5", FAIL, PORT_REF, WL2),
    Case(change.inherited_from_accepting_switch, "DVPG-6", FAIL, SWITCH_REF, WL2),
    Case(change.windows_node_not_ready, "DVPG-7", FAIL, f"Node {WL2}/wl2-md-0", WL2),
    Case(change.windows_called_linux, "DVPG-8", FAIL, f"Configuration {WL2} type", WL2),
    Case(change.mac_duplicated, "DVPG-10", FAIL, VM_REF, WL2),
]


def test_the_healthy_site_passes() -> None:
    assert loud(healthy()) == {}
    words = {row: result(healthy(), row, WL2).verdict for row in ROWS}
    not_applicable = {row for row, word in words.items() if word is Verdict.NOT_APPLICABLE}
    assert not_applicable == {"DVPG-6", "DVPG-8"}
    assert words["DVPG-7"] is INCONCLUSIVE
    assert {words[row] for row in ROWS} - {Verdict.NOT_APPLICABLE, INCONCLUSIVE} == {Verdict.PASS}


@pytest.mark.parametrize("row", ROWS)
def test_no_row_applies_to_a_linux_cluster(row: str) -> None:
    found = result(healthy(), row, "dev/wl1")
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert "Linux-only" in found.reason


@pytest.mark.parametrize("case", VIOLATIONS, ids=lambda case: case.name)
def test_a_violation_is_found(case: Case) -> None:
    sample = healthy()
    case.change(sample)
    found = result(sample, case.requirement, case.scope)
    assert (found.verdict, case.object in [each.object for each in found.findings]) == (case.verdict, True)


@pytest.mark.parametrize(("network", "verdict"), [("multi-os", Verdict.PASS), ("Multi-OS", FAIL)])
def test_the_network_of_the_next_windows_machine_has_to_exist(network: str, verdict: Verdict) -> None:
    sample = multi_os()
    change.next_machine_on(sample, network)
    found = result(sample, "DVPG-1", WL2)
    assert found.verdict is verdict
    assert f"{TEMPLATE_REF} network {network}" in found.examined.objects
    assert [each.object for each in found.findings] == ([] if verdict is Verdict.PASS else [TEMPLATE_REF])


@pytest.mark.parametrize(
    "case", [each for each in VIOLATIONS if each.requirement in ROWS[1:6]], ids=lambda case: case.name
)
def test_one_cause_gives_one_fail(case: Case) -> None:
    check(healthy(), case)


@pytest.mark.parametrize("row", ["DVPG-2", "DVPG-3", "DVPG-4", "DVPG-6"])
@pytest.mark.parametrize("make", [change.unset_everywhere])
def test_unset_everywhere_is_never_pass(row: str, make: Callable[[Sample], None]) -> None:
    sample = healthy()
    make(sample)
    found = result(sample, row, WL2)
    assert found.verdict is INCONCLUSIVE
    assert "unset" in found.reason


def test_an_inherited_reject_passes_by_its_switch() -> None:
    sample = healthy()
    change.inherited_from_rejecting_switch(sample)
    assert {result(sample, row, WL2).verdict for row in ("DVPG-2", "DVPG-3", "DVPG-4", "DVPG-6")} == {Verdict.PASS}


@pytest.mark.parametrize("row", ["DVPG-1", "DVPG-2", "DVPG-3", "DVPG-4"])
def test_an_nsx_network_is_not_judged(row: str) -> None:
    sample = healthy()
    change.on_nsx(sample)
    found = result(sample, row, WL2)
    assert found.verdict is INCONCLUSIVE
    assert "NSX" in found.reason


@pytest.mark.parametrize(("accepts", "verdict"), [(False, Verdict.PASS), (True, FAIL)])
def test_a_standard_port_group_is_judged_by_its_host(accepts: bool, verdict: Verdict) -> None:
    sample = healthy()
    change.on_standard_switch(sample, accepts)
    assert {result(sample, row, WL2).verdict for row in ("DVPG-2", "DVPG-3", "DVPG-4")} == {verdict}
    assert result(sample, "DVPG-1", WL2).verdict is Verdict.PASS


def test_a_port_out_of_sight_is_inconclusive_where_overrides_are_allowed() -> None:
    sample = healthy()
    ports = [key for key in sample.inventory if key.startswith("DistributedVirtualPort:")]
    for key in ports:
        del sample.inventory[key]
    assert result(sample, "DVPG-5", WL2).verdict is Verdict.NOT_APPLICABLE
    sample.inventory[change.GROUP]["props"]["config.policy"]["macManagementOverrideAllowed"] = True
    assert result(sample, "DVPG-5", WL2).verdict is INCONCLUSIVE


@pytest.mark.parametrize("row", ["DVPG-1", "DVPG-10"])
def test_all_and_unique_need_full_sight(row: str) -> None:
    sample = healthy()
    sample.sight = {"limited": True, "reason": "no right below /dc0/vm"}
    assert result(sample, row, WL2).verdict is INCONCLUSIVE
