"""What CAPV says of a machine that it cannot make is quoted, in both layouts of its conditions; progress is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conformance.tests.builder import Sample
from conformance.tests.judging import result
from conformance.tests.storage_changes import POLICY, stored
from tkg_conformance.reports.records import Verdict

SAID = f'unable to get storageProfileID from name {POLICY}: no pbm profile found with name: "{POLICY}"'


def without_policy(condition: dict[str, Any], *, layout: str = "") -> Sample:
    """Return a site whose policy was renamed, with a condition on one VSphereVM."""
    sample = stored()
    sample.policies = [replace(each, name="other") for each in sample.policies]
    vm = sample.find("VSphereVM", "wl1-md-0-vm")
    conditions = {"conditions": [condition]}
    vm.status = {"deprecated": {"v1beta1": conditions}} if layout else conditions
    return sample


def told(sample: Sample) -> str:
    found = result(sample, "DSC-3")
    assert found.verdict is Verdict.FAIL
    return found.findings[0].observed


@pytest.mark.parametrize("layout", ["", "deprecated"])
def test_the_former_contract_says_cloning_failed(layout: str) -> None:
    condition = {"type": "VMProvisioned", "status": "False", "reason": "CloningFailed", "message": SAID}
    assert SAID in told(without_policy(condition, layout=layout))


def test_the_present_contract_says_it_in_the_message() -> None:
    condition = {"type": "VirtualMachineProvisioned", "status": "False", "reason": "NotProvisioned", "message": SAID}
    assert "CAPV on VSphereVM management/dev/wl1-md-0-vm" in told(without_policy(condition))


@pytest.mark.parametrize(
    "condition",
    [
        {"type": "VMProvisioned", "status": "True", "reason": "CloningFailed", "message": SAID},
        {"type": "VMProvisioned", "status": "False", "reason": "Cloning", "message": SAID},
        {"type": "VirtualMachineProvisioned", "status": "False", "reason": "NotProvisioned"},
    ],
)
def test_progress_is_no_refusal(condition: dict[str, Any]) -> None:
    assert "CAPV" not in told(without_policy(condition))
