"""`init`, `doctor`, `plan` and `render` in processes of their own, and what they print."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

import tkg_conformance.fixtures.preflight as preflight
from plugins.tests import forked, sitefiles
from tkg_conformance.fixtures import sitefile
from tkg_conformance.fixtures.creation.plan import CreationPlan, Machines
from tkg_conformance.fixtures.preflight.checks import AccountRights, Check, Lack, Level, Report, Setting
from tkg_conformance.fixtures.preflight.plan_model import (
    Estimate,
    Plan,
    PlannedLogin,
    PlannedName,
    PlannedRequest,
)
from tkg_conformance.fixtures.preflight.requests import differences
from tkg_conformance.plugins.doctor_text import doctor_lines
from tkg_conformance.plugins.plan_text import plan_lines
from tkg_conformance.reports.layout import plain

SCHEMAS = Path(preflight.__file__).parent
DEAD = "vcenters: [{server: '127.0.0.1:1', username: audit, password_file: pw}]\nmanagement: {kubeconfig: k}\n"


def command(*arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GOVC_", "VSPHERE_", "TKG_"))}
    kept.pop("KUBECONFIG", None)
    return forked.command(*arguments, cwd=cwd, env={**kept, "HOME": str(cwd), **environ})


@pytest.fixture
def dead(tmp_path: Path) -> Path:
    """A site of which nothing answers."""
    (tmp_path / "pw").write_text("canary\n")
    (tmp_path / "k").write_text(
        "current-context: c\nclusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\n"
        "contexts: [{name: c, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {token: canary}}]\n"
    )
    (tmp_path / "dead.yaml").write_text(DEAD)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("doctor", "--site", "a.yaml", "--lab", "b"), "--site and --lab exclude each other"),
        (("doctor", "--site", "missing.yaml"), "site file missing.yaml cannot be read"),
        (("doctor", "--lab", "nowhere"), "There is no running lab in nowhere"),
        (("doctor", "--nonsense"), "No such option: --nonsense"),
        (("doctor",), "No site is named"),
        (("plan",), "No site is named"),
        (("plan", "--rbac", "--json"), "--rbac and --json exclude each other"),
        (("plan", "--for", "management"), "--for belongs to --rbac"),
        (("plan", "--site", "dead.yaml", "--area", "zones"), "There is no area 'zones'"),
        (("plan", "--site", "dead.yaml", "--require", "ZONE-99"), "There is no requirement 'ZONE-99'"),
        (("plan", "--site", "dead.yaml", "--cluster", "dev/x"), "has no cluster 'dev/x'"),
        (("plan", "--site", "dead.yaml", "--rbac", "--for", "dev/x"), "has no cluster 'dev/x'"),
        (("init", "--out", "dead.yaml"), "dead.yaml exists; it was not overwritten"),
        (("init", "--config", "missing.yaml"), "cluster configuration missing.yaml cannot be read"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_4(arguments: tuple[str, ...], sentence: str, dead: Path) -> None:
    done = command(*arguments, cwd=dead)
    assert (done.returncode, done.stdout) == (4, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_two_variables_that_contradict_each_other_are_wrong_usage(dead: Path) -> None:
    done = command("doctor", cwd=dead, TKG_CONFORMANCE_SITE="dead.yaml", TKG_CONFORMANCE_LAB="x")
    assert done.returncode == 4
    assert "TKG_CONFORMANCE_SITE and TKG_CONFORMANCE_LAB exclude each other" in done.stderr


def test_a_dead_site_ends_with_11_and_says_why(dead: Path) -> None:
    done = command("doctor", cwd=dead, TKG_CONFORMANCE_SITE="dead.yaml")
    assert done.returncode == 11
    assert "dead.yaml [TKG_CONFORMANCE_SITE]" in done.stdout
    assert done.stdout.count("does not answer: the connection was refused") == 2
    assert "0 requests were sent, nothing was written" in done.stdout
    assert "canary" not in done.stdout + done.stderr
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


def test_an_ini_file_names_the_site_where_nothing_nearer_does(dead: Path) -> None:
    (dead / "sub").mkdir()
    (dead / "sub" / "pytest.ini").write_text("[pytest]\ntkg_site = ../dead.yaml\n")
    done = command("doctor", cwd=dead / "sub", TKG_CONFORMANCE_AREA="zone")
    assert done.returncode == 11
    assert "../dead.yaml [pytest.ini]" in done.stdout
    assert "zone [TKG_CONFORMANCE_AREA]" in done.stdout


def test_the_json_of_a_dead_site_is_of_the_shipped_form(dead: Path) -> None:
    done = command("doctor", "--site", "dead.yaml", "--json", cwd=dead)
    document = json.loads(done.stdout)
    jsonschema.validate(document, json.loads((SCHEMAS / "doctor.schema.json").read_text()))
    assert document["schema"] == "tkg-conformance/doctor/v1"
    assert (done.returncode, document["exit_code"], document["problems"]) == (11, 11, 2)


def test_a_dead_site_cannot_be_planned(dead: Path) -> None:
    for arguments in (("plan",), ("plan", "--rbac")):
        done = command(*arguments, "--site", "dead.yaml", cwd=dead)
        assert (done.returncode, done.stdout) == (11, "")
        assert "the connection was refused" in done.stderr


def test_init_writes_what_the_environment_says(dead: Path) -> None:
    done = command(
        "init", "--out", "site.yaml", "--roles", "roles", cwd=dead,
        KUBECONFIG="k", GOVC_URL="https://127.0.0.1:1/sdk", GOVC_USERNAME="audit", GOVC_PASSWORD="canary",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    site = sitefile.load(dead / "site.yaml", {})
    assert [(entry.server, entry.username, entry.password_env) for entry in site.vcenters] == [
        ("127.0.0.1:1", "audit", "GOVC_PASSWORD")
    ]
    assert site.management is not None
    assert (site.management.kubeconfig, site.management.context) == (str(dead / "k"), "c")
    assert "canary" not in (dead / "site.yaml").read_text() + done.stdout
    assert "the workload clusters: https://127.0.0.1:1 cannot be reached" in done.stdout
    assert {path.name for path in (dead / "roles").iterdir()} == {
        "kubernetes-management.yaml",
        "kubernetes-probe-management.yaml",
        "kubernetes-probe-workload.yaml",
        "kubernetes-workload.yaml",
        "vsphere-observer.yaml",
        "vsphere-workload.yaml",
    }
    again = command("init", "--out", "other.yaml", "--roles", "roles", cwd=dead)
    assert (again.returncode, (dead / "other.yaml").exists()) == (4, False), "nothing is written by halves"


def test_force_overwrites(dead: Path) -> None:
    done = command("init", "--out", "dead.yaml", "--force", cwd=dead)
    assert done.returncode == 0
    assert sitefile.load(dead / "dead.yaml", {}).vcenters == ()


def report(**changes: object) -> Report:
    values: dict[str, object] = {
        "schema": "s", "suite_version": "0", "time": "t", "site": "site.yaml", "simulated": False,
        "settings": (Setting("vcenters[0].server", "vc" * 60, "GOVC_URL"),),
        "checks": (
            Check("vcenter:vc", "clock", Level.WARNING, "12 s ahead of this machine " * 5, "5 s", "use NTP " * 12),
            Check("management", "read", Level.OK, "all"),
        ),
        "accounts": (
            AccountRights(
                "vc", "audit", "observes", "role", Level.PROBLEM, "lacks 14 rights", asked=3,
                areas={"zone": 14, "ova": 0},
                lacks=tuple(Lack(f"P.{index}", where) for index in range(14) for where in ("root folder", "network n")),
                expected="the role", action="grant it",
            ),
        ),
        "requests": {"vcenter:vc Login": 1}, "reached": 1, "warnings": 1, "problems": 1, "exit_code": 1,
    }  # fmt: skip
    return Report(**{**values, **changes})  # type: ignore[arg-type]


def test_the_doctors_text_fits_and_says_what_to_do() -> None:
    text = plain(doctor_lines(report()))
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "  ! clock" in text
    assert "do: use NTP" in text
    assert "zone lacks 14; ova: ok" in text
    assert "lacks P.0 on root folder and 1 more" in text
    assert "and 2 more privileges (see --json)" in text
    assert "Not ready: what is marked makes rows INCONCLUSIVE or stops a run: 1 ok, 1" in text


CREATION = CreationPlan(
    "dev/new", "Cluster API objects on https://mgmt.example:6443", ("Cluster dev/new",),
    (Machines("control plane", 1, "linux", "f", "p", "", "", "n", ""),), "10.0.0.9", "v1.29.9", "c", "r", "vc",
)  # fmt: skip


def test_the_plans_text_fits_and_names_every_part() -> None:
    plan = Plan(
        "s", "0", "site.yaml", True, "zone; 17 of 94 requirements", {"vc objects": 3},
        (
            PlannedRequest("workload:dev/wl1", "LIST Node", 1),
            PlannedRequest("management", "LIST Machine", 3, 1, "pages"),
            PlannedRequest("vcenter:vc", "RetrievePropertiesEx", 2),
            PlannedRequest("vcenter:vc", "REST get tag", 5),
        ),
        (PlannedName("management", "Secret", "dev", "wl1-kubeconfig", "used to log in, not kept"),),
        (PlannedLogin("vcenter:vc", "audit", "GOVC_PASSWORD", ("SOAP",)),),
        ("anything else",), Estimate(2, 300, "measurements"), {"x": 4}, ("vCenter v2: gone",),
        CREATION,
    )  # fmt: skip
    text = plain(plan_lines(plan))
    assert max(len(line) for line in text.splitlines()) <= 80
    flat = " ".join(text.split())
    for part in (
        "(SIMULATED) would send 11 (±1) requests and create and delete 1 object", "not planned: vCenter v2: gone",
        "Machine x3 ±1", "get tag x5", "dev/wl1-kubeconfig", "audit on vCenter vc: SOAP; from GOVC_PASSWORD",
        "create Cluster dev/new", "delete Cluster dev/new", "1 x control plane (linux): folder f, pool p",
        "about 2 seconds to 5 minutes",
    ):  # fmt: skip
        assert part in flat, part
    places = [text.index(title) for title in ("vCenter vc: 7", "management cluster: 3", "workload cluster dev/wl1: 1")]
    assert places == sorted(places)


# On the lab.


def site_of(lab: Path, tmp_path: Path, **vcenter: object) -> Path:
    """Return the lab's site file, as administrator and with a changed vCenter entry, beside it in another folder."""
    site = sitefiles.of_lab(lab, "site-admin.yaml")
    site["vcenters"][0] |= vcenter
    site["vcenters"][0] = {key: value for key, value in site["vcenters"][0].items() if value is not None}
    return sitefiles.write(site, tmp_path / "changed.yaml")


@pytest.mark.lab
def test_the_doctor_finds_a_healthy_lab_well(running_lab: Path, tmp_path: Path) -> None:
    done = command("doctor", "--lab", str(running_lab), "--json", cwd=tmp_path)
    document = json.loads(done.stdout)
    jsonschema.validate(document, json.loads((SCHEMAS / "doctor.schema.json").read_text()))
    assert done.returncode == 0, [check for check in document["checks"] if check["level"] == "problem"]
    assert document["simulated"] is True
    assert document["accounts"][0]["part"] == "observes"
    assert len(document["accounts"]) == 2, "the observing account and that of the VSphereClusterIdentity"
    assert document["requests"]["vcenter:" + document["accounts"][0]["vcenter"] + " Login"] == 2
    assert not [key for key in document["requests"] if "refused" in key]
    text = command("doctor", "--lab", str(running_lab), cwd=tmp_path)
    assert "This is a SIMULATED site." in text.stdout
    assert "Cluster API v" in text.stdout


@pytest.mark.lab
def test_the_administrator_may_do_too_much(running_lab: Path, tmp_path: Path) -> None:
    path = site_of(running_lab, tmp_path)
    document = json.loads(command("doctor", "--site", str(path), "--json", cwd=tmp_path).stdout)
    observing = document["accounts"][0]
    assert (observing["level"], observing["lacks"]) == ("warning", [])
    assert observing["beyond"] > 100
    strict = command("doctor", "--site", str(path), "--strict", cwd=tmp_path)
    assert strict.returncode == 1


@pytest.mark.lab
def test_a_wrong_password_is_tried_once(running_lab: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("canary\n")
    path = site_of(running_lab, tmp_path, password_file=str(tmp_path / "wrong"))
    done = command("doctor", "--site", str(path), "--json", cwd=tmp_path)
    document = json.loads(done.stdout)
    server = document["checks"][0]["plane"]
    assert done.returncode == 1
    assert document["requests"][f"{server} Login"] == 1
    assert f"{server} REST login" not in document["requests"]
    (refused,) = [check for check in document["checks"] if check["plane"] == server and check["topic"] == "login"]
    assert "it was tried once" in refused["found"]
    assert "canary" not in done.stdout + done.stderr


@pytest.mark.lab
def test_a_vcenter_that_is_down_does_not_hide_the_clusters(running_lab: Path, tmp_path: Path) -> None:
    path = site_of(running_lab, tmp_path, server="127.0.0.1:1")
    document = json.loads(command("doctor", "--site", str(path), "--json", cwd=tmp_path).stdout)
    levels = {(check["plane"].partition(":")[0], check["topic"]): check["level"] for check in document["checks"]}
    assert document["exit_code"] == 1
    assert levels["vcenter", "reach"] == "problem"
    assert levels["management", "login"] == "ok"
    assert levels["workload", "login"] == "ok"


@pytest.mark.lab
def test_a_run_on_the_lab_sends_what_was_planned(running_lab: Path, tmp_path: Path) -> None:
    planned = json.loads(command("plan", "--lab", str(running_lab), "--json", cwd=tmp_path).stdout)
    jsonschema.validate(planned, json.loads((SCHEMAS / "plan.schema.json").read_text()))
    done = command("observe", "--site", str(running_lab / "site.yaml"), "--out", "seen.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    sent = json.loads((tmp_path / "seen.json").read_text())["requests"]
    requests = [PlannedRequest(**each) for each in planned["requests"]]
    assert differences(requests, sent) == []
    exact = {each.key: each.count for each in requests if not each.give_or_take}
    assert {key: sent.get(key, 0) for key in exact} == exact
    assert len(exact) > 40
    assert not [key for key in planned["asked"] if "GET Secret" in key]


@pytest.mark.lab
def test_init_describes_the_lab_so_that_a_run_works(running_lab: Path, tmp_path: Path) -> None:
    lines = [line.removeprefix("export ") for line in (running_lab / "env").read_text().splitlines()]
    environ = {name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)}
    config = next((running_lab / "clusters").glob("*.yaml"))
    done = command("init", "--out", "site.yaml", "--config", str(config), cwd=tmp_path, **environ)
    assert done.returncode == 0, done.stderr
    written, own = sitefile.load(tmp_path / "site.yaml", environ), sitefile.load(running_lab / "site.yaml", {})
    assert [(each.name, each.type) for each in written.clusters] == [(each.name, each.type) for each in own.clusters]
    assert [each.name for each in written.vcenters] == [each.name for each in own.vcenters]
    seen = command("observe", "--site", "site.yaml", "--out", "seen.json", cwd=tmp_path, **environ)
    assert seen.returncode == 0, seen.stderr
    assert json.loads((tmp_path / "seen.json").read_text())["problems"] == []


FLAT = """\
CLUSTER_NAME: wl9
VSPHERE_SERVER: vc01.example.org
VSPHERE_USERNAME: tkg@vsphere.local
VSPHERE_PASSWORD: s3cret
VSPHERE_DATACENTER: /dc0
VSPHERE_RESOURCE_POOL: /dc0/host/c1/Resources/tkg
VSPHERE_FOLDER: /dc0/vm/tkg
VSPHERE_NETWORK: workload
VSPHERE_DATASTORE: /dc0/datastore/ds1
VSPHERE_CONTROL_PLANE_ENDPOINT: 192.0.2.10
IS_WINDOWS_WORKLOAD_CLUSTER: "true"
"""
RELEASE = ("--tkr", "v1.29.9---vmware.1-tkg.1", "--cluster-class", "tkg-vsphere-default-v1.2.0")


def test_render_prints_objects_and_writes_them(tmp_path: Path) -> None:
    (tmp_path / "wl9.yaml").write_text(FLAT)
    shown = command("render", "wl9.yaml", *RELEASE, cwd=tmp_path, PATH=str(tmp_path))
    assert (shown.returncode, shown.stderr) == (0, "")
    kinds = [each["kind"] for each in yaml.safe_load_all(shown.stdout)]
    assert kinds == ["Secret", "ClusterBootstrap", "Cluster"]
    written = command("render", "wl9.yaml", *RELEASE, "--out", "spec.yaml", cwd=tmp_path, PATH=str(tmp_path))
    assert (written.returncode, written.stdout) == (0, "")
    assert (tmp_path / "spec.yaml").read_text() == shown.stdout
    assert "s3cret" not in shown.stdout
    again = command("render", "wl9.yaml", *RELEASE, "--out", "spec.yaml", cwd=tmp_path, PATH=str(tmp_path))
    assert again.returncode == 4
    assert "spec.yaml exists" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--tkr", "v1.29.9---vmware.1-tkg.1"), "--tkr and --cluster-class say together what to render for"),
        ((), "give --tkr and --cluster-class, or a site with a management cluster"),
    ],
)
def test_render_without_a_release_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    (tmp_path / "wl9.yaml").write_text(FLAT)
    done = command("render", "wl9.yaml", *arguments, cwd=tmp_path, PATH=str(tmp_path))
    assert done.returncode == 4
    assert words in done.stderr
    assert "Traceback" not in done.stderr
