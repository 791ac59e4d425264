"""Changes the judging code in small ways (cosmic-ray) and demands that a test fails each time: `tox -e mutation`.

By hand only: each mutant runs the tests of its module, about 3 s. The files are changed in place and put back, so that
it runs on a clean checkout. Modules may be named on the command line; without any it takes hours.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
_MODELS: Final = "fixtures/models"
TESTS: Final[dict[str, tuple[str, ...]]] = {
    "reports/verdict.py": ("reports/tests/test_verdict.py",),
    "reports/causes.py": ("reports/tests/test_verdict.py", "reports/tests/test_terminal.py"),
    "plugins/selection.py": ("plugins/tests/test_selection.py",),
    "plugins/engine.py": ("plugins/tests/test_engine.py",),
    "plugins/prover.py": ("plugins/tests/test_prove.py",),
    **{
        f"{_MODELS}/{name}.py": (f"{_MODELS}/tests/test_{name}.py",)
        for name in (
            "addons",
            "cluster_bootstrap",
            "components",
            "identity",
            "ova",
            "plan_addons",
            "portgroup_security",
            "semantics",
            "tag_policy",
            "template_resolution",
            "templates",
            "tkr_cluster",
            "tkr_resolution",
            "tkr_source",
            "topology",
            "windows",
        )
    },
}
# Annotations are text here, and no test can tell one from another.
_NO_CHANGE: Final = ("ReplaceBinaryOperator_BitOr",)
_CONFIG: Final = """
[cosmic-ray]
module-path = "{module}"
timeout = {timeout}
excluded-modules = []
test-command = "{python} -m pytest -x -q -m 'not lab' -p no:cacheprovider {tests}"
[cosmic-ray.distributor]
name = "local"
"""
TIMEOUT_S: Final = 120.0


def survivors(module: str, folder: Path) -> tuple[int, list[str]]:
    """Mutate one module; return how many mutants there were, and a line for each that no test noticed."""
    from cosmic_ray.work_db import use_db
    from cosmic_ray.work_item import TestOutcome

    config, database = folder / "config.toml", folder / "session.sqlite"
    tests = " ".join(TESTS[module])
    config.write_text(_CONFIG.format(module=module, timeout=TIMEOUT_S, python=sys.executable, tests=tests))
    # Unmutated the tests have to pass, or every mutant would seem to be noticed.
    for arguments in (("baseline", config), ("init", config, database), ("exec", config, database)):
        subprocess.run(
            [str(Path(sys.executable).with_name("cosmic-ray")), *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            check=True,
        )
    with use_db(str(database)) as work:
        items = {item.job_id: item.mutations[0] for item in work.work_items}
        lived = [job for job, result in work.results if result.test_outcome is TestOutcome.SURVIVED]
    lines = (ROOT / module).read_text().splitlines()
    told = []
    for mutation in (items[job] for job in lived):
        operator = mutation.operator_name.rpartition("/")[2]
        if not operator.startswith(_NO_CHANGE):
            row = mutation.start_pos[0]
            told.append(f"{module}:{row}: {operator} {mutation.operator_args or ''}: {lines[row - 1].strip()}")
    return len(items), sorted(told)


def main(arguments: list[str]) -> int:
    """Mutate the named modules or all; print the survivors and end with 1 if there are any."""
    modules = arguments or list(TESTS)
    unknown = [each for each in modules if each not in TESTS]
    if unknown:
        sys.stderr.write(f"No tests are named for {unknown[0]}; expected one of {', '.join(TESTS)}.\n")
        return 4
    found = []
    for module in modules:
        with tempfile.TemporaryDirectory(prefix="tkg-mutation-") as name:
            count, alive = survivors(module, Path(name))
        found += alive
        sys.stdout.write("".join(f"{line}\n" for line in alive))
        sys.stdout.write(f"{module}: {count} mutants, {len(alive)} survived\n")
        sys.stdout.flush()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
