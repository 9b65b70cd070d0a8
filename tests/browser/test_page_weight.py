"""Pages are small and stable: bytes and scripts of a first view, layout shifts, colours, and Lighthouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browsers.chromium import find_chromium
from tests.support.lighthouse import CATEGORIES, all_pages, file_of, looked_at, public_pages, weights
from tests.support.markup import SITE_PAGES, soup
from tests.support.servers import SAVING
from tests.support.words import say

BUDGETS = {"customers": 25_000, "editors": 40_000}
"""Bytes of a first view in each frame: HTML, styles, scripts and pictures, compressed with brotli."""

SHIFTS = """
    window.shifts = 0;
    new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) shifts += value;
    }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def open_page(browser: Browser, base_url: str) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """Opens a page of the site on a phone; returns it and the paths of its requests."""
    contexts = []

    def open_page(
        name: str, until: Literal["load", "networkidle"] = "networkidle", **options: object
    ) -> tuple[Page, list[str]]:
        context = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_init_script(SAVING + SHIFTS)
        requests: list[str] = []

        def note(address: SplitResult) -> None:
            if address.scheme != "blob":  # made by the page for its worker
                requests.append(address.path.removeprefix("/"))

        context.on("request", lambda request: note(urlsplit(request.url)))
        page = context.new_page()
        page.on("pageerror", lambda error: requests.append(f"thrown: {error}"))
        page.goto(base_url + name, wait_until=until)
        return page, requests

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.browser
@pytest.mark.parametrize("name", [*SITE_PAGES, "404.html"])
def test_first_view_stays_within_the_byte_budget(
    name: str, site: Path, open_page: Callable[..., tuple[Page, list[str]]]
) -> None:
    _, requests = open_page(name)
    own = [path for path in requests if not path.startswith(("runtime/", "checker/", "snapshot/"))]
    assert name in own
    assert own == requests or name == "check/"  # no other page carries the runtime
    sizes = dict(zip(own, weights([file_of(site, path) for path in own]), strict=True))
    assert sum(sizes.values()) <= BUDGETS["customers" if name in public_pages(site) else "editors"], sizes


@pytest.mark.browser
@pytest.mark.parametrize("name", [*SITE_PAGES, "404.html"])
def test_page_load_shifts_no_layout(name: str, open_page: Callable[..., tuple[Page, list[str]]]) -> None:
    page, _ = open_page(name, until="load")  # later, the notice of a late checker may appear on a busy machine
    assert page.evaluate("shifts") == 0


def test_every_image_has_width_and_height(draft_site: Path) -> None:
    pictures = [picture for page in all_pages(draft_site) for picture in soup(file_of(draft_site, page)).select("img")]
    assert pictures
    assert [str(picture) for picture in pictures if not (picture.get("width") and picture.get("height"))] == []


def test_inline_scripts_are_trusted_types_worker_start_and_colours_alone(draft_site: Path) -> None:
    wanted = {"trusted types": "createScriptURL", "worker start": "new Worker", "colours": "dark-Colours"}
    for page in all_pages(draft_site):
        scripts = soup(file_of(draft_site, page)).select("script:not([src], [type='application/json'])")
        names = [name for name in wanted if page == "check/" or name != "worker start"]
        assert len(scripts) == len(names), page
        assert all(wanted[name] in str(script) for name, script in zip(names, scripts, strict=True)), page


@pytest.mark.deep
@pytest.mark.browser
def test_lighthouse_gives_every_page_full_scores(site: Path, start_browser: Callable[[str], object]) -> None:
    start_browser("chromium")  # skips the test where there is none
    pages = all_pages(site)
    scores = looked_at(site, find_chromium() or "", CATEGORIES, pages)
    best = {category: {"score": 100, "wrong": []} for category in CATEGORIES}
    assert scores == dict.fromkeys(pages, best)


@pytest.mark.deep
@pytest.mark.browser
def test_lighthouse_finds_faults_planted_in_a_page(tmp_path: Path, start_browser: Callable[[str], object]) -> None:
    start_browser("chromium")
    (tmp_path / "index.html").write_text(
        "<!doctype html><title>Spoilt</title><p>No<script>missing()</script>", encoding="utf-8"
    )
    [scores] = looked_at(tmp_path, find_chromium() or "", CATEGORIES, [""]).values()
    assert [category for category in CATEGORIES if scores[category]["score"] == 100] == []


# ---- colours


@pytest.mark.browser
@pytest.mark.parametrize(("liked", "other"), [("dark", "light"), ("light", "dark")])
@pytest.mark.parametrize(("name", "next_page"), [("", "editors/"), ("editors/", "about/")])
def test_colours_follow_the_device_until_the_reader_switches(
    name: str, next_page: str, liked: str, other: str, open_page: Callable[..., tuple[Page, list[str]]], base_url: str
) -> None:
    page, _ = open_page(name, color_scheme=liked)
    scheme = "getComputedStyle(document.documentElement).colorScheme"
    switch = page.locator(".colours button")
    assert (page.evaluate(scheme), switch.inner_text()) == (liked, say(f"frame.{other}"))
    switch.click()
    assert (page.evaluate(scheme), switch.inner_text()) == (other, say(f"frame.{liked}"))
    page.goto(base_url + next_page)
    assert page.evaluate(scheme) == other
    page.emulate_media(media="print")
    assert page.evaluate(scheme) == "light"
    page.emulate_media(media="screen")
    switch.press("Enter")
    assert page.evaluate(scheme) == liked


@pytest.mark.browser
@pytest.mark.parametrize("name", ["", "editors/"])
def test_device_that_changes_its_colours_changes_the_page(
    name: str, open_page: Callable[..., tuple[Page, list[str]]]
) -> None:
    page, _ = open_page(name, color_scheme="light")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert page.locator(".colours button").inner_text() == say("frame.light")
