"""Changes that seed faults of the IDENT area in a new cluster, dev/wl3, which is created from a copy of wl1's spec."""

from __future__ import annotations

import ipaddress
from typing import Final

import yaml

from tkg_conformance.conformance.identity.seeding import IDENTITY, OTHER_IDENTITY
from tkg_conformance.conformance.identity.seeding_credentials import other_identity
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.api import Object
from tkg_conformance.fixtures.lab.changes import awaited, created, together, written
from tkg_conformance.fixtures.lab.errors import NotFound

NEW_CLUSTER: Final = "dev/wl3"
_NAME: Final = "wl3"
_ADDRESS: Final = 20
_GONE_S: Final = 120.0


def create_under_identity_of_other_team(lab: LabHandle) -> Revert:
    """Create a cluster under an identity that exists and is ready, and admits another team's namespaces only."""
    spec = (lab.directory / "clusters/dev-wl1-spec.yaml").read_text(encoding="utf-8")
    return together(
        lambda: other_identity(lab, {"team": "green"}),
        lambda: _configured(lab),
        lambda: _created(lab, list(yaml.safe_load_all(_renamed(lab, spec)))),
    )


def _renamed(lab: LabHandle, text: str) -> str:
    """Give a text of wl1 the new cluster's name, endpoint and identity."""
    former = yaml.safe_load(lab.configuration("dev/wl1").read_text(encoding="utf-8"))["VSPHERE_CONTROL_PLANE_ENDPOINT"]
    assert lab.site.lab is not None
    address = str(ipaddress.ip_network(lab.site.lab["subnet"])[_ADDRESS])
    for one, other in (
        (str(former), address),
        ("name: wl1\n", f"name: {_NAME}\n"),
        ("CLUSTER_NAME: wl1\n", f"CLUSTER_NAME: {_NAME}\n"),
        (f"name: {IDENTITY}\n", f"name: {OTHER_IDENTITY}\n"),
    ):
        text = text.replace(one, other)
    return text


def _configured(lab: LabHandle) -> Revert:
    """Write the new cluster's configuration file beside that of wl1, and name it in the site files."""
    former = lab.configuration("dev/wl1")
    path = former.with_name(f"dev-{_NAME}.yaml")
    entry = {"name": NEW_CLUSTER, "config": f"clusters/{path.name}", "type": "linux"}
    return together(
        lambda: written(path, _renamed(lab, former.read_text(encoding="utf-8"))),
        lambda: lab.site_files(lambda document: document["clusters"].append(entry)),
    )


def _created(lab: LabHandle, documents: list[Object]) -> Revert:
    """Create the objects; the revert lets the identity admit the namespace, as CAPV deletes nothing without."""
    cluster = next(each for each in documents if each["kind"] == "Cluster")
    others = [each for each in documents if each is not cluster]
    take_back = together(*(lambda each=each: created(lab.management, each) for each in others))
    lab.management.create(lab.management.path_of(cluster).rpartition("/")[0], cluster)

    def revert() -> None:
        everyone = {"spec": {"allowedNamespaces": {"selector": {"matchLabels": None}}}}
        lab.management.merge_patch(lab.object_of("VSphereClusterIdentity", OTHER_IDENTITY), everyone)
        path = lab.management.path_of(cluster)
        lab.management.delete(path)
        awaited(lambda: not _exists(lab, path), _GONE_S, f"Cluster {NEW_CLUSTER} was deleted and not gone")
        take_back()

    return revert


def _exists(lab: LabHandle, path: str) -> bool:
    try:
        lab.management.get(path)
    except NotFound:
        return False
    return True
