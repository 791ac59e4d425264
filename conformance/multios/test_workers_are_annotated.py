"""MOS-11: the cluster declares Linux and Windows workers, each with its image query.

The page prints `spec.workers.machineDeployments` with keys that do not line up. Cluster API's field is
`spec.topology.workers`, and YAML refuses the printed lines: a file that follows them is a conflict, not a mistake.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tkg_conformance.conformance.subjects import require_class_based, require_resource
from tkg_conformance.conformance.systems import (
    LINUX,
    LINUX_CLASS,
    MULTI_OS,
    WINDOWS,
    WINDOWS_CLASS,
    Workers,
    cluster_type,
    query_words,
    require_windows,
    workers,
    workers_in,
)
from tkg_conformance.fixtures.models.names import RESOLVE_IMAGE
from tkg_conformance.fixtures.observation.model import ClusterIntent
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.reports.check import Check

_PAGE = "page, step 7: `spec.workers.machineDeployments`, with `metadata:` deeper than `class:` in one list item"
_CLASS_OF = {LINUX: LINUX_CLASS, WINDOWS: WINDOWS_CLASS}


@pytest.mark.requirement("MOS-11")
def test_workers_are_annotated(check: Check, cluster: Cluster) -> None:
    require_windows(check, cluster)
    wanted = cluster_type(cluster)
    if wanted == WINDOWS:
        check.note(f"{cluster.name} is a Windows cluster, so that no Linux worker is asked of it")
    if _follows_page(check, cluster):
        return
    specification = cluster.intent.specification
    if specification is not None:
        for document in cluster.intent.documents("Cluster"):
            topology = (document.get("spec") or {}).get("topology") or {}
            ref = f"Specification {cluster.name} {specification.dry_run or specification.config_source}"
            if topology:
                _judge(
                    check, ref, list(workers_in(ref, (topology.get("workers") or {}).get("machineDeployments") or []))
                )
    require_resource(check, cluster)
    require_class_based(check, cluster, "has no machine deployments of classes; see MOS-10")
    found = workers(cluster)
    _judge(check, cluster.ref, found)
    needed = {LINUX, WINDOWS} if wanted == MULTI_OS else {WINDOWS}
    for system in sorted(needed - {each.system for each in found}):
        check.examine(cluster.ref)
        check.fail(
            cluster.ref,
            expected=f"a machine deployment of class {_CLASS_OF[system]}",
            observed=", ".join(f"{each.name}: {each.machine_class}" for each in found) or "no machine deployment",
            message=f"{cluster.ref} is {wanted} by intent and has no {system} machine deployment",
        )


def _judge(check: Check, owner: str, found: list[Workers]) -> None:
    """Judge names and queries of the machine deployments of one Cluster or specification."""
    for name, count in Counter(each.name for each in found).items():
        if count > 1:
            check.examine(owner)
            check.fail(
                owner,
                expected="unique names of machine deployments",
                observed=f"{count} named {name}",
                message=f"{owner} has {count} machine deployments named {name}",
            )
    for each in check.each(found):
        words = query_words(each.query)
        named = words.get("os-name")
        if each.query is None:
            problem = "has no such annotation, so it falls back to the ClusterClass and then to every OSImage"
        elif not any(word.startswith("os-") for word in words):
            problem = f"asks for {each.query}, which names no operating system and matches every OSImage"
        elif WINDOWS in (named, words.get("os-type")) and each.system == LINUX:
            problem = f"is of class {each.machine_class} and asks for Windows"
        elif each.system == WINDOWS and (named or words.get("os-type")) not in (None, WINDOWS):
            problem = f"is of class {each.machine_class} and asks for {named or words.get('os-type')}"
        else:
            continue
        check.fail(
            each.ref,
            expected=f"metadata.annotations with {RESOLVE_IMAGE}: image-type=ova,os-name=... of its own system",
            observed=each.query or "no annotation",
            message=f"{each.ref} {problem}",
            involves=[owner],
        )


def _follows_page(check: Check, cluster: Cluster) -> bool:
    """Report a specification that follows the page to the letter, with both sides quoted; say whether it does."""
    specification = cluster.intent.specification
    if specification is None:
        return False
    file = f"Specification {cluster.name} {specification.dry_run or specification.config_source}"
    if specification.spec_problem and specification.snippet:
        found = " / ".join(line.strip(" ") for line in specification.snippet.splitlines())
        _conflict(check, file, f"`{found}`; {specification.spec_problem}", "YAML refuses the page's lines as printed")
        return True
    misplaced = [each for each in _clusters_of(specification) if "workers" in each["spec"]]
    if misplaced:
        kept = "the live Cluster has " + (", ".join(each.name for each in workers(cluster)) or "no machine deployment")
        _conflict(check, file, f"spec.workers is in the file; {kept}", "Cluster API knows no spec.workers and drops it")
    return bool(misplaced)


def _clusters_of(specification: ClusterIntent) -> list[dict[str, Any]]:
    return [each for each in specification.objects if each.get("kind") == "Cluster" and each.get("spec")]


def _conflict(check: Check, file: str, observed: str, why: str) -> None:
    check.examine(file)
    check.fail(
        file,
        expected=f"{_PAGE}; Cluster API (v1beta1, v1beta2): `spec.topology.workers.machineDeployments`",
        observed=observed,
        message=f"{file} follows the page to the letter: {why}",
    )
    check.doc_conflict(f"the page prints {_PAGE.partition(': ')[2]}; observed: {observed}")
