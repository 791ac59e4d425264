"""MOS-18: TKG's image labels on Nodes match the resolved data.

The ClusterClass passes on only values that begin and end with a letter (base.yaml, patch nodeLabels); the others are
absent from Nodes, which is right.
"""

from __future__ import annotations

import re

import pytest

from tkg_conformance.conformance.multios.images import data_of, place_of, place_ref
from tkg_conformance.conformance.subjects import require_class_based, require_resource, settled_nodes
from tkg_conformance.conformance.systems import require_windows
from tkg_conformance.fixtures.models.names import TKR_DATA
from tkg_conformance.fixtures.observation.views import Cluster
from tkg_conformance.reports.check import Check

_PASSED_ON = re.compile(r"^[a-zA-Z][-\w.]*[a-zA-Z]$")


@pytest.mark.requirement("MOS-18")
def test_image_labels_reach_nodes(check: Check, cluster: Cluster) -> None:
    require_windows(check, cluster)
    require_resource(check, cluster)
    require_class_based(check, cluster, "has no TKR_DATA")
    if not cluster.variables.get(TKR_DATA):
        check.not_applicable(f"TKR_DATA of {cluster.ref} is empty")
    for member in settled_nodes(check, cluster):
        data = data_of(cluster, place_of(member))
        if member.node is None or data is None:
            continue
        check.examine(member.node)
        for key, value in sorted((data.get("labels") or {}).items()):
            if _PASSED_ON.match(str(value)) and member.node.labels.get(key) != value:
                check.fail(
                    member.node,
                    expected=f"{key}={value}, as in TKR_DATA",
                    observed=f"{key}={member.node.labels.get(key, 'unset')}",
                    message=f"{member.node.ref} has {key}={member.node.labels.get(key, 'unset')} instead of {value}",
                    involves=[*member.objects, cluster.ref, place_ref(cluster, member)],
                )
