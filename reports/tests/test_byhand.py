"""By-hand commands are shown so that what is copied is what was meant."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tkg_conformance.reports.byhand import command_lines, commands, how_to_read

WORDS = st.lists(
    st.sampled_from(["kubectl", "get", "-o", "'a b; c'", 'x="y z"', "long-" * 12, "'{\"\\n\"}'"]), min_size=1
)


@given(st.lists(WORDS, min_size=1, max_size=3), st.integers(min_value=10, max_value=90))
def test_folded_lines_are_the_same_command_to_a_shell(written: list[list[str]], width: int) -> None:
    text = "; ".join(" ".join(words) for words in written)
    shown = "\n".join(command_lines(text, width)).replace("\\\n", " ")
    assert [shlex.split(line) for line in shown.splitlines()] == [shlex.split(each) for each in commands(text)]


def test_a_semicolon_in_quotes_ends_nothing() -> None:
    assert commands("kubectl get x -o go='{{a; b}}'; govc ls") == ["kubectl get x -o go='{{a; b}}'", "govc ls"]
    assert commands("") == []
    assert command_lines("", 80) == []


@pytest.mark.parametrize(
    ("witness", "said"),
    [
        ("kubectl get nodes", "kubectl without a context asks the workload cluster."),
        ("kubectl --context MGMT get cluster", "MGMT is the management cluster's context."),
        ("grep x my.yaml", "Run beside the files concerned."),
        ("", ""),
    ],
)
def test_hints_are_those_that_the_command_needs(witness: str, said: str) -> None:
    assert how_to_read(witness) == said


def test_names_of_the_site_are_told_from_literal_text() -> None:
    assert "Words in capitals" in how_to_read("govc find /DC/vm/FOLDER")
    assert "Words in capitals" not in how_to_read("kubectl get nodes -o custom-columns='NODE:.metadata.name'")
