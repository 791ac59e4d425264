"""Probes on a real lab: reads and CAPV are real, Pods are modelled and prove nothing, and nothing is left behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tkg_conformance.fixtures.kube.client import Kubeconfig, KubernetesReader
from tkg_conformance.fixtures.metering import Meter
from tkg_conformance.reports import results_json

pytestmark = pytest.mark.lab
COMMAND = (sys.executable, "-m", "tkg_conformance.plugins.cli")
PROBES = ("tkr", "nodes", "traffic", "volumes", "identity")
LIVE = ("DVPG-7", "IDENT-14", "MOS-20", "MOS-7", "ZONE-13")


def command(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=900)


def live_rows(out: Path) -> dict[tuple[str, str], tuple[str, str]]:
    document: dict[str, Any] = json.loads((out / "results.json").read_text())
    jsonschema.validate(document, results_json.schema())
    rows = [each for each in document["requirements"] if each["id"] in LIVE]
    return {(each["id"], each["scope"]): (each["verdict"], each["reason"]) for each in rows}


def remains(lab: Path) -> list[str]:
    """Return what bears the name of a probe on any cluster of the lab."""
    site = yaml.safe_load((lab / "site-admin.yaml").read_text())
    found = []
    for file in [site["create"]["kubeconfig"], *(each["probe"]["kubeconfig"] for each in site["clusters"])]:
        reader = KubernetesReader("test", Kubeconfig(str(lab / file)), Meter())
        for path in ("/api/v1/namespaces", "/api/v1/secrets", "/api/v1/pods", "/api/v1/persistentvolumeclaims"):
            pages = reader.list(path, "objects", metadata_only=True)
            found += [str(item["metadata"]["name"]) for page in pages for item in page]
        reader.close()
    return [each for each in found if each.startswith("tkg-conformance-")]


def test_probes_are_bounded_leave_nothing_and_are_judged_again_alike(running_lab: Path, tmp_path: Path) -> None:
    asked = [text for name in PROBES for text in ("--probe", name)]
    lab = ("--lab", str(running_lab))
    done = command("run", *lab, *asked, "--probe-time", "8", "--require", "ZONE-8", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    probes = json.loads((tmp_path / "out" / "probes.json").read_text())
    ended = {(each["probe"], each["scope"]): each for each in probes["runs"]}
    assert {key: each["outcome"] for key, each in ended.items() if each["outcome"] != "nothing to probe"} == {
        ("tkr", "site"): "completed",
        ("nodes", "dev/wl2"): "completed",
        ("traffic", "dev/wl2"): "out of time",
        ("volumes", "dev/wl1"): "out of time",
        ("identity", "site"): "completed",
    }
    assert [each["leftovers"] for each in ended.values() if each["leftovers"]] == []
    assert len(ended["traffic", "dev/wl2"]["created"]) == 5
    assert remains(running_lab) == []
    rows = live_rows(tmp_path / "out")
    assert rows["IDENT-14", "site"][0] == "PASS"
    assert rows["MOS-20", "dev/wl2"][0] == rows["ZONE-13", "dev/wl1"][0] == "INCONCLUSIVE"
    assert "the windows Pod does not serve" in rows["MOS-20", "dev/wl2"][1]
    # Whether the wait was long enough depends on the age of the lab; what was overwritten or flapped does not.
    assert {rows["MOS-7", "site"][0], rows["DVPG-7", "dev/wl2"][0]} <= {"PASS", "INCONCLUSIVE"}
    judged = ("judge", "out/observation.json", *(text for each in LIVE for text in ("--require", each)))
    assert command(*judged, "--out", "again", cwd=tmp_path).returncode in (0, 10)
    assert live_rows(tmp_path / "again") == rows
