"""The report in a browser: no accessibility rule is violated, nothing is too wide, filters work without scripts.

Runs where Chromium and the packages of the extra `look` are there: `tox -e look`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reports.tests import sample
from reports.tests.large import large_results
from tkg_conformance.reports.html import HtmlRenderer
from tkg_conformance.reports.records import Results

playwright = pytest.importorskip("playwright.sync_api", reason="the extra `look` is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `look` is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH")

PAGES: dict[str, Callable[[], Results]] = {**sample.SAMPLES, "large": lambda: large_results(200, broken=10)}
SIZES = {"phone": (390, 844), "laptop": (1366, 768)}

# The package `playwright` has types, but is not there where types are checked.
Opened = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Opened]:
    """Open a report in a window of its own; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def open_(results: Results, size: str = "laptop", **options: Any) -> Any:
        path = tmp_path / "report.html"
        path.write_bytes(HtmlRenderer().render(results).encode("utf-8", "backslashreplace"))
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize(("name", "scheme"), [*((name, "light") for name in PAGES), ("every-verdict", "dark")])
def test_no_accessibility_rule_is_violated(name: str, scheme: str, opened: Opened) -> None:
    page = opened(PAGES[name](), color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    found = axe.Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found] == []


def test_the_page_of_a_proof_violates_none_either(opened: Opened) -> None:
    page = opened(sample.every_verdict())
    page.goto((Path(__file__).parent / "golden-proof/proof.html").as_uri())
    assert [each["id"] for each in axe.Axe().run(page).response["violations"]] == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_the_screen(name: str, size: str, opened: Opened) -> None:
    page = opened(PAGES[name](), size)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == SIZES[size][0]


def test_the_first_screen_of_a_laptop_ends_below_the_first_cause(opened: Opened) -> None:
    page = opened(sample.every_verdict())
    box = page.locator(".cause .do").first.bounding_box()
    assert box["y"] + box["height"] <= SIZES["laptop"][1]


def test_filters_work_without_scripts(opened: Opened) -> None:
    page = opened(sample.every_verdict(), java_script_enabled=False)
    assert not page.locator("#search").is_visible()
    page.select_option("#filter-verdict", label="FAIL")
    assert page.locator("#ZONE-3").is_visible()
    assert not page.locator("#ZONE-1").is_visible()
    page.click("form.filter button")
    page.select_option("#filter-area", label="identity")
    assert not page.locator("#ZONE-3").is_visible()
    assert page.locator("#IDENT-7").is_visible()
    page.click("form.filter button")
    page.select_option("#filter-scope", label="dev/wl2")
    assert page.locator("#ZONE-8 .row:visible").count() == 1
    page.select_option("#filter-scope", label="all")
    page.select_option("#filter-level", label="live")
    assert [each.get_attribute("id") for each in page.locator(".entry:visible").all()] == ["ZONE-13", "IDENT-14"]


def test_the_search_finds_words_and_links_lead_out_of_it(opened: Opened) -> None:
    page = opened(sample.every_verdict())
    page.fill("#search", "region CATEGORIES")
    assert [each.get_attribute("id") for each in page.locator(".entry:visible").all()] == ["ZONE-1"]
    assert page.locator("#shown").inner_text() == "1 of 12 requirements"
    assert not page.locator("#area-identity").is_visible()
    page.locator(".cause a.id").first.click()
    assert page.locator("#ZONE-3").is_visible()
    assert page.locator("#search").input_value() == ""


def test_the_drawing_is_enlarged_without_scripts(opened: Opened) -> None:
    page = opened(sample.every_verdict(), java_script_enabled=False)
    before = page.locator(".site-map").bounding_box()["width"]
    page.check("#zoom-larger")
    assert page.locator(".site-map").bounding_box()["width"] > 2 * before


def test_paper_shows_what_the_screen_folds(opened: Opened) -> None:
    page = opened(sample.every_verdict(), java_script_enabled=False)
    folded = page.locator("#ZONE-8 .fold dd").first
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    assert not page.locator("form.filter").is_visible()
