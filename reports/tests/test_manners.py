"""What a report says about how the site was treated."""

from __future__ import annotations

from typing import Any

import pytest

from tkg_conformance.reports.manners import manners

VCENTER = {"server": "vc01.example.org", "account": "tkg-audit@vsphere.local"}


@pytest.mark.parametrize(
    ("sight", "words"),
    [
        ({"limited": False}, "it sees the whole inventory"),
        (
            {"limited": True, "reason": "no right to read at the root"},
            "not see everything: no right to read at the root",
        ),
        ({"limited": True}, "part of the inventory is hidden from it"),
        ({}, "it was not determined what it may see"),
        ("full", "it was not determined what it may see"),
    ],
)
def test_the_account_and_its_sight_are_named(sight: object, words: str) -> None:
    (said,) = manners({"vcenters": [VCENTER], "sight": {"vc01.example.org": sight}})
    assert said.startswith("looked at vCenter vc01.example.org as tkg-audit@vsphere.local; ")
    assert words in said


@pytest.mark.parametrize(
    ("requests", "said"),
    [
        ({"total": 1, "refused": 0}, "1 request to look, all of them reading"),
        (
            {"total": 214, "refused": 1},
            "214 requests to look, all of them reading; 1 call that could write was refused, not sent",
        ),
        (
            {"total": 9, "refused": 2},
            "9 requests to look, all of them reading; 2 calls that could write were refused, not sent",
        ),
    ],
)
def test_requests_are_counted_and_refusals_told(requests: dict[str, Any], said: str) -> None:
    assert manners({"requests": requests}) == (said,)


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ([{"requests": 10, "writes": 0}], "10 requests to probe"),
        (
            [{"requests": 10, "writes": 0}, {"requests": 30, "writes": 4, "created": ["a", "b"], "leftovers": []}],
            "40 requests to probe, 4 of them writing; 2 objects created, nothing left over",
        ),
        (
            [{"requests": 30, "writes": 2, "created": ["a"], "leftovers": [{}]}],
            "30 requests to probe, 2 of them writing; 1 object created, 1 leftover",
        ),
    ],
)
def test_what_probes_sent_and_left_is_told(runs: list[dict[str, Any]], said: str) -> None:
    assert manners({"probes": {"runs": runs}}) == (said,)


@pytest.mark.parametrize("environment", [{}, {"vcenters": None, "sight": None, "requests": {}}, {"vcenters": ["x"]}])
def test_nothing_is_said_about_what_is_not_known(environment: dict[str, Any]) -> None:
    assert manners(environment) == ()
