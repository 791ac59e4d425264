"""What others wrote down of a run: the API servers' audit logs and vCenter's events, sessions and tasks of a lab."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from tkg_conformance.fixtures.lab.vsphere import VCenterConnection, vim

AGENT = "tkg-conformance"
_SETTLED_S = 15.0
SESSION_EVENTS = ("UserLoginSessionEvent", "UserLogoutSessionEvent")


@dataclass(slots=True)
class Audit:
    """What happened on a lab between two moments."""

    requests: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Audit events of this suite's client by plane, as observations call planes."""
    events: list[tuple[str, str, str]] = field(default_factory=list)
    """vCenter's events as (type, user, user agent of a login)."""
    tasks: list[tuple[str, str]] = field(default_factory=list)
    """vCenter's tasks as (name, user)."""
    sessions: list[tuple[str, str]] = field(default_factory=list)
    """vCenter's sessions at the end as (user, user agent)."""

    def secrets(self, plane: str) -> Counter[tuple[str, str, str]]:
        """Return the requests for Secrets as (verb, namespace, name); a list has no name."""
        found = (each["objectRef"] | {"verb": each["verb"]} for each in self.requests[plane] if "objectRef" in each)
        return Counter(
            (each["verb"], each.get("namespace", ""), each.get("name", ""))
            for each in found
            if each["resource"] == "secrets"
        )

    def verbs(self) -> set[str]:
        """Return every verb that was sent to any API server."""
        return {each["verb"] for events in self.requests.values() for each in events}


def logs(lab: Path) -> dict[str, Path]:
    """Return the audit log of each plane of the site file; a cluster that was created and deleted has left one too."""
    found = {"management": lab / "log" / "audit.log"}
    for entry in yaml.safe_load((lab / "site.yaml").read_text())["clusters"]:
        found[f"workload:{entry['name']}"] = lab / "log" / entry["name"].replace("/", "-") / "audit.log"
    return found


@contextmanager
def audited(lab: Path, connection: VCenterConnection, expected: Mapping[str, int]) -> Iterator[Audit]:
    """Yield an audit that is filled when the block ends.

    `expected`, filled inside the block, are the requests by plane; an API server writes its log after the answer, so
    that many lines are awaited.
    """
    audit = Audit()
    offsets = {plane: path.stat().st_size for plane, path in logs(lab).items()}
    begun = _server_now(connection)
    yield audit
    deadline = time.monotonic() + _SETTLED_S
    while True:
        audit.requests = {plane: _since(path, offsets[plane]) for plane, path in logs(lab).items()}
        counts = {plane: len(events) for plane, events in audit.requests.items()}
        if all(counts[plane] >= expected.get(plane, 0) for plane in counts) or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    audit.events = [
        (type(each).__name__.rpartition(".")[2], each.userName or "", getattr(each, "userAgent", ""))
        for each in connection.content.eventManager.QueryEvents(
            vim.event.EventFilterSpec(time=vim.event.EventFilterSpec.ByTime(beginTime=begun), maxCount=1000)
        )
    ]
    manager = connection.content.taskManager
    recent = connection.properties([manager], vim.TaskManager, ["recentTask"])[manager].get("recentTask", [])
    for info in connection.properties(list(recent), vim.Task, ["info"]).values():
        if info["info"].queueTime >= begun:
            audit.tasks.append((info["info"].name or "", getattr(info["info"].reason, "userName", "")))
    sessions = connection.content.sessionManager
    listed = connection.properties([sessions], vim.SessionManager, ["sessionList"])[sessions]["sessionList"]
    audit.sessions = [(each.userName, each.userAgent) for each in listed]


def _since(path: Path, offset: int) -> list[dict[str, Any]]:
    with path.open("rb") as file:
        assert path.stat().st_size >= offset, "the log was rotated meanwhile; repeat the test"
        file.seek(offset)
        lines = file.read().splitlines()
    found = [json.loads(line) for line in lines if line.endswith(b"}") and AGENT.encode() in line]
    return [each for each in found if each.get("userAgent", "") == AGENT]


def _server_now(connection: VCenterConnection) -> datetime:
    now = connection._instance.CurrentTime()
    assert isinstance(now, datetime)
    return now.astimezone(UTC)
