from __future__ import annotations

import pytest

from plugins.tests.rows import catalogue, requirement
from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.fixtures.probes.model import Probe
from tkg_conformance.plugins.selection import Selector, describe, probes_of, selector
from tkg_conformance.reports.records import Level

ROWS = catalogue(
    requirement("ZONE-1"), requirement("ZONE-2", scope="cluster"), requirement("IDENT-1", level=Level.LIVE)
)
ZONE_1, ZONE_2, IDENT_1 = ROWS.requirements


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        (Selector(), [True, True, False]),
        (Selector(probed=("IDENT-1",)), [True, True, True]),
        (Selector(requirements=("ZONE-2",), probed=("IDENT-1",)), [False, True, True]),
        (Selector(areas=("zone",)), [True, True, False]),
        (Selector(requirements=("ZONE-2",)), [False, True, False]),
        (Selector(requirements=("IDENT-1",)), [False, False, True]),
        (Selector(areas=("zone",), requirements=("IDENT-1",)), [True, True, True]),
        (Selector(clusters=("dev/other",)), [True, False, False]),
    ],
)
def test_what_is_selected(chosen: Selector, wanted: list[bool]) -> None:
    rows = [(ZONE_1, "site"), (ZONE_2, "dev/wl1"), (IDENT_1, "site")]
    assert [chosen.wants(row, scope) for row, scope in rows] == wanted


def test_the_reason_of_not_being_selected_is_said() -> None:
    assert Selector(areas=("zone",)).why_not(ZONE_1, "site") == "not selected: only zone asked for"
    assert Selector(areas=("ova",)).why_not(ZONE_2, "dev/wl1") == "not selected: only ova asked for"
    both = Selector(areas=("ova",), clusters=("dev/wl1",))
    assert {both.why_not(ZONE_2, scope) for scope in ("site", "dev/wl1")} == {"not selected: only ova asked for"}
    assert "live probe" in Selector().why_not(IDENT_1, "site")
    assert "dev/wl2" in Selector(clusters=("dev/wl2",)).why_not(ZONE_2, "dev/wl1")


def test_names_are_checked_and_normalised() -> None:
    chosen = selector(ROWS, areas=["ZONE"], requirements=["zone-2"], clusters=["dev/wl1"], known=["dev/wl1"])
    assert chosen == Selector(areas=("zone",), requirements=("ZONE-2",), clusters=("dev/wl1",))


def test_an_unknown_cluster_is_refused() -> None:
    with pytest.raises(UsageError, match="The site file has no cluster 'dev/x'; expected one of dev/wl1"):
        selector(ROWS, areas=[], requirements=[], clusters=["dev/x"], known=["dev/wl1"])


def test_the_description_names_what_is_judged() -> None:
    assert describe(ROWS, Selector(areas=("zone",))).description == "zone; 2 of 3 requirements"
    assert describe(ROWS, Selector()).description == "everything but live rows; 2 of 3 requirements"
    probed = Selector(probed=("IDENT-1",))
    assert describe(ROWS, probed).description == "everything but live rows, and IDENT-1; 3 of 3 requirements"
    assert Selector(areas=("zone",), probed=("IDENT-1",)).words() == "zone, IDENT-1"


def test_a_probe_selects_its_requirement_and_an_unknown_one_is_refused() -> None:
    probes = probes_of(["nodes", "tkr", "nodes"])
    assert probes == (Probe.NODES, Probe.TKR)
    chosen = selector(ROWS, areas=[], requirements=[], clusters=[], known=[], probes=probes)
    assert chosen.probed == ("DVPG-7", "MOS-7")
    with pytest.raises(UsageError, match="no probe 'soak'; expected one of tkr, nodes, traffic, volumes, identity"):
        probes_of(["soak"])
