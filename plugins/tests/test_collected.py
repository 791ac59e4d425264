"""What results hold beside the verdicts: the drawing of the site, the course of the run, files."""

from __future__ import annotations

import hashlib
import json

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
    (remark,) = results["environment"]["remarks"]
    assert remark.startswith("the site could not be drawn: KeyError at ")
    assert "VirtualTape" not in remark


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


def test_the_observation_beside_the_results_is_named_with_its_digest(pytester: pytest.Pytester) -> None:
    _, results = run(pytester, "--tkg-observation", "stored.json", "--tkg-require", "ZONE-1")
    data = (pytester.path / "tkg-conformance-results" / "observation.json").read_bytes()
    assert results["evidence"] == [
        {
            "file": "observation.json",
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
            "what": "what was seen of the site",
        }
    ]


def test_a_run_that_saw_nothing_does_not_name_the_observation_of_a_former_one(pytester: pytest.Pytester) -> None:
    run(pytester, "--tkg-observation", "stored.json", "--tkg-require", "ZONE-1")
    cluster = {"name": "c", "cluster": {"server": "https://127.0.0.1:1", "insecure-skip-tls-verify": True}}
    context = {"name": "c", "context": {"cluster": "c", "user": "u"}}
    users = [{"name": "u", "user": {"token": "t"}}]
    kubeconfig = {"current-context": "c", "clusters": [cluster], "contexts": [context], "users": users}
    (pytester.path / "kubeconfig").write_text(json.dumps(kubeconfig))
    (pytester.path / "site.yaml").write_text(json.dumps({"management": {"kubeconfig": "kubeconfig"}}))
    result, results = run(pytester, "--tkg-site", "site.yaml", "--tkg-require", "ZONE-1")
    assert (result.ret, results["run"]["state"]) == (11, "aborted")
    assert (pytester.path / "tkg-conformance-results" / "observation.json").exists()
    assert "evidence" not in results


def test_more_examined_objects_than_are_listed_lie_whole_in_a_file(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "from tkg_conformance.reports.check import Check\n"
        "examine = Check.examine\n"
        "def many(check, thing):\n"
        "    if not check.examined.count:\n"
        "        for number in range(5000):\n"
        "            examine(check, f'Node dev/wl1/n{number}')\n"
        "Check.examine = many\n"
    )
    pytester.makepyfile("def test_here(): pass\n")
    arguments = (str(pytester.path), "--tkg-observation", "stored.json", "--tkg-require", "ZONE-1", "-n", "1")
    _, results = run(pytester, *arguments)
    row = next(each for each in results["requirements"] if each["id"] == "ZONE-1")
    assert (row["verdict"], row["examined"]["count"], len(row["examined"]["objects"])) == ("PASS", 5000, 200)
    file = next(each for each in results["evidence"] if each["file"].startswith("evidence/"))
    assert file["file"] == "evidence/examined-ZONE-1-site.txt"
    assert row["notes"] == ["all 5000 examined objects are in evidence/examined-ZONE-1-site.txt"]
    data = (pytester.path / "tkg-conformance-results" / file["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == file["sha256"]
    assert data.decode().splitlines() == [f"Node dev/wl1/n{number}" for number in range(5000)]
