"""The site on a phone, on paper and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.markup import SITE_PAGES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def frozen_url(frozen_site: Path, serve: Callable[[Path], str]) -> str:
    """The address of the frozen policy's site."""
    return serve(frozen_site)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
    yield context.new_page()
    context.close()


def test_home_page_fits_one_phone_screen(phone: Page, frozen_url: str) -> None:
    phone.goto(frozen_url)
    for selector in ("h1", ".card:last-child", ".button--main", "article .button:not(.button--main)", ".version"):
        box = phone.locator(selector).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 740, selector


@pytest.mark.parametrize("name", SITE_PAGES)
def test_narrow_screen_never_scrolls_sideways(name: str, phone: Page, base_url: str) -> None:
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(base_url + name)
    phone.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert phone.evaluate("document.documentElement.scrollWidth") == 320


def test_printed_page_is_black_on_white_with_rules_open(browser: Browser, frozen_url: str) -> None:
    context = browser.new_context(color_scheme="dark", bypass_csp=True)
    page = context.new_page()
    page.goto(f"{frozen_url}policy/")
    page.emulate_media(media="print")
    assert not page.locator("header").is_visible()
    assert page.locator(".applied ul").first.is_visible()
    places = "[...document.querySelectorAll('h3 .headerlink')].map(a => getComputedStyle(a, '::after').content)"
    assert [place.strip('"') for place in page.evaluate(places)] == [
        f"#{place}" for place in page.locator("h3[id]").evaluate_all("all => all.map(({ id }) => id)")
    ]
    colours = "getComputedStyle(document.querySelector('.reading__label')).color"
    assert page.evaluate(colours) == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()


def test_not_found_page_works_at_any_depth(phone: Page, base_url: str, site: Path) -> None:
    """Hosts send this page for unknown addresses at any depth: its styles and links must work there."""
    wrong = f"{base_url}no/such/place/"
    phone.route(wrong, lambda route: route.fulfill(path=site / "404.html", status=404))
    missing: list[str] = []
    phone.on("response", lambda response: missing.append(response.url) if response.status == 404 else None)
    phone.goto(wrong, wait_until="load")
    assert missing == [wrong]
    phone.locator("article a.button").click()
    assert phone.url == base_url


def test_forced_colours_apply_to_timelines(browser: Browser, frozen_url: str) -> None:
    context = browser.new_context(forced_colors="active", color_scheme="light", bypass_csp=True)
    page = context.new_page()
    page.goto(f"{frozen_url}policy/")
    fill, expected = page.evaluate("""() => {
        const probe = document.body.appendChild(document.createElement("p"));
        probe.style.color = "LinkText";
        const bar = document.querySelector(".timeline__bar--open");
        return [getComputedStyle(bar).fill, getComputedStyle(probe).color];
    }""")
    assert fill == expected
    context.close()


def test_home_page_buttons_are_44_pixels_high(phone: Page, base_url: str) -> None:
    phone.goto(base_url)
    for link in phone.locator("article .button").all():
        box = link.bounding_box()
        assert box
        assert box["height"] >= 44


def test_site_is_readable_without_javascript(browser: Browser, base_url: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(base_url)
    page.get_by_role("link", name="table").click()
    expect(page.locator(".decisions tbody tr").nth(1)).to_be_visible()
    assert not page.locator(".md-header__button[for=__search]").is_visible()
    context.close()
