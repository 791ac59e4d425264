"""No secret of a site is in anything that a run leaves behind, however it runs and however loud."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

from plugins.tests.canaries import files, forms, leaks, of_lab
from plugins.tests.test_third_parties import CATALOGUE
from tkg_conformance.fixtures.lab.handle import CLUSTER_API, LabHandle
from tkg_conformance.fixtures.lab.vsphere import vim

CANARY = 'c4n4ry"p4ss/w0rd+1'
SPY = """
import json, pathlib
LOG = pathlib.Path("messages.log")

def pytest_tkg_catalogues():
    return [pathlib.Path("house.yaml").absolute()]

def pytest_configure_node(node):
    with LOG.open("a") as log:
        log.write(repr(node.workerinput) + "\\n")

def pytest_runtest_logreport(report):
    with LOG.open("a") as log:
        log.write(json.dumps(report._to_json(), default=repr) + "\\n")
"""
CRASH = """
import pytest

@pytest.mark.requirement("HOUSE-1")
def test_crash(check, cluster):
    raise RuntimeError("a check of a third party that crashes")
"""


def test_every_form_of_a_secret_is_found() -> None:
    texts = {
        "plain": f"x {CANARY} y",
        "url": f"https://u:{quote(CANARY, safe='')}@h",
        "hex": CANARY.encode().hex(),
        "json": '{"a": "c4n4ry\\"p4ss/w0rd+1"}',
        **{f"base64 {n}": base64.b64encode(b"p" * n + CANARY.encode() + b"tail").decode() for n in range(6)},
    }
    found = leaks({name: text.encode() for name, text in texts.items()}, {"canary": CANARY})
    assert found == [f"canary in {name}" for name in sorted(texts)]
    assert leaks({"other": b"nothing of it"}, {"canary": CANARY}) == []
    assert min(len(form) for form in forms(CANARY)) >= 8


@pytest.fixture
def planted(running_lab: Path) -> Iterator[dict[str, str]]:
    """The lab's own secrets and more of them: in a VM's extraConfig, in annotations, in a cluster's configuration."""
    extra = {name: f"{CANARY}-{name}" for name in ("extraconfig", "annotation", "configuration", "environment")}
    with LabHandle.open(running_lab) as lab, ExitStack() as stack:
        machine = lab.vm("dev/wl1", "md-0")
        key = "guestinfo.canary"
        set_it, clear_it = (
            vim.vm.ConfigSpec(extraConfig=[vim.option.OptionValue(key=key, value=value)])
            for value in (extra["extraconfig"], "")
        )
        lab.vcenter.wait(machine.ReconfigVM_Task(set_it))
        stack.callback(lambda: lab.vcenter.wait(machine.ReconfigVM_Task(clear_it)))
        applied = {"kubectl.kubernetes.io/last-applied-configuration": f"password: {extra['annotation']}"}
        path = lab.management.path(CLUSTER_API, "Cluster", "wl1", "dev")
        stack.callback(lab.patch(path, {"metadata": {"annotations": applied}}))
        stack.callback(lab.variable("dev/wl1", "VSPHERE_PASSWORD", f"'{extra['configuration']}'"))
        yield of_lab(running_lab) | extra


def command(tmp_path: Path, secrets: dict[str, str], *arguments: str) -> bytes:
    """Run a command and return all that it said."""
    environment = {
        **os.environ,
        "GOVC_PASSWORD": secrets["environment"],
        "PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]),
    }
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=900
    )
    return done.stdout + done.stderr


@pytest.mark.lab
def test_no_secret_is_in_what_a_run_leaves(running_lab: Path, planted: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "spy.py").write_text(SPY)
    (tmp_path / "test_crash.py").write_text(CRASH)
    (tmp_path / "house.yaml").write_text(CATALOGUE)
    said = {
        "terminal of run": command(
            tmp_path, planted, "tkg_conformance.plugins.cli", "run", "--lab", str(running_lab), "--out", "run"
        ),
        "terminal of pytest": command(
            tmp_path, planted, "pytest", "-p", "spy", "--pyargs", "tkg_conformance.conformance", "test_crash.py",
            "--tkg-lab", str(running_lab), "--tkg-out", "loud", "-n", "2", "-o", "log_cli=true", "--log-level=DEBUG",
            "--log-file=debug.log", "--tb=long", "--showlocals", "--junitxml=pytest.xml", "-rA",
            "-p", "no:cacheprovider",
        ),
    }  # fmt: skip
    written = {name: text for name, text in files(tmp_path).items() if not name.endswith(".py")}
    expected = {"run/results.json", "run/report.html", "run/junit.xml", "run/observation.json", "loud/observation.json"}
    assert written.keys() >= expected | {"messages.log", "debug.log", "pytest.xml"}
    assert b"a check of a third party that crashes" in said["terminal of pytest"]
    lab = files(running_lab, ("state.json", "progress.jsonl", "request.json", "site.yaml", "log/**/*"))
    assert {"state.json", "log/audit.log", "log/vcenter.log"} <= lab.keys()
    assert len(planted) > 20
    assert leaks(said | written | lab, planted) == []


@pytest.mark.lab
def test_the_search_would_find_them(running_lab: Path, planted: dict[str, str]) -> None:
    """What holds secrets by design holds every one of them, so that a search that finds nothing means something."""
    private = files(running_lab, ("secrets/*", "**/*.key", "**/*.kubeconfig", "clusters/*.yaml"))
    missing = planted.keys() - {found.rpartition(" in ")[0] for found in leaks(private, planted)}
    assert missing == {"extraconfig", "annotation", "environment"}
    assert yaml.safe_load((running_lab / "site.yaml").read_text())["vcenters"][0]["password_file"]
