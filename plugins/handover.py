"""Writes what a run leaves behind: first what lies beside the results, then the results, then every other format."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from tkg_conformance.plugins.previous import RESULTS_FILE
from tkg_conformance.reports import evidence
from tkg_conformance.reports.errors import ReportsError, WriteError
from tkg_conformance.reports.files import make_folder, write_atomically
from tkg_conformance.reports.protocol import of_every_run, rendered
from tkg_conformance.reports.records import EvidenceFile, Results

_CHUNK = 1 << 20


def write(results: Results, out: Path, stored: Mapping[str, str]) -> tuple[list[str], ReportsError | None]:
    """Write every file into the folder, each atomically; results that do not fit there go into a temporary one.

    `stored` says what files of this run already lie in the folder, by name. Returns the paths that were written and, if
    one could not be, one sentence, which says where the results are instead.
    """
    written, failures = _write_all(results, out, stored)
    if not failures or _has_results(written):
        return written, failures[0] if failures else None
    elsewhere = Path(tempfile.mkdtemp(prefix="tkg-conformance-results-"))
    rescued, _ = _write_all(results, elsewhere, {})
    if not _has_results(rescued):
        shutil.rmtree(elsewhere, ignore_errors=True)
        return written, WriteError(f"{failures[0]}; the results stand only above")
    return [*written, *rescued], WriteError(f"{failures[0]}; the results are in {elsewhere}")


def _write_all(results: Results, out: Path, stored: Mapping[str, str]) -> tuple[list[str], list[ReportsError]]:
    """Return the paths that were written and what went wrong; what cannot be written costs none of the others."""
    try:
        make_folder(out)
    except WriteError as error:
        return [], [error]
    written: list[str] = []
    beside, failures = _write_evidence(results, out)
    known = [*_stored(out, stored), *beside]
    results = replace(evidence.reduced(results, {each.file for each in beside}), evidence=tuple(known))
    for renderer in sorted(of_every_run(), key=lambda each: (each.name != "json", each.name)):
        path = out / f"{renderer.stem}{renderer.suffix}"
        try:
            write_atomically(path, rendered(renderer, results))
        except ReportsError as error:
            failures.append(error)
        else:
            written.append(str(path))
    if _has_results(written):
        _remove_stale(results, out / evidence.FOLDER)
    return written, failures


def _write_evidence(results: Results, out: Path) -> tuple[list[EvidenceFile], list[ReportsError]]:
    """Write what the results need beside them; after the first failure no more, as the results need room too."""
    written: list[EvidenceFile] = []
    for content in evidence.contents(results):
        data = content.text.encode("utf-8", "backslashreplace")
        try:
            make_folder(out / evidence.FOLDER)
            write_atomically(out / content.file, data)
        except WriteError as error:
            return written, [error]
        written.append(EvidenceFile(content.file, hashlib.sha256(data).hexdigest(), len(data), content.what))
    return written, []


def _stored(out: Path, stored: Mapping[str, str]) -> Iterator[EvidenceFile]:
    for name, what in stored.items():
        with suppress(OSError), (out / name).open("rb") as file:
            digest, size = hashlib.sha256(), 0
            while part := file.read(_CHUNK):
                digest.update(part)
                size += len(part)
            yield EvidenceFile(name, digest.hexdigest(), size, what)


def _remove_stale(results: Results, folder: Path) -> None:
    """Remove what a former run left; the results name none of it, so that what cannot be removed misleads nobody."""
    if folder.is_symlink():
        return
    with suppress(OSError):
        for name in evidence.stale([each.name for each in folder.iterdir()], results):
            (folder / name).unlink(missing_ok=True)


def _has_results(files: Iterable[str]) -> bool:
    return any(Path(path).name == RESULTS_FILE for path in files)
