"""What results hold beside the verdicts: the drawing of the site, the course of the run."""

from __future__ import annotations

import jsonschema
import pytest

from conformance.tests.builder import healthy
from plugins.tests.test_plugin import run
from tkg_conformance.fixtures.observation import store
from tkg_conformance.reports import results_json


@pytest.fixture(autouse=True)
def _observation(pytester: pytest.Pytester) -> None:
    sample = healthy()
    sample.detach("ClusterComputeResource:cluster1")
    store.save(sample.build(), pytester.path / "stored.json")


@pytest.mark.parametrize("more", [(), ("-n", "2")])
def test_the_site_is_drawn_and_findings_lead_into_the_drawing(pytester: pytest.Pytester, more: tuple[str, ...]) -> None:
    _, results = run(pytester, "--tkg-observation", "stored.json", "--tkg-require", "ZONE-3", *more)
    jsonschema.validate(results, results_json.schema())
    found = {name for each in results["topology"]["objects"] for name in (each["ref"], *each["also"])}
    findings = {finding["object"] for row in results["requirements"] for finding in row["findings"]}
    assert findings == {"ClusterComputeResource /dc0/host/cluster1"}
    assert findings <= found
    assert "Node dev/wl1/wl1-md-0" in found


def test_a_site_that_cannot_be_drawn_is_judged_all_the_same(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "from tkg_conformance.plugins import recorder\n"
        "def _broken(index, named): raise KeyError('VirtualTape')\n"
        "recorder.topology = _broken\n"
    )
    pytester.makepyfile("def test_here(): pass\n")
    result, results = run(pytester, str(pytester.path), "--tkg-observation", "stored.json", "--tkg-require", "ZONE-3")
    assert (result.ret, results["verdict"]) == (1, "NOT CERTIFIED")
    assert "topology" not in results
    problem = results["environment"]["observed"]["problems"][-1]
    assert problem.startswith("the site could not be drawn: KeyError at ")
    assert "VirtualTape" not in problem


@pytest.mark.parametrize(("more", "lanes"), [((), {"main"}), (("-n", "2"), {"gw0", "gw1"})])
def test_each_row_is_timed_by_the_process_that_judged_it(
    pytester: pytest.Pytester, more: tuple[str, ...], lanes: set[str]
) -> None:
    _, results = run(pytester, "--tkg-observation", "stored.json", "--tkg-area", "zone", *more)
    timeline = results["timeline"]
    assert {each["kind"] for each in timeline} == {"check"}
    assert {each["lane"] for each in timeline} == lanes
    rows = {
        f"{row['id']} [{row['scope']}]" if row["scope"] != "site" else row["id"]
        for row in results["requirements"]
        if row["selected"]
    }
    assert {each["what"] for each in timeline} == rows
    assert len(timeline) == len(rows)
    assert all(0 <= each["start_s"] < 300 and 0 <= each["duration_s"] < 60 for each in timeline)
