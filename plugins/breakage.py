"""Leaves seeded faults in a running lab, for people to see them in a report, and takes them back.

How a fault is taken back is known only to the process that seeded it. A keeper process of its own (this module as a
program) seeds it, records itself in `DIR/broken/` and waits: SIGTERM asks it to take the fault back; when its lab ends
it just goes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tkg_conformance.fixtures import lab
from tkg_conformance.fixtures.errors import ConformanceError, LabError, UsageError
from tkg_conformance.fixtures.faults import Fault
from tkg_conformance.fixtures.lab.files import write_private
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.fixtures.lab.process import process_start
from tkg_conformance.fixtures.lab.state import LabState, ProcessIdentity
from tkg_conformance.plugins import catalogue as catalogues
from tkg_conformance.plugins.prove import fault_named, load_faults

_FOLDER: Final = "broken"
_SEEDED_S: Final = 120.0
_MENDED_S: Final = 180.0
_POLL_S: Final = 0.1
_LAB_POLL_S: Final = 1.0


def seed(directory: Path, name: str) -> Fault:
    """Seed the fault, or the first of the requirement, of that name; return what was seeded.

    Raises:
        ConformanceError: in one sentence, if there is no such fault or lab, or the fault could not be seeded.
    """
    fault = named(name)
    folder = directory / _FOLDER
    require_running(directory)
    if any(each.name == fault.id for each, _ in _keepers(directory)):
        raise UsageError(f"{fault.id} is seeded already; `tkg-conformance lab mend {fault.id} --dir {directory}`.")
    folder.mkdir(exist_ok=True)
    log = folder / f"{fault.id}.log"
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", __name__, str(directory), fault.id],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + _SEEDED_S
    while not _record(directory, fault.id).exists():
        if keeper.poll() is not None:
            raise LabError(f"{fault.id} could not be seeded: {_last_line(log)}")
        if time.monotonic() > deadline:
            keeper.terminate()
            raise LabError(f"{fault.id} was not seeded within {_SEEDED_S:.0f} s; {log} may say why.")
        time.sleep(_POLL_S)
    return fault


def mend(directory: Path, name: str = "") -> list[str]:
    """Take back the named fault, or all of them, the last first; return their ids.

    Raises:
        ConformanceError: if it is not seeded, or could not be taken back.
    """
    require_running(directory)
    keepers = _keepers(directory)
    wanted = named(name).id if name else ""
    if wanted and not any(each.name == wanted for each, _ in keepers):
        raise UsageError(f"{wanted} is not seeded in {directory}; seeded are {_names(keepers) or 'none'}.")
    mended = []
    for keeper, record in reversed(keepers):
        if wanted in ("", keeper.name):
            _take_back(directory, keeper, record)
            mended.append(keeper.name)
    return mended


def named(name: str) -> Fault:
    """Return the fault of that id, or the first of the requirement of that id; `UsageError` if there is none."""
    catalogue = catalogues.load()
    faults = load_faults(catalogue)
    if name.upper() in {each.id for each in catalogue.requirements}:
        of_requirement = [each for each in faults if each.requirement == name.upper()]
        if not of_requirement:
            reason = catalogue.requirement(name.upper()).lab_reason or "there is no fault for it"
            raise UsageError(f"{name.upper()} cannot be broken in a lab: {reason}")
        return of_requirement[0]
    return fault_named(faults, name)


def require_running(directory: Path) -> None:
    """Refuse a folder without a running lab; `UsageError`."""
    state = lab.status(directory).state
    if state not in (LabState.HEALTHY, LabState.DEGRADED):
        raise UsageError(f"The lab of {directory} is not running ({state}); start one with `tkg-conformance lab up`.")


def _take_back(directory: Path, keeper: ProcessIdentity, record: Path) -> None:
    if not keeper.is_alive():
        record.unlink(missing_ok=True)
        raise LabError(
            f"The process that knows how to take {keeper.name} back is gone; start a fresh lab in place of {directory}."
        )
    os.kill(keeper.pid, signal.SIGTERM)
    deadline = time.monotonic() + _MENDED_S
    while keeper.is_alive():
        if time.monotonic() > deadline:
            raise LabError(f"{keeper.name} was not taken back within {_MENDED_S:.0f} s.")
        time.sleep(_POLL_S)
    if record.exists():
        record.unlink()
        why = _last_line(record.with_suffix(".log"))
        raise LabError(f"{keeper.name} could not be taken back: {why}; start a fresh lab in place of {directory}.")


def _keepers(directory: Path) -> list[tuple[ProcessIdentity, Path]]:
    """Return the keepers and their records, in the order of seeding."""
    records = sorted((directory / _FOLDER).glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    return [(ProcessIdentity(path.stem, **json.loads(path.read_bytes())), path) for path in records]


def _names(keepers: Sequence[tuple[ProcessIdentity, Path]]) -> str:
    return ", ".join(each.name for each, _ in keepers)


def _record(directory: Path, id_: str) -> Path:
    return directory / _FOLDER / f"{id_}.json"


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it gave no reason"


def keep(directory: Path, id_: str) -> int:
    """Seed a fault, record this process, wait until it is asked to take the fault back, and do so."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    record = _record(directory, id_)
    with LabHandle.open(directory) as handle:
        take_back = named(id_).on(handle).apply(handle)
        me = {"pid": os.getpid(), "started": process_start(os.getpid())}
        write_private(record, json.dumps(me).encode())
        while not stop.wait(_LAB_POLL_S):
            if lab.status(directory).state not in (LabState.HEALTHY, LabState.DEGRADED):
                record.unlink(missing_ok=True)
                return 0
        take_back()
    record.unlink(missing_ok=True)
    return 0


def _main() -> int:
    try:
        return keep(Path(sys.argv[1]), sys.argv[2])
    except ConformanceError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(_main())
