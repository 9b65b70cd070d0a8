"""The frame in a browser: without scripts, at any depth, on paper, and narrow for editors too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.markup import SITE_PAGES
from tests.support.words import say

pytestmark = pytest.mark.browser

EDITORS_PAGES = ("editors/", "editing/", "data/", "proof/")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", SITE_PAGES)
def test_narrow_screen_never_scrolls_sideways(name: str, phone: Page, base_url: str) -> None:
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(base_url + name)
    phone.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert phone.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("name", [*SITE_PAGES, "404.html"])
def test_notices_are_hidden_until_they_are_needed(name: str, phone: Page, base_url: str) -> None:
    phone.goto(base_url + name)
    assert phone.locator(".notices :visible").count() == 0
    phone.evaluate("document.querySelector('.update-notice').hidden = false")
    expect(phone.locator(".notices").get_by_text(say("update_notice.text"))).to_be_visible()


@pytest.mark.parametrize("name", EDITORS_PAGES)
def test_editors_page_is_printed_black_on_white_without_its_menus(name: str, browser: Browser, base_url: str) -> None:
    context = browser.new_context(color_scheme="dark", bypass_csp=True)
    page = context.new_page()
    page.goto(base_url + name)
    page.emulate_media(media="print")
    for hidden in (".top nav", ".contents", ".colours", ".foot__links"):
        assert not page.locator(hidden).is_visible()
    colours = "(name) => { const { color, backgroundColor } = getComputedStyle(document.querySelector(name)); "
    assert page.evaluate(f"{colours} return [color, backgroundColor]; }}", "body") == [
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    ]
    assert page.evaluate(f"{colours} return color; }}", "h1") == "rgb(0, 0, 0)"
    context.close()


def test_not_found_page_works_at_any_depth(phone: Page, base_url: str, site: Path) -> None:
    """Hosts send this page for unknown addresses at any depth: its styles and links must work there."""
    wrong = f"{base_url}no/such/place/"
    phone.route(wrong, lambda route: route.fulfill(path=site / "404.html", status=404))
    missing: list[str] = []
    phone.on("response", lambda response: missing.append(response.url) if response.status == 404 else None)
    phone.goto(wrong, wait_until="load")
    assert missing == [wrong]
    phone.locator("main a.button").click()
    assert phone.url == base_url


def test_site_is_readable_without_javascript(browser: Browser, base_url: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(base_url)
    page.get_by_role("navigation", name=say("frame.menu")).get_by_role("link", name=say("frame.cases")).click()
    expect(page.locator("main .mark").nth(1)).to_be_visible()
    assert not page.locator(".colours").is_visible()
    assert page.locator(".notices :visible").count() == 0
    context.close()
