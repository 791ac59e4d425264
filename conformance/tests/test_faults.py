"""The seeded faults are complete, distinct and well formed; that they are found is shown on a lab (`prove`)."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.datastore.faults import FAULTS as DATASTORE_FAULTS
from tkg_conformance.conformance.identity.faults import FAULTS as IDENTITY_FAULTS
from tkg_conformance.conformance.multios.faults import FAULTS as MULTIOS_FAULTS
from tkg_conformance.conformance.ova.faults import FAULTS as OVA_FAULTS
from tkg_conformance.conformance.portgroup.faults import FAULTS as PORTGROUP_FAULTS
from tkg_conformance.conformance.zone.faults import FAULTS as ZONE_FAULTS
from tkg_conformance.fixtures.faults import Fault
from tkg_conformance.plugins import catalogue as catalogues
from tkg_conformance.plugins.prove import load_faults
from tkg_conformance.reports.records import SITE_SCOPE, Requirement, Verdict

FAULTS = (*ZONE_FAULTS, *IDENTITY_FAULTS, *OVA_FAULTS, *DATASTORE_FAULTS, *MULTIOS_FAULTS, *PORTGROUP_FAULTS)
CATALOGUE = catalogues.load()
CLUSTERS = ("dev/wl1", "dev/wl2", "dev/wl3")
LONGEST_SENTENCE = 100


@pytest.mark.parametrize("requirement", CATALOGUE.requirements, ids=lambda each: each.id)
def test_a_requirement_has_a_fault_or_a_reason_why_no_lab_shows_one(requirement: Requirement) -> None:
    seeded = [fault.id for fault in FAULTS if fault.requirement == requirement.id]
    if requirement.lab == "shown":
        assert seeded
    else:
        assert not seeded
        assert requirement.lab_reason


def test_the_prover_finds_every_fault() -> None:
    assert {fault.id for fault in load_faults(CATALOGUE)} == {fault.id for fault in FAULTS}


def test_ids_are_unique() -> None:
    ids = [fault.id for fault in FAULTS]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.id)
def test_a_fault_is_well_formed(fault: Fault) -> None:
    requirement = CATALOGUE.requirement(fault.requirement)
    assert fault.id == fault.id.lower().replace("_", "-")
    assert 0 < len(fault.sentence) <= LONGEST_SENTENCE
    assert not fault.sentence.endswith(".")
    assert fault.object
    assert Verdict(fault.verdict) not in (Verdict.PASS, Verdict.BLOCKED)
    assert fault.settle_s > 0
    if requirement.scope == SITE_SCOPE:
        assert fault.scope == SITE_SCOPE
    else:
        assert fault.scope in CLUSTERS


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.id)
def test_consequences_are_other_requirements_with_known_verdicts(fault: Fault) -> None:
    for id_, verdict in (fault.consequences or {}).items():
        assert CATALOGUE.requirement(id_).id != fault.requirement
        assert Verdict(verdict) is not Verdict.BLOCKED, "BLOCKED is allowed for every requirement anyway"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.id)
def test_placeholders_in_the_object_come_with_names(fault: Fault) -> None:
    assert ("{" in fault.object) == (fault.names is not None)
