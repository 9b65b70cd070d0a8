"""Prefetch of the check page by other pages: when idle, from this site alone, never on a metered connection."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from macros.site.asset_manifest import MANIFEST
from tests.support.markup import SITE_PAGES

# The test controls when the browser is idle, and its connection.
IDLE = "window.requestIdleCallback = (run, { timeout }) => Object.assign(window, { beIdle: run, latest: timeout });"
CONNECTION = "Object.defineProperty(navigator, 'connection', {{ value: {} }});"

UNKNOWN = "undefined"
GOOD = "{ saveData: false, effectiveType: '4g', type: 'wifi' }"


def prefetch_list(site: Path) -> list[str]:
    return list(json.loads((site / MANIFEST).read_text(encoding="utf-8"))["prefetch"])


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """Opens an address over a connection; returns the page and its later requests."""
    contexts = []

    def open_page(address: str, connection: str = GOOD) -> tuple[Page, list[str]]:
        context = browser.new_context(bypass_csp=True)
        contexts.append(context)
        context.add_init_script(IDLE + CONNECTION.format(connection))
        requests: list[str] = []
        page = context.new_page()
        page.goto(address)
        icon = "logo.svg"  # which browsers request at any time
        page.on("request", lambda request: None if request.url.endswith(icon) else requests.append(request.url))
        return page, requests

    yield open_page
    for context in contexts:
        context.close()


def be_idle(page: Page) -> None:
    """Run the idle callback; its requests come before the test's own `?probe`."""
    page.wait_for_function("() => Boolean(window.beIdle)")
    page.evaluate("async () => { beIdle(); await fetch('?probe'); }")


@pytest.mark.browser
def test_prefetch_list_holds_every_request_of_the_check_page(site: Path, browser: Browser, base_url: str) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    requests: set[str] = set()
    context.on("request", lambda request: requests.add(request.url.removeprefix(base_url)))
    with contextlib.ExitStack() as start:
        for name in ("snapshot/*/*/worker.js", "python.wasm", "snapshot.bin"):  # the requests of a start
            start.enter_context(page.expect_request(f"**/{name}"))
        page.goto(f"{base_url}check/")
    context.close()
    assert [name for name in prefetch_list(site) if not (site / name).exists()] == []
    frame = {path for path in requests if path.startswith(("accent/", "assets/")) and "/check" not in path}
    own = {path for path in requests if path.startswith("blob:")}  # made by the page for its worker
    assert requests - frame - own - {*prefetch_list(site)} == set()


@pytest.mark.browser
@pytest.mark.parametrize("connection", [GOOD, UNKNOWN])
def test_prefetch_runs_when_the_browser_is_idle(
    connection: str, site: Path, base_url: str, open_page: Callable[..., tuple[Page, list[str]]]
) -> None:
    page, requests = open_page(f"{base_url}policy/", connection)
    page.wait_for_function("() => Boolean(window.beIdle)")
    assert requests == []
    *others, last = (base_url + asset for asset in prefetch_list(site))
    with page.expect_request_finished(lambda request: request.url == last):
        page.evaluate("() => beIdle()")
    assert requests == [f"{base_url}{MANIFEST}", *others, last]


@pytest.mark.browser
def test_prefetch_has_a_timeout_for_a_busy_browser(
    base_url: str, open_page: Callable[..., tuple[Page, list[str]]]
) -> None:
    page, _ = open_page(f"{base_url}policy/")
    page.wait_for_function("() => Boolean(window.beIdle)")
    assert 0 < page.evaluate("() => latest") <= 15_000


@pytest.mark.browser
@pytest.mark.parametrize("name", [name for name in SITE_PAGES if name != "check/"])
def test_every_page_but_the_check_page_prefetches(
    name: str, base_url: str, open_page: Callable[..., tuple[Page, list[str]]]
) -> None:
    page, requests = open_page(base_url + name)
    be_idle(page)
    assert f"{base_url}{MANIFEST}" in requests


@pytest.mark.browser
@pytest.mark.parametrize(
    "connection",
    [
        "{ saveData: true, effectiveType: '4g' }",
        "{ effectiveType: '3g' }",
        "{ effectiveType: '2g' }",
        "{ effectiveType: 'slow-2g' }",
        "{ effectiveType: '4g', type: 'cellular' }",
    ],
)
def test_slow_or_metered_connection_prefetches_nothing(
    connection: str, base_url: str, open_page: Callable[..., tuple[Page, list[str]]]
) -> None:
    page, requests = open_page(f"{base_url}policy/", connection)
    be_idle(page)
    assert requests == [f"{base_url}policy/?probe"]


@pytest.mark.browser
def test_prefetch_ignores_other_origins(base_url: str, open_page: Callable[..., tuple[Page, list[str]]]) -> None:
    page, requests = open_page(f"{base_url}policy/")
    page.route(f"**/{MANIFEST}", lambda route: route.fulfill(json={"prefetch": ["//elsewhere.invalid/a.js", "check/"]}))
    be_idle(page)
    page.wait_for_load_state("networkidle")
    assert requests == [f"{base_url}{MANIFEST}", f"{base_url}policy/?probe"]


@pytest.mark.browser
def test_prefetch_failure_throws_no_error(base_url: str, open_page: Callable[..., tuple[Page, list[str]]]) -> None:
    page, _ = open_page(f"{base_url}policy/")
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.route(f"**/{MANIFEST}", lambda route: route.abort())
    be_idle(page)
    assert thrown == []
