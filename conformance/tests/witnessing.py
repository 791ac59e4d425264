"""Runs the catalogue's by-hand commands on a lab, as a person would who fills in the names of the site."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tkg_conformance.fixtures.creation import render
from tkg_conformance.fixtures.lab import build
from tkg_conformance.fixtures.lab.components import WITNESSES
from tkg_conformance.fixtures.observation.model import Observation
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.site import SiteIndex
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject, VCenterIndex
from tkg_conformance.plugins import catalogue as catalogues
from tkg_conformance.reports.byhand import commands

CLUSTER, MULTI_OS = "dev/wl1", "dev/wl2"
_QUOTED = re.compile(r"""('[^']*'|"[^"]*")""")
_SECONDS = 60
_SPECS = (
    ("CLUSTER-CONFIG.yaml", "my-cluster-spec.yaml"),
    ("CLUSTER-CONFIG.yaml", "my-cluster-manifest.yaml"),
    ("my-cluster-config.yaml", "my-multi-os-spec.yaml"),
)
"""The flat file that each object spec is rendered from; the page calls that of every cluster by one name."""


class Hands:
    """A person with govc, kubectl, a shell and the names of the default lab, beside what the suite has observed."""

    def __init__(self, lab: Path, observation: Observation, folder: Path) -> None:
        self.observation = observation
        self.index = SiteIndex.of(observation)
        self._lab, self._folder = lab, folder
        self._witness = {each.id: each.witness or "" for each in catalogues.load().requirements}
        programs = build(components=[each.name for each in WITNESSES])
        self._path = os.pathsep.join(str(programs[each.name].path.parent) for each in WITNESSES)
        self._environment = self._exported()
        self._write_files()

    @property
    def vcenter(self) -> VCenterIndex:
        """The lab's vCenter as observed."""
        return self.index.vcenters[0]

    def at(self, path: str) -> InventoryObject:
        """Return the observed object of an inventory path."""
        (found,) = self.vcenter.by_path[path]
        return found

    def management(self, kind: str) -> list[KubernetesObject]:
        """Return the observed objects of the management cluster."""
        assert self.index.management is not None
        return self.index.management.by_kind.get(kind, [])

    def workload(self, kind: str, cluster: str = CLUSTER) -> list[KubernetesObject]:
        """Return the observed objects of a workload cluster."""
        return self.index.workloads[cluster].by_kind.get(kind, [])

    def run(
        self,
        id_: str,
        cluster: str = CLUSTER,
        *,
        account: str | None = None,
        **names: str,
    ) -> list[str]:
        """Run a requirement's commands and return what each printed; `names` say what stands for which word."""
        filled = [self._filled(each, cluster, names) for each in commands(self._witness[id_])]
        return [self._run(each, cluster, account) for each in filled]

    def _run(self, command: str, cluster: str, account: str | None) -> str:
        own = self._lab / f"{cluster.replace('/', '-')}.kubeconfig"
        environment = self._environment | {
            "PATH": f"{self._path}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self._folder),
            "KUBECONFIG": f"{own}:{self._environment['KUBECONFIG']}",
        }
        if account:
            password = (self._lab / "secrets" / f"{account.partition('@')[0]}.password").read_text().strip()
            environment |= {"GOVC_USERNAME": account, "GOVC_PASSWORD": password}
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self._folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
        # To grep, 1 means that nothing was found.
        worked = done.returncode == 0 or (done.returncode == 1 and "grep" in command and not done.stderr)
        assert worked, f"{command}: {done.stderr or done.stdout}"
        return done.stdout

    def _filled(self, command: str, cluster: str, names: Mapping[str, str]) -> str:
        known = {"MGMT": self._context(), "NAME": cluster.partition("/")[2], "NAMESPACE": cluster.partition("/")[0]}
        known |= names
        pattern = re.compile(
            r"(?<![\w-])(" + "|".join(sorted(map(re.escape, known), key=len, reverse=True)) + r")(?![\w-])"
        )
        pieces = _QUOTED.split(command)
        return "".join(
            each if each[:1] in "'\"" else pattern.sub(lambda match: known[match[0]], each) for each in pieces
        )

    def _context(self) -> str:
        return str(yaml.safe_load(Path(self._environment["KUBECONFIG"]).read_text())["current-context"])

    def _exported(self) -> dict[str, str]:
        lines = (self._lab / "env").read_text().splitlines()
        pairs = (line.removeprefix("export ").partition("=") for line in lines)
        return {name: shlex.split(value)[0] for name, _, value in pairs}

    def _write_files(self) -> None:
        """Lay the files that the page has a person write beside the commands."""
        for name, cluster in (("CLUSTER-CONFIG.yaml", CLUSTER), ("my-cluster-config.yaml", MULTI_OS)):
            text = (self._lab / "clusters" / f"{cluster.replace('/', '-')}.yaml").read_text()
            (self._folder / name).write_text(text)
        release = render.Release("tkg-vsphere-default-v1", "v1.35.4+vmware.1", "v1.35.4---vmware.1-tkg.1")
        for source, spec in _SPECS:
            variables = yaml.safe_load((self._folder / source).read_text())
            objects: Sequence[dict[str, Any]] = render.render(variables, "not-a-real-one", release)
            (self._folder / spec).write_text(yaml.safe_dump_all(objects))


def rows(text: str) -> list[list[str]]:
    """Return the rows of a table of kubectl or govc, its heading left out."""
    return [line.split() for line in text.splitlines()[1:] if line.strip()]


def column(text: str, heading: str) -> dict[str, str]:
    """Return one column of a table of kubectl by the name in the first one; cells are as wide as their heading."""
    first, *lines = text.splitlines()
    start = re.search(rf"(?<!\S){re.escape(heading)}(?!\S)", first)
    assert start is not None, first
    after = re.search(r"\S", first[start.end() :])
    end = start.end() + after.start() if after else None
    return {line.split()[0]: line[start.start() : end].strip() for line in lines if line.strip()}
