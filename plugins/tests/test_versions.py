"""Results name the versions of everything that a verdict is about, and which objects were meant."""

from __future__ import annotations

from dataclasses import replace

from conformance.tests.builder import healthy
from tkg_conformance.fixtures.observation.model import KubernetesPlane, Observation, Resource
from tkg_conformance.plugins.environment import environment
from tkg_conformance.plugins.versions import versions


def deployment(name: str, container: str, image: str, **labels: str) -> Resource:
    spec = {"template": {"spec": {"containers": [{"name": container, "image": image}]}}}
    return Resource("apps/v1", "Deployment", "somewhere", name, {"labels": labels}, spec)


def observed() -> Observation:
    cluster = Resource(
        "cluster.x-k8s.io/v1beta1",
        "Cluster",
        "dev",
        "wl1",
        {"uid": "u-1", "labels": {"run.tanzu.vmware.com/tkr": "v1.28.4"}, "annotations": {"TKGVERSION": "v2.5.0"}},
    )
    capv = deployment(
        "capv-controller-manager", "manager", "capv:v1.8.4", **{"cluster.x-k8s.io/provider": "infrastructure-vsphere"}
    )
    csi = deployment("vsphere-csi-controller", "vsphere-csi-controller", "registry:5000/csi-driver:v3.1.0")
    cpi = deployment("vsphere-cloud-controller-manager", "vsphere-cloud-controller-manager", "cpi:v1.27.0")
    return replace(
        healthy().build(),
        management=KubernetesPlane("management", "https://mgmt", "v1.28.1", (cluster, capv)),
        workloads=(KubernetesPlane("dev/wl1", "https://wl1", "v1.28.4", (csi, cpi)),),
    )


def test_every_component_has_its_version() -> None:
    found = versions(observed())
    assert {name: version for name, version in found.items() if not name.startswith("vCenter")} == {
        "Kubernetes management": "v1.28.1",
        "TKG": "v2.5.0",
        "CAPV": "v1.8.4",
        "Kubernetes dev/wl1": "v1.28.4",
        "TKr dev/wl1": "v1.28.4",
        "CPI dev/wl1": "v1.27.0",
        "CSI controller dev/wl1": "v3.1.0",
    }


def test_what_was_not_observed_has_no_version() -> None:
    nothing = replace(observed(), management=None, workloads=(), vcenters=())
    assert versions(nothing) == {}


def test_a_cluster_is_named_with_its_uid_where_it_is_known() -> None:
    clusters = {each["name"]: each for each in environment(observed())["clusters"]}
    assert clusters["dev/wl1"]["uid"] == "u-1"
    assert all("uid" not in each for name, each in clusters.items() if name != "dev/wl1")
