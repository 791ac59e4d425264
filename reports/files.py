"""The only place of this package that writes: a file appears whole, or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from tkg_conformance.reports.errors import WriteError

_PROBE = 1 << 16
"""Bytes; about what the smallest results and reports need."""

_WHAT_TO_DO = {
    errno.ENOSPC: "the disk is full: free space or choose another folder with --out",
    errno.EDQUOT: "the disk quota is used up: free space or choose another folder with --out",
    errno.EFBIG: "a file may not grow that large here: raise the limit (ulimit -f) or choose another folder with --out",
    errno.EROFS: "the file system is read-only: choose another folder with --out",
    errno.EACCES: "permission is denied: choose a folder you may write to with --out",
    errno.EPERM: "permission is denied: choose a folder you may write to with --out",
    errno.ENOENT: "the folder does not exist: create it or choose another one with --out",
    errno.ENOTDIR: "its parent is a file and not a folder: choose another folder with --out",
    errno.EEXIST: "a file of that name is in the way: remove it or choose another folder with --out",
    errno.EISDIR: "a folder of that name is in the way: remove it or choose another folder with --out",
    errno.ENAMETOOLONG: "the name is too long: choose a shorter folder with --out",
}


def make_folder(path: Path) -> None:
    """Create the folder and its parents if they are missing; raises `WriteError` with one sentence."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _explained(path, error) from error


def check_writable(path: Path) -> None:
    """Make the folder and write a file of some size into it for a moment, so that a full disk is found out early.

    Raises `WriteError` with one sentence.
    """
    make_folder(path)
    probe = path / ".writable"
    try:
        write_atomically(probe, bytes(_PROBE))
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)


def write_atomically(path: Path, content: str | bytes, *, mode: int = 0o644) -> None:
    """Write the content under the path so that a reader sees the old file or the new one, never a part.

    Text is stored as UTF-8. A temporary file in the same folder is filled, synchronised and renamed. Raises
    `WriteError` with one sentence; the temporary file is gone then and a file that was there is untouched.
    """
    # A name from outside may hold a lone surrogate, which UTF-8 cannot carry; an escape keeps the report writable.
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    require_plain(path)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _explained(path, error) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
        _synchronise_folder(path.parent)
    except OSError as error:
        raise _explained(path, error) from error
    finally:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()


def read_plain(path: Path) -> bytes:
    """Return a regular file's content; `OSError` for any other kind of file, which might be waited for for ever."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if stat.S_ISDIR(mode := os.fstat(file.fileno()).st_mode):
            raise IsADirectoryError(errno.EISDIR, "Is a directory", str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        return file.read()


def require_plain(path: Path) -> None:
    """Refuse to put a file in the place of a device, a pipe or a socket; raises `WriteError` with one sentence."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise WriteError(
            f"cannot write {path}: it is no regular file, and would be replaced by one: choose another name"
        )


def _synchronise_folder(folder: Path) -> None:
    """Make the rename survive a power cut, where the file system can do that for folders."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Some network file systems refuse to synchronise a folder; the file itself is complete by then.
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _explained(path: Path, error: OSError) -> WriteError:
    cause = _WHAT_TO_DO.get(error.errno or 0, error.strerror or "the system gave no reason")
    return WriteError(f"cannot write {path}: {cause}")
