"""Whatever a site calls its objects: every format can be read back, and shows the name instead of obeying it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
import yaml
from hypothesis import assume, given, settings
from markdown_it import MarkdownIt

from reports.tests.hostile import ANY_TEXT, PIECES, run_with
from reports.tests.htmlpage import parsed
from tkg_conformance.reports import results_json
from tkg_conformance.reports.markdown_text import escaped, escaped_in_html
from tkg_conformance.reports.printable import one_line, printable
from tkg_conformance.reports.protocol import rendered, renderers

HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe]"
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SETTINGS = settings(deadline=None, derandomize=True, max_examples=60)


def text_of(name: str, text: str) -> str:
    content = rendered(renderers(())[name], run_with(text))
    assert isinstance(content, str)
    return content


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from (*texts_in(key), *texts_in(each))
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("name", [name for name in renderers(()) if name != "json"])
def test_no_format_holds_a_character_that_moves_a_cursor_or_turns_a_line(name: str) -> None:
    content = text_of(name, "".join(PIECES))
    assert not HARMFUL.search(content.replace("\r\n", "\n") if name == "csv" else content)


@SETTINGS
@given(ANY_TEXT)
def test_json_gives_back_what_it_was_made_of(text: str) -> None:
    assert results_json.loads(text_of("json", text).encode("utf-8", "backslashreplace")) == run_with(text)


@SETTINGS
@given(ANY_TEXT)
def test_junit_is_xml_whose_structure_no_name_changes(text: str) -> None:
    root, plain = fromstring(text_of("junit", text)), fromstring(text_of("junit", "x"))  # noqa: S314
    assert [each.tag for each in root.iter()] == [each.tag for each in plain.iter()]
    failure = next(root.iter("failure" if root.find(".//failure") is not None else "skipped"))
    assert one_line(text) in (failure.get("message") or "")


@SETTINGS
@given(ANY_TEXT)
def test_csv_holds_every_name_in_one_cell_that_is_no_formula(text: str) -> None:
    lines = list(csv.reader(io.StringIO(text_of("csv", text), newline="")))
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines) == 5
    cells = [cell for line in lines for cell in line]
    assert not [cell for cell in cells if cell.startswith(FORMULA)]
    assert {cell.removeprefix("'") for cell in cells} >= {one_line(text)}


@SETTINGS
@given(ANY_TEXT)
def test_yaml_holds_every_name_as_text(text: str) -> None:
    document = yaml.safe_load(text_of("yaml", text))
    assert document["implementation"]["site"] == printable(text)
    assert document["implementation"]["versions"] == {printable(text): printable(text)}
    plain = yaml.safe_load(text_of("yaml", "x"))
    assert len(list(texts_in(document))) == len(list(texts_in(plain)))


@SETTINGS
@given(ANY_TEXT)
def test_html_gets_no_element_and_no_attribute_from_a_name(text: str) -> None:
    page, plain = parsed(text_of("html", text)), parsed(text_of("html", "x"))
    assert page.elements.keys() <= plain.elements.keys()
    assert page.attributes.keys() <= plain.attributes.keys()
    assert [link for link in page.links if not link.startswith("#")] == []


def shape(markdown: str) -> list[str]:
    """Its blocks and inline elements, without the comments that keep references apart."""
    found = [each for block in MARKDOWN.parse(markdown) for each in (block, *(block.children or ()))]
    kinds = [f"{each.type} {each.content if each.type.startswith('html') else ''}".strip() for each in found]
    return [kind for kind in kinds if kind != "html_inline <!-- -->" and not kind.startswith("text")]


@SETTINGS
@given(ANY_TEXT)
def test_markdown_has_the_same_shape_whatever_a_name_is(text: str) -> None:
    assume(one_line(text))
    assert shape(text_of("markdown", text)) == shape(text_of("markdown", "x"))


@settings(deadline=None, derandomize=True, max_examples=500)
@given(ANY_TEXT)
def test_escaped_text_renders_as_itself_and_refers_to_nothing(text: str) -> None:
    inline = [each for each in MARKDOWN.parse(escaped(text)) if each.children]
    rendered = "".join(
        each.content for block in inline for each in block.children or () if each.type.startswith("text")
    )
    assert rendered == one_line(text)
    source = escaped(text)
    assert not re.search(r"(?i)@\w|#\w|gh-\d|(https?|ftp|mailto|xmpp):/?\w|www\.\w|:[a-z]\w*:", source)
    in_html = fromstring(f"<summary>{escaped_in_html(text)}</summary>")  # noqa: S314
    assert "".join(in_html.itertext()) == one_line(text)


def test_markdown_makes_no_rule_of_a_name_that_is_empty() -> None:
    assert "hr" not in shape(text_of("markdown", " "))
