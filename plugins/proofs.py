"""Where proofs lie: in the folder of `prove`, and the last whole one of each suite in the cache for its reports."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.plugins.digests import suite_digest
from tkg_conformance.reports import proof as stored
from tkg_conformance.reports.errors import ReportsError, WriteError
from tkg_conformance.reports.files import check_writable, make_folder, write_atomically
from tkg_conformance.reports.proof import PROOF_FILE, Proof
from tkg_conformance.reports.proof_html import render
from tkg_conformance.reports.proof_records import ProofRecord

HTML_FILE = "proof.html"


def check(out: Path) -> None:
    """Find out before a lab is broken that the proof could not be kept; raises `UsageError`."""
    try:
        check_writable(out)
    except WriteError as error:
        raise UsageError(f"The proof would be lost: {error}.") from error


def write(proof: Proof, out: Path) -> None:
    """Write `proof.json`, as far as the proof has come; raises `WriteError`."""
    make_folder(out)
    write_atomically(out / PROOF_FILE, stored.dumps(proof))


def finish(proof: Proof, out: Path) -> None:
    """Write `proof.json` and the page for people, `proof.html`; raises `WriteError`."""
    write(proof, out)
    write_atomically(out / HTML_FILE, render(proof))


def load(out: Path) -> Proof | None:
    """Return the proof that lies in the folder, or None; raises `ResultsError` for one that cannot be read."""
    path = out / PROOF_FILE
    return stored.load(path) if path.exists() else None


def keep(proof: Proof) -> None:
    """Keep a whole proof in the cache, so that reports of the same suite can name it."""
    if proof.complete and proof.whole:
        folder = _folder()
        make_folder(folder)
        write_atomically(folder / f"{proof.suite.digest}.json", stored.dumps(proof))


def for_results(named: Path | None) -> ProofRecord | None:
    """Return what results keep of the named proof, else of this suite's proof in the cache, else None.

    Raises:
        UsageError: if the named file is no proof. One in the cache that cannot be read is none.
    """
    if named is not None:
        try:
            return stored.record_for_results(stored.load(named), suite_digest())
        except ReportsError as error:
            raise UsageError(f"--tkg-proof: {error}.") from error
    try:
        return stored.record_for_results(stored.load(_folder() / f"{suite_digest()}.json"), suite_digest())
    except ReportsError:
        return None


def _folder() -> Path:
    return platformdirs.user_cache_path("tkg-conformance") / "proofs"
