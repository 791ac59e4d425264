"""MOS-10: the dry run yields a parseable, class-based Windows specification."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.subjects import require_class_based
from tkg_conformance.conformance.systems import LINUX, WINDOWS, WINDOWS_CLASS, query_words, workers_in
from tkg_conformance.fixtures.observation.model import ClusterIntent
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.reports.check import Check

_WANTED = "run.tanzu.vmware.com/resolve-os-image: image-type=ova,os-name=windows"


@pytest.mark.requirement("MOS-10")
def test_dry_run_is_class_based(check: Check, cluster: Cluster) -> None:
    specification = cluster.intent.specification
    if specification is None:
        check.not_applicable(f"no generated object specification of {cluster.name} is given in the site file")
    if cluster.intent.type == LINUX or not (cluster.intent.declares_windows or _names_windows(specification)):
        check.not_applicable(f"the intent of {cluster.name} is Linux")
    if cluster.intent.type == WINDOWS:
        require_class_based(check, cluster, "has Windows workers without the page's specification")
    file = f"Specification {cluster.name} {specification.dry_run or specification.config_source}"
    if specification.spec_problem and specification.snippet:
        check.not_applicable(f"{file} is no longer what the dry run wrote: it holds the page's example, see MOS-11")
    check.examine(file)
    if specification.spec_problem:
        _fail(check, file, "Kubernetes objects in YAML", specification.spec_problem, "is no YAML")
        return
    if specification.preamble:
        lines = "; ".join(specification.preamble[:3])
        _fail(check, file, "objects alone", lines, "begins with lines that are no YAML, such as log lines")
    clusters = [each for each in specification.objects if each.get("kind") == "Cluster"]
    if not clusters:
        kinds = sorted({str(each.get("kind")) for each in specification.objects})
        _fail(check, file, "a Cluster", ", ".join(kinds) or "no object", "holds no Cluster")
    for document in clusters:
        _judge(check, file, document.get("spec") or {})


def _judge(check: Check, file: str, spec: dict[str, object]) -> None:
    topology = spec.get("topology")
    if not isinstance(topology, dict):
        _fail(check, file, "spec.topology", ", ".join(sorted(spec)), "has a Cluster without topology (legacy output)")
        return
    found = list(workers_in(file, (topology.get("workers") or {}).get("machineDeployments") or []))
    windows = [each for each in found if each.system == WINDOWS]
    if not windows:
        classes = ", ".join(each.machine_class for each in found) or "none"
        _fail(
            check, file, f"a machine deployment of class {WINDOWS_CLASS}", classes, "has no Windows machine deployment"
        )
    for each in windows:
        if query_words(each.query).get("os-name") != WINDOWS:
            _fail(check, file, _WANTED, each.query or "no annotation", f"asks for no Windows image in {each.name}")


def _names_windows(specification: ClusterIntent) -> bool:
    return any(
        each.system == WINDOWS
        for document in specification.objects
        if document.get("kind") == "Cluster"
        for each in workers_in(
            "",
            ((((document.get("spec") or {}).get("topology") or {}).get("workers")) or {}).get("machineDeployments")
            or [],
        )
    )


def _fail(check: Check, file: str, expected: str, observed: str, problem: str) -> None:
    check.fail(file, expected=expected, observed=observed, message=f"{file} {problem}")
