"""The proof that a run only reads: what the API servers and vCenter themselves wrote down of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.tests import sitefiles
from plugins.tests.audit import AGENT, SESSION_EVENTS, Audit, audited
from tkg_conformance.fixtures.lab.vsphere import VCenterConnection, VCenterLogin

pytestmark = pytest.mark.lab
COMMAND = (sys.executable, "-m", "tkg_conformance.plugins.cli")


@pytest.fixture(scope="module")
def administrator(running_lab: Path) -> Iterator[VCenterConnection]:
    """The lab's administrator, who looks at what vCenter wrote down."""
    environment = dict(
        line.removeprefix("export ").split("=", 1) for line in (running_lab / "env").read_text().splitlines()
    )
    server = environment["GOVC_URL"].removeprefix("https://").removesuffix("/sdk")
    login = VCenterLogin(
        server, environment["GOVC_USERNAME"], environment["GOVC_PASSWORD"], Path(environment["GOVC_TLS_CA_CERTS"])
    )
    with VCenterConnection(login) as connection:
        yield connection


def site_file(lab: Path, tmp_path: Path, **changes: Any) -> Path:
    """Write the lab's site file elsewhere, with changes."""
    return sitefiles.write(sitefiles.of_lab(lab) | changes, tmp_path / "site.yaml")


def run(tmp_path: Path, site: Path) -> tuple[int, dict[str, Any], dict[str, Any]]:
    """Run the suite over everything; return the exit code, the results and the observation."""
    arguments = [*COMMAND, "run", "--site", str(site), "--out", "out"]
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=600)
    assert "Traceback" not in done.stdout + done.stderr
    documents = [json.loads((tmp_path / "out" / name).read_text()) for name in ("results.json", "observation.json")]
    return done.returncode, documents[0], documents[1]


def by_plane(requests: dict[str, int]) -> Counter[str]:
    """Return how many requests the observation says it sent, by plane."""
    counts: Counter[str] = Counter()
    for name, count in requests.items():
        counts[name.partition(" ")[0]] += count
    return counts


def kinds(audit: Audit, plane: str) -> Counter[str]:
    """Return the audit's requests as the observation counts them: verb in capitals, and get or list."""
    return Counter(each["verb"].upper() for each in audit.requests[plane])


@pytest.fixture(scope="module")
def whole_run(
    running_lab: Path, tmp_path_factory: pytest.TempPathFactory, administrator: VCenterConnection
) -> tuple[Audit, dict[str, Any], dict[str, Any]]:
    """The audit of a run over everything, its results and its observation."""
    folder = tmp_path_factory.mktemp("whole")
    expected: dict[str, int] = {}
    with audited(running_lab, administrator, expected) as audit:
        _, results, observation = run(folder, site_file(running_lab, folder))
        expected.update(by_plane(observation["requests"]))
    return audit, results, observation


def test_the_api_servers_saw_get_and_list_as_often_as_the_observation_says(
    whole_run: tuple[Audit, dict[str, Any], dict[str, Any]],
) -> None:
    audit, results, observation = whole_run
    assert audit.verbs() == {"get", "list"}
    for plane, events in audit.requests.items():
        said = Counter[str]()
        for name, count in observation["requests"].items():
            if name.startswith(f"{plane} "):
                said[name.split(" ")[1]] += count
        assert kinds(audit, plane) == said
        assert said["LIST"] > 0
        assert {each["responseStatus"]["code"] for each in events} <= {200, 403, 404}
    assert not [name for name in observation["requests"] if " refused " in name]
    assert results["environment"]["observed"]["requests"] == observation["requests"]


def test_vcenter_saw_one_login_and_one_logout_of_each_account_and_nothing_else(
    whole_run: tuple[Audit, dict[str, Any], dict[str, Any]],
) -> None:
    audit, _, observation = whole_run
    ours = [event for event in audit.events if event[2] == AGENT]
    logins = sum(count for name, count in observation["requests"].items() if name.endswith(" Login"))
    users = {user for _, user, _ in ours}
    assert len(users) == logins >= 2
    assert Counter(ours) == Counter((kind, user, AGENT) for kind in SESSION_EVENTS for user in users)
    assert [event for event in audit.events if event[1] in users and event[0] not in SESSION_EVENTS] == []
    assert [task for task in audit.tasks if task[1] in users] == []
    assert [session for session in audit.sessions if session[1] == AGENT] == []
    counts = observation["requests"]
    (plane,) = {name.partition(" ")[0] for name in counts if name.startswith("vcenter:")}
    assert counts[f"{plane} Logout"] == logins
    assert counts[f"{plane} REST logout"] == 1


def test_only_the_secrets_that_a_requirement_names_are_read(
    whole_run: tuple[Audit, dict[str, Any], dict[str, Any]],
) -> None:
    audit = whole_run[0]
    clusters = ("wl1", "wl2")
    # The observer has kubeconfigs of its own, so that those of the administrators stay where they are.
    suffixes = ("", "-vsphere-cpi-data-values", "-vsphere-csi-data-values")
    management = {("get", "dev", f"{name}{suffix}") for name in clusters for suffix in suffixes}
    management |= {("get", "capv-system", "tkg-dev-credentials")}
    assert set(audit.secrets("management")) == management
    for name in clusters:
        found = set(audit.secrets(f"workload:dev/{name}"))
        assert {(verb, secret) for verb, _, secret in found} == {
            ("get", "cloud-provider-vsphere-credentials"),
            ("get", "vsphere-config-secret"),
        }


def test_without_leave_no_secret_is_asked_for(
    running_lab: Path, tmp_path: Path, administrator: VCenterConnection
) -> None:
    expected: dict[str, int] = {}
    with audited(running_lab, administrator, expected) as audit:
        path = site_file(running_lab, tmp_path, secrets="none")
        code, results, observation = run(tmp_path, path)
        expected.update(by_plane(observation["requests"]))
    assert {plane: dict(audit.secrets(plane)) for plane in audit.requests} == {plane: {} for plane in audit.requests}
    assert code == 10
    open_rows = [row for row in results["requirements"] if row["verdict"] == "INCONCLUSIVE"]
    assert open_rows
    assert {row["area"] for row in open_rows} >= {"identity"}
    assert [row["id"] for row in open_rows if "secrets: none" not in row["reason"]] == []
    assert [row for row in results["requirements"] if row["verdict"] == "FAIL"] == []
