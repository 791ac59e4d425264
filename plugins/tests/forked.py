"""Runs the command in a process of its own that has it imported already: a fork of a server that imported it once.

A hundred commands start so in a few seconds of processor time instead of minutes. What is about the start itself, about
streams or about signals starts a new interpreter instead.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tkg_conformance.plugins.cli", "tkg_conformance.plugins.controller"])


def command(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    first: Callable[[], object] | None = None,
    timeout: float = 300.0,
) -> subprocess.CompletedProcess[str]:
    """Run `tkg-conformance` with these arguments, in the environment given or in this process's.

    `first` is called in the new process before the command, as `preexec_fn` of subprocess is; it must be picklable.
    """
    variables = dict(os.environ if env is None else env)
    with tempfile.TemporaryDirectory(prefix="tkg-test-command-") as name:
        outputs = (Path(name) / "out", Path(name) / "err")
        process = _context.Process(target=_run, args=(arguments, str(cwd), variables, first, *map(str, outputs)))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(arguments, timeout)
        out, err = (each.read_text() for each in outputs)
    return subprocess.CompletedProcess(list(arguments), process.exitcode, out, err)


def _run(
    arguments: tuple[str, ...],
    cwd: str,
    variables: dict[str, str],
    first: Callable[[], object] | None,
    out: str,
    err: str,
) -> NoReturn:
    for number, name in ((1, out), (2, err)):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT, 0o600), number)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["tkg-conformance", *arguments]
    if first is not None:
        first()
    from tkg_conformance.plugins import cli

    cli.main()
