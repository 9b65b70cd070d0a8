"""Other pages of the origin can change the site's caches: nothing changed is run or shown."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error

from checker import Policy
from macros.site.offline import precache
from tests.support.browser_session import ACTIVE, BrowserSession
from tests.support.check_page import CheckPage
from tests.support.overrides import record_request
from tests.support.servers import offline_copy

pytestmark = [pytest.mark.browser, pytest.mark.deep]

PARTS = ("python.wasm", "snapshot.bin")
CACHED = """async (cache) => {
    if (!await caches.has(cache)) return [];
    return (await (await caches.open(cache)).keys()).map(({ url }) => url.split("/").at(-1)).sort();
}"""

# Changes a file in every cache: to a text, or else by one bit. Returns the number of changed files.
CHANGE = """async (name, text) => {
    let changed = 0;
    for (const cacheName of await caches.keys()) {
        const cache = await caches.open(cacheName);
        for (const request of await cache.keys()) {
            if (!request.url.endsWith(name)) continue;
            const { headers } = await cache.match(request);
            const bytes = new Uint8Array(await (await cache.match(request)).arrayBuffer());
            bytes[bytes.length >> 1] ^= 1;
            await cache.put(request, new Response(text ?? bytes, { headers }));
            changed += 1;
        }
    }
    return changed;
}"""

# The names of cached files that differ from those of the server.
CHANGED = """async () => {
    const changed = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const [ours, theirs] = await Promise.all([cache.match(request), fetch(request, { cache: "reload" })]);
            const [one, other] = await Promise.all([ours.text(), theirs.text()]);
            if (one !== other) changed.push(request.url);
        }
    }
    return changed;
}"""

# The number of files in the offline cache.
COUNT = """async () => {
    const name = (await caches.keys()).find((name) => name.startsWith("site "));
    return (await (await caches.open(name)).keys()).length;
}"""


@pytest.fixture
def check_page(chromium_session: BrowserSession, policy: Policy) -> CheckPage:
    return CheckPage(chromium_session, policy, next(iter(policy.examples.values())).today)


def open_result(check_page: CheckPage) -> None:
    check_page.open_result(next(iter(check_page.policy.examples.values())).answers)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "text", [None, "", "\0asm\1\0\0\0", "<!doctype html>"], ids=["a bit", "empty", "other", "page"]
)
def test_changed_part_in_cache_is_dropped_and_fetched_again(check_page: CheckPage, part: str, text: str | None) -> None:
    session = check_page.session
    cache = f"check {session.server.address}"
    has_both_parts = f"async (cache) => (await ({CACHED})(cache)).length === 2"
    open_result(check_page)
    session.wait_for(has_both_parts, cache)
    requests: list[str] = []
    session.server.overrides = {name: record_request(requests, name) for name in (*PARTS, "pyodide.mjs")}
    open_result(check_page)
    assert requests == []
    assert session.evaluate(CHANGE, part, text) == 1
    open_result(check_page)
    assert requests == [part]
    session.wait_for(has_both_parts, cache)
    open_result(check_page)
    assert requests == [part]
    assert session.evaluate(CHANGED) == []


@pytest.fixture
def offline_site(site: Path, policy: Policy, tmp_path: Path) -> Path:
    """A copy of the site for tests of its offline cache."""
    return offline_copy(site, tmp_path / "site", f"{next(iter(policy.examples.values())).today}T12:00:00")


def test_changed_file_of_offline_copy_is_never_served(
    open_session: Callable[..., BrowserSession], policy: Policy, offline_site: Path
) -> None:
    """With a network the right bytes replace it; without one the file is missing."""
    session = open_session("chromium", offline_site)
    check_page = CheckPage(session, policy, next(iter(policy.examples.values())).today)
    open_result(check_page)
    session.wait_for(ACTIVE)
    ran = "self.ran = true;"
    for name in (
        "main.js",
        "notices.js",
        "snapshot.bin",
        "python.wasm",
        "check/",
        "cases/",
        "policy/",
        "bundle.json",
    ):
        text = f"<!doctype html><h1>Changed</h1><script>{ran}</script>" if name.endswith("/") else ran
        assert session.evaluate(CHANGE, name, text) >= 1, name
    open_result(check_page)
    assert session.evaluate("() => self.ran") is None
    session.server.down = True
    session.evaluate("() => caches.keys()")
    for page in ("check/", "cases/", "policy/"):
        with contextlib.suppress(Error):  # a page that was dropped from the cache is an error
            session.open(page)
        assert "Changed" not in session.evaluate("() => document.documentElement?.textContent ?? ''")
        assert session.evaluate("() => self.ran") is None
    session.server.down = False
    open_result(check_page)
    # Dropped files are there again. Changed files that were not requested stay until they are.
    session.wait_for(f"async (number) => (await ({COUNT})()) === number", len(precache(offline_site)))
    session.server.down = True
    open_result(check_page)
    session.problems.clear()  # of the time without a network
