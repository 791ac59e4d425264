"""Runs the tests of a module with another text of it, in a fork that has the libraries imported.

No file is changed: the fork's import of the module finds the text. A run may be broken off at any time, and other work
in the same checkout sees nothing of it.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import traceback
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final, NoReturn

import pytest

PACKAGE: Final = "tkg_conformance"
_OWN: Final = (PACKAGE, "conformance", "fixtures", "plugins", "reports", "conftest", "__main__", "test_")
# A change can turn a loop into one that fills the machine's memory.
_MEMORY: Final = 4 * 1024**3
# For what waits instead of working.
_LONGEST_S: Final = 300.0


class Trial:
    """Runs some tests again and again, each time with another text of one module."""

    def __init__(self, module: str, tests: Sequence[str], folder: Path) -> None:
        self._name = f"{PACKAGE}.{module.removesuffix('.py').replace('/', '.')}"
        self._tests = list(tests)
        self._output = folder / "output"
        self._imported = folder / "imported.json"
        self._temporary = folder / "tmp"
        self._processor_s = 300.0
        self._taken_s = 0.0

    def prepare(self, text: str) -> str | None:
        """Try the text as it is; return why the tests cannot judge another, or None.

        The libraries that they imported are imported here, so that no further fork has to, and the processor time that
        they took bounds the further ones.
        """
        if not self.passes(text):
            return f"The tests fail with the module as it is:\n{self._output.read_text(errors='replace')}"
        self._processor_s = 2.0 + 2.0 * self._taken_s
        names = json.loads(self._imported.read_text())
        if self.passes("raise ImportError"):
            return "The tests do not import the module."
        for name in names:
            # Some modules are made by others and cannot be imported.
            with contextlib.suppress(ImportError), warnings.catch_warnings(action="ignore"):
                importlib.import_module(name)
        return None

    def passes(self, text: str) -> bool:
        """Tell whether the tests pass, and end in time, with this text of the module."""
        child = os.fork()
        if child == 0:
            self._run(text)
        _, status, used = os.wait4(child, 0)
        self._taken_s = used.ru_utime + used.ru_stime
        return status == 0

    def _run(self, text: str) -> NoReturn:
        code = 1
        try:
            signal.setitimer(signal.ITIMER_PROF, self._processor_s)
            signal.setitimer(signal.ITIMER_REAL, _LONGEST_S)
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            output = os.open(self._output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(output, 1)
            os.dup2(output, 2)
            sys.meta_path.insert(0, _Finder(self._name, text))
            _settle_hypothesis()
            options = ["-x", "-q", "--assert=plain", "-m", "not lab", "-p", "no:cacheprovider"]
            code = int(pytest.main([*options, f"--basetemp={self._temporary}", *self._tests]))
            self._imported.write_text(json.dumps([name for name in sys.modules if not name.startswith(_OWN)]))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds one module with another text than its file has."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        found = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if found is None or found.origin is None:
            return None
        loader = _Loader(fullname, found.origin, self._text)
        return importlib.util.spec_from_file_location(fullname, found.origin, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, text: str) -> None:
        super().__init__(fullname, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._text, self.path, "exec", dont_inherit=True)


def _settle_hypothesis() -> None:
    """Let property tests try the same examples each time, without a search for the smallest one that fails."""
    import hypothesis

    hypothesis.settings.register_profile(
        "mutation",
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutation")
