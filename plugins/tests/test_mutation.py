"""What the list of changes that make no difference says is still about the code."""

from __future__ import annotations

import ast
import re

import pytest
import yaml

from plugins.tests.mutants import inside
from plugins.tests.mutation import EQUIVALENT, ROOT, TESTS, equivalent

LISTED = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8"))


def test_only_modules_that_are_mutated_are_listed() -> None:
    assert LISTED.keys() <= TESTS.keys()


@pytest.mark.parametrize("module", LISTED)
def test_each_listed_line_is_in_the_function_that_is_named(module: str) -> None:
    text = (ROOT / module).read_text(encoding="utf-8")
    tree = ast.parse(text)
    lines = {(inside(tree, row), line.strip()) for row, line in enumerate(text.splitlines(), start=1)}
    for (where, code, became), why in equivalent(module).items():
        assert (where, code) in lines
        assert became != code
        assert re.search(r"\.$", why)


def test_every_module_has_tests_to_be_mutated_with() -> None:
    assert [path for tests in TESTS.values() for path in tests if not (ROOT / path).is_file()] == []
