"""Changes the judging code in small ways (cosmic-ray) and demands that a test fails each time: `tox -e mutation`.

By hand only: each change runs the tests of its module, about a second. Modules may be named on the command line; all of
them take an hour. A change that makes no difference is listed in `equivalent_mutants.yaml` with the reason.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from plugins.tests.mutants import Mutant, mutants
from plugins.tests.trials import Trial

ROOT: Final = Path(__file__).resolve().parents[2]
_MODELS: Final = "fixtures/models"
# What has no tests named after it, or further ones.
_OTHERS: Final = {
    "addonpackages": (f"{_MODELS}/tests/test_addons.py", f"{_MODELS}/tests/test_config_texts.py"),
    "builds": (f"{_MODELS}/tests/test_ova.py",),
    "cpi_config": (f"{_MODELS}/tests/test_config_texts.py",),
    "csi_config": (f"{_MODELS}/tests/test_config_texts.py",),
    "gcfg": (f"{_MODELS}/tests/test_config_texts.py",),
    "tkr_objects": (f"{_MODELS}/tests/test_tkr_cluster.py", f"{_MODELS}/tests/test_tkr_resolution.py"),
}
# The names of variables and objects, which hold nothing to change.
_NAMES: Final = ("__init__", "names", "variables")
TESTS: Final[dict[str, tuple[str, ...]]] = {
    "reports/verdict.py": ("reports/tests/test_verdict.py",),
    "reports/causes.py": ("reports/tests/test_verdict.py", "reports/tests/test_terminal.py"),
    "plugins/selection.py": ("plugins/tests/test_selection.py",),
    "plugins/engine.py": ("plugins/tests/test_engine.py",),
    "plugins/prover.py": ("plugins/tests/test_prove.py",),
    **{
        f"{_MODELS}/{path.name}": _OTHERS.get(path.stem, (f"{_MODELS}/tests/test_{path.stem}.py",))
        for path in sorted((ROOT / _MODELS).glob("*.py"))
        if path.stem not in _NAMES
    },
}
EQUIVALENT: Final = Path(__file__).with_name("equivalent_mutants.yaml")


def equivalent(module: str) -> dict[tuple[str, str, str], str]:
    """Return the changes of a module that make no difference, by their name, with the reason of each."""
    entries: Mapping[str, list[dict[str, Any]]] = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or {}
    return {
        (entry.get("in", ""), entry["code"], became): entry["why"]
        for entry in entries.get(module, ())
        for became in entry["became"]
    }


def survivors(module: str, folder: Path) -> tuple[int, list[Mutant]]:
    """Change one module in every way; return how many there were, and those with which its tests pass."""
    text = (ROOT / module).read_text(encoding="utf-8")
    trial = Trial(module, [str(ROOT / name) for name in TESTS[module]], folder)
    reason = trial.prepare(text)
    if reason:
        raise SystemExit(f"{module}: {reason}")
    changes = mutants(text)
    return len(changes), [each for each in changes if trial.passes(each.text)]


def main(arguments: list[str]) -> int:
    """Mutate the named modules or all; print what no test noticed and end with 1 if there is any."""
    modules = arguments or list(TESTS)
    unknown = [each for each in modules if each not in TESTS]
    if unknown:
        sys.stderr.write(f"No tests are named for {unknown[0]}; expected one of {', '.join(TESTS)}.\n")
        return 4
    failed = False
    for module in modules:
        with tempfile.TemporaryDirectory(prefix="tkg-mutation-") as name:
            count, alive = survivors(module, Path(name))
        explained = equivalent(module)
        lines = [f"{module}:{each.row}: {each.code} -> {each.became}" for each in alive if each.name not in explained]
        stale = explained.keys() - {each.name for each in alive}
        lines += [f"{EQUIVALENT.name}: a test notices or no code has {code} -> {became}" for _, code, became in stale]
        failed = failed or bool(lines)
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        told = f"{count} changes, {len(alive)} unnoticed, of which {len(explained) - len(stale)} make no difference"
        sys.stdout.write(f"{module}: {told}\n")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
