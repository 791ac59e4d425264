from __future__ import annotations

from pathlib import Path

import pytest

from plugins.tests.rows import catalogue, requirement
from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.plugins import catalogue as catalogues
from tkg_conformance.plugins import checks


def test_the_shipped_catalogue_has_the_94_outcomes_of_the_page() -> None:
    loaded = catalogues.load()
    counts = {area.prefix: sum(each.area == area.name for each in loaded.requirements) for area in loaded.areas}
    assert counts == {"OVA": 13, "ZONE": 16, "IDENT": 16, "DSC": 13, "MOS": 25, "DVPG": 11}


def test_no_area_is_left_out_of_the_pages_order() -> None:
    folder = Path(catalogues.__file__).parents[1] / "conformance"
    assert {each.parent.name for each in folder.glob("*/requirements.yaml")} == set(catalogues.PAGE_ORDER)


def test_every_row_has_its_check() -> None:
    assert set(checks.load()) == {each.id for each in catalogues.load().requirements}


def test_causes_are_transitive_and_nearest_first() -> None:
    rows = catalogue(
        requirement("ZONE-1"), requirement("ZONE-2", requires=("ZONE-1",)), requirement("ZONE-3", requires=("ZONE-2",))
    )
    assert rows.causes("ZONE-3") == ["ZONE-2", "ZONE-1"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ((requirement("ZONE-1"), requirement("ZONE-1")), "ZONE-1 twice"),
        ((requirement("ZONE-1", requires=("ZONE-9",)),), "ZONE-1 names the cause ZONE-9"),
        (
            (requirement("ZONE-1", requires=("ZONE-2",)), requirement("ZONE-2", requires=("ZONE-1",))),
            "must have no cycle",
        ),
    ],
)
def test_a_contradictory_catalogue_is_refused(rows: tuple[object, ...], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        catalogue(*rows)  # type: ignore[arg-type]


def test_an_unknown_requirement_is_answered_with_those_near_it() -> None:
    with pytest.raises(
        UsageError, match=r"There is no requirement 'ZONE-99'; expected one of the catalogue \(ZONE-1 to ZONE-16\)"
    ):
        catalogues.load().requirement("ZONE-99")


def test_an_unknown_area_is_answered_with_the_areas() -> None:
    with pytest.raises(UsageError, match="There is no area 'zones'; expected one of"):
        catalogues.load().area("zones")


def test_a_damaged_catalogue_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "requirements.yaml"
    file.write_text("area: mine\nprefix: MINE\ntitle: t\npage: p\npromise: x\nrequirements: [{id: MINE-1}]\n")
    with pytest.raises(UsageError, match=r"requirements\.yaml is damaged: KeyError: 'scope'"):
        catalogues.load([file])
