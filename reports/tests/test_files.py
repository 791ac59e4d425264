"""Atomic writing: whole, or not at all, and one sentence when it fails."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tkg_conformance.reports.errors import WriteError
from tkg_conformance.reports.files import write_atomically


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_writes_text_and_bytes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_atomically(path, "first")
    write_atomically(path, "zweite ü \udc80")
    assert path.read_bytes() == "zweite ü \\udc80".encode()
    write_atomically(path, b"\x00", mode=0o600)
    assert path.read_bytes() == b"\x00"
    assert path.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["a.txt"]


def test_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    write_atomically(path, "first")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="the disk is full: free space") as caught:
        write_atomically(path, "second")
    assert str(path) in str(caught.value)
    assert path.read_text() == "first"
    assert names(tmp_path) == ["a.txt"]


def test_missing_folder_and_file_in_the_way(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="the folder does not exist"):
        write_atomically(tmp_path / "none" / "a.txt", "x")
    (tmp_path / "file").write_text("x")
    with pytest.raises(WriteError, match="its parent is a file"):
        write_atomically(tmp_path / "file" / "a.txt", "x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WriteError, match="a folder of that name"):
        write_atomically(tmp_path / "folder", "x")
    assert names(tmp_path) == ["file", "folder"]


def test_interrupt_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a.txt", "x")
    assert names(tmp_path) == []
