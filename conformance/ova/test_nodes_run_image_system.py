"""OVA-10: Nodes report the operating system of the image their VM was cloned from."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.ova.imagery import Imagery
from tkg_conformance.conformance.subjects import settled_nodes
from tkg_conformance.fixtures.models import ova
from tkg_conformance.fixtures.models.builds import system_difference
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("OVA-10")
def test_nodes_run_image_system(check: Check, site: Site, cluster: Cluster) -> None:
    imagery = Imagery(check, site, cluster)
    unknown = []
    for member in settled_nodes(check, cluster):
        source = _source(imagery, member)
        properties = ova.properties_of(source.props.get("config.vAppConfig.property") or ()) if source else {}
        name, node = properties.get(ova.DISTRO_NAME), member.node
        if node is None or source is None or not name:
            unknown.append(member.ref)
            continue
        check.examine(node)
        version = properties.get(ova.DISTRO_VERSION, "")
        info = node.at("status.nodeInfo") or {}
        told = [str(info.get(key) or "") for key in ("osImage", "kernelVersion", "operatingSystem")]
        difference = system_difference(name, version, *told)
        if difference:
            check.fail(
                node,
                expected=f"{name} {version}, as {source.ref} says",
                observed=f"{told[0]} ({told[2]}, kernel {told[1]})",
                message=f"{node.ref} runs {told[0]}, but its image {source.path} is {name} {version}: {difference}",
                involves=[source, *member.objects],
            )
    if unknown:
        check.note(f"the image of {', '.join(unknown)} was not found or has no {ova.DISTRO_NAME}: listed, not judged")
    if unknown and not check.examined.count:
        check.inconclusive(f"no image of a Node of {cluster.name} says its operating system ({ova.DISTRO_NAME})")


def _source(imagery: Imagery, member: Member) -> InventoryObject | None:
    """Return the template of a Machine; without it its VM, which keeps the image's properties."""
    wanted = imagery.template_of(member)
    only = imagery.find(wanted).only if wanted else None
    return imagery.vms[only.moid] if only else member.vm
