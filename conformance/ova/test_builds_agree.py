"""OVA-7: image, TKr and kubelets are of one Kubernetes build."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.ova.imagery import VM, Imagery, release_of
from tkg_conformance.conformance.ova.pools import Pool
from tkg_conformance.conformance.subjects import conclude_hidden, may_hide, settled_nodes
from tkg_conformance.fixtures.models import ova
from tkg_conformance.fixtures.models.builds import same_build
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("OVA-7")
def test_builds_agree(check: Check, site: Site, cluster: Cluster) -> None:
    imagery = Imagery(check, site, cluster)
    hidden: list[str] = []
    _judge_release(check, cluster, imagery.version)
    for pool in imagery.pools:
        _judge_image(check, imagery, pool, hidden)
    settled = (member for member in cluster.members if member.node and not member.node_transition)
    for member in settled if check.findings else settled_nodes(check, cluster):
        node, asked = member.node, member.owner.version or imagery.version
        present = str(node.at("status.nodeInfo.kubeletVersion") or "") if node else ""
        if node is None or not present:
            continue
        check.examine(node)
        if not same_build(present, asked):
            check.fail(
                node,
                expected=f"kubelet of {asked}",
                observed=present,
                message=f"the kubelet of {node.ref} is {present}, but its machine was made for {asked}",
                involves=[*member.objects, *([member.owner.deployment] if member.owner.deployment else [])],
            )
    conclude_hidden(check, hidden)


def _judge_release(check: Check, cluster: Cluster, version: str) -> None:
    release = release_of(cluster)
    if release is None:
        check.note("no TanzuKubernetesRelease of the Cluster's label was observed; its version is the topology's")
        return
    check.examine(release)
    present = str(release.at("spec.kubernetes.version") or "")
    if not same_build(present, version):
        check.fail(
            release,
            expected=f"Kubernetes {version}, which {cluster.name} asks for",
            observed=present or "no spec.kubernetes.version",
            message=f"{release.ref} is of Kubernetes {present or '?'}, but {cluster.name} asks for {version}",
        )


def _judge_image(check: Check, imagery: Imagery, pool: Pool, hidden: list[str]) -> None:
    wanted = str(pool.template.at("spec.template.spec.template") or "") if pool.template else ""
    only = imagery.find(wanted).only if wanted else None
    if only is None:
        what = f"{VM} {wanted}" if wanted else f"the VSphereMachineTemplate of {pool.ref}"
        if wanted and may_hide(check, imagery.vcenter, what, VM):
            hidden.append(what)
        else:
            check.note(f"{what} was not found, so its Kubernetes build is not judged here")
        return
    vm = imagery.vms[only.moid]
    check.examine(vm)
    properties = ova.properties_of(vm.props.get("config.vAppConfig.property") or ())
    for name in (ova.VERSION, ova.SEMVER):
        present = properties.get(name, "")
        is_wrong = not same_build(present, pool.version)
        if is_wrong and (present or name == ova.VERSION):
            check.fail(
                vm,
                expected=f"{name} of Kubernetes {pool.version}",
                observed=present or f"no property {name}",
                message=f"{name} of {vm.ref} is {present or 'missing'}, but {pool.name} runs Kubernetes {pool.version}",
                involves=[pool.ref, *([pool.template] if pool.template else [])],
            )
