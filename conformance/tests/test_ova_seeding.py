"""The vCenter side of the seeded OVA faults: each change is seen by the observation and takes itself back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.lab.tests.simulated_site import ADMIN, PASSWORDS, VCenterProcess, running
from tkg_conformance.conformance.ova import seeding
from tkg_conformance.conformance.ova.seeding import FOLDER, LINUX, WINDOWS
from tkg_conformance.fixtures.faults import LabHandle, Revert
from tkg_conformance.fixtures.lab import inventory, scenario
from tkg_conformance.fixtures.lab.progress import Silent
from tkg_conformance.fixtures.lab.vsphere import VCenterConnection
from tkg_conformance.fixtures.metering import Meter
from tkg_conformance.fixtures.models import ova
from tkg_conformance.fixtures.observation.interest import Interest
from tkg_conformance.fixtures.observation.progress import Quiet
from tkg_conformance.fixtures.observation.vcenter import VCenterObserver
from tkg_conformance.fixtures.observation.views.touch import Touched
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject, VCenterIndex, VCenterView
from tkg_conformance.fixtures.site_model import VCenterEntry

pytestmark = pytest.mark.lab


class Bench(LabHandle):
    """A lab of a vCenter alone."""

    def __init__(self, connection: VCenterConnection, process: VCenterProcess, secret: Path) -> None:
        self._connection = connection
        secret.write_text(PASSWORDS[ADMIN])
        values = {"server": process.server, "username": ADMIN, "password_file": str(secret)}
        self.entry = VCenterEntry.model_validate({**values, "ca_file": str(process.ca_file)})

    @property
    def vcenter(self) -> VCenterConnection:
        """The administrator's session."""
        return self._connection

    def images(self) -> dict[str, InventoryObject]:
        """Look at the vCenter, without any name from Kubernetes, and return its VMs by path."""
        read = VCenterObserver(self.entry, Meter(), Quiet()).run(Interest)
        view = VCenterView(VCenterIndex(read.record()), Touched())
        return {vm.path: vm for vm in view.all("VirtualMachine")}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("vcenter")
    with running(folder) as process, process.connect() as connection:
        inventory.populate(scenario.load("default"), connection, Silent())
        yield Bench(connection, process, folder / "password")


def values(vm: InventoryObject) -> dict[str, str]:
    return ova.properties_of(vm.props["config.vAppConfig.property"])


def copied(images: dict[str, InventoryObject]) -> bool:
    copy = images.get(f"/dc0/vm/tkg/wl2/{LINUX}")
    return copy is not None and copy.props["config.template"] is True and values(copy)[ova.DISTRO_NAME] == "ubuntu"


def unmarked(images: dict[str, InventoryObject]) -> bool:
    return images[f"{FOLDER}/{WINDOWS}"].props["config.template"] is False


def moved(images: dict[str, InventoryObject]) -> bool:
    return f"/dc0/vm/tkg/{WINDOWS}" in images and f"{FOLDER}/{WINDOWS}" not in images


def version_edited(images: dict[str, InventoryObject]) -> bool:
    return values(images[f"{FOLDER}/{WINDOWS}"])[ova.VERSION].startswith("v1.34.1")


def system_edited(images: dict[str, InventoryObject]) -> bool:
    found = values(images[f"{FOLDER}/{WINDOWS}"])
    return found[ova.DISTRO_VERSION] == "2022" and found[ova.DISTRO_NAME] == "windows"


@pytest.mark.parametrize(
    ("seed", "is_seen"),
    [
        (seeding.duplicate, copied),
        (seeding.unmark_windows, unmarked),
        (seeding.move_windows, moved),
        (seeding.edit_version, version_edited),
        (seeding.edit_system, system_edited),
    ],
    ids=lambda each: each.__name__,
)
def test_a_seed_is_seen_and_takes_itself_back(
    bench: Bench, seed: Callable[[LabHandle], Revert], is_seen: Callable[[dict[str, InventoryObject]], bool]
) -> None:
    before = {path: vm.props for path, vm in bench.images().items()}
    revert = seed(bench)
    assert is_seen(bench.images())
    revert()
    assert {path: vm.props for path, vm in bench.images().items()} == before


def test_snapshots_are_seen_by_name(bench: Bench) -> None:
    template: Any = bench.find(f"{FOLDER}/{LINUX}")
    bench.vcenter.wait(template.CreateSnapshot_Task("root", "", False, False))
    bench.vcenter.wait(template.CreateSnapshot_Task("second", "", False, False))
    props = bench.images()[f"{FOLDER}/{LINUX}"].props
    assert props["snapshot.rootSnapshotList"] == ["root", "second"]
    assert props["snapshot.currentSnapshot"].startswith("VirtualMachineSnapshot:")
    assert "snapshot.currentSnapshot" not in bench.images()[f"{FOLDER}/{WINDOWS}"].props
