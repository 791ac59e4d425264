"""Edits of TKr, OSImage and bootstrap that are nearly right, and labels that make the resolver leave them out."""

from __future__ import annotations

from typing import Any, Final

from tkg_conformance.conformance.multios.seeding import (
    CLUSTER,
    TEMPLATE,
    created_and_served,
    give_specification,
    image_path,
    release_names,
    release_path,
    specification,
    velero,
)
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab.changes import created, edited, together

CROSSED: Final = "md-2019"
DANGLING: Final = "v1.35.4---vmware.1-tkg.1-windows-2022"
_BOOTSTRAP: Final = "run.tanzu.vmware.com/v1alpha3"
_ANNOTATION: Final = "run.tanzu.vmware.com/resolve-os-image"


def mistype_template(lab: LabHandle) -> Revert:
    """Let the OSImage name its template with a wrong letter, as it is typed by hand into the manifest."""
    return lab.patch(image_path(lab), {"spec": {"image": {"ref": {"template": TEMPLATE.replace("2019", "2O19")}}}})


def list_image_twice(lab: LabHandle) -> Revert:
    names = release_names(lab)
    return _listed(lab, "osImages", lambda listed: [*listed, {"name": names["image"]}])


def list_dangling_image(lab: LabHandle) -> Revert:
    return _listed(lab, "osImages", lambda listed: [*listed, {"name": DANGLING}])


def lose_former_package(lab: LabHandle) -> Revert:
    """Take one of the packages that the release brought out of the list."""
    return _listed(lab, "bootstrapPackages", lambda listed: [each for each in listed if "antrea" not in each["name"]])


def list_other_package(lab: LabHandle) -> Revert:
    """Let the TKr list a version of tkg-windows that no repository has."""
    package = release_names(lab)["package"]

    def change(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"name": f"{package}-1"} if each["name"] == package else each for each in listed]

    return _listed(lab, "bootstrapPackages", change)


def mark_image_incompatible(lab: LabHandle) -> Revert:
    return lab.patch(image_path(lab), {"metadata": {"labels": {"incompatible": ""}}})


def mark_release_invalid(lab: LabHandle) -> Revert:
    path = release_path(lab, release_names(lab)["tkr"])
    return lab.patch(path, {"metadata": {"labels": {"invalid": ""}}})


def cross_annotation(lab: LabHandle) -> Revert:
    """Give the Windows workers of the kept specification the annotation of the Linux ones."""
    text = specification().replace("os-name=windows", "os-name=ubuntu")
    return give_specification(lab, text)


def order_crossed_workers(lab: LabHandle) -> Revert:
    """Add Windows workers, none of them yet, that ask for the Linux image."""
    annotations = {_ANNOTATION: "image-type=ova,os-name=ubuntu"}
    workers = {
        "class": "tkg-worker-windows",
        "name": CROSSED,
        "replicas": 0,
        "metadata": {"annotations": annotations},
    }

    def add(cluster: dict[str, Any]) -> None:
        cluster["spec"]["topology"]["workers"]["machineDeployments"].append(workers)

    return edited(lab.management, lab.object_of("Cluster", "wl2", "dev"), add)


def drop_package_from_bootstrap(lab: LabHandle) -> Revert:
    path = lab.management.path(_BOOTSTRAP, "ClusterBootstrap", "wl2", "dev")

    def drop(bootstrap: dict[str, Any]) -> None:
        listed = bootstrap["spec"]["additionalPackages"]
        bootstrap["spec"]["additionalPackages"] = [each for each in listed if "tkg-windows" not in each["refName"]]

    return edited(lab.management, path, drop)


def back_cluster_up(lab: LabHandle) -> Revert:
    """Back the multi-OS cluster up from within, as a person does who has Velero there."""
    backup = {
        "apiVersion": "velero.io/v1",
        "kind": "Backup",
        "metadata": {"name": "before-upgrade", "namespace": "default"},
        "spec": {"includedNamespaces": ["*"]},
    }
    api = lab.workload(CLUSTER)
    return together(lambda: created_and_served(api, velero("Backup", "backups")), lambda: created(api, backup))


def _listed(lab: LabHandle, field: str, change: Any) -> Revert:
    path = release_path(lab, release_names(lab)["tkr"])
    return lab.patch(path, {"spec": {field: change(lab.management.get(path)["spec"][field])}})
