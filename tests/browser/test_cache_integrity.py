"""Another page of the origin can change what a browser keeps of the site: none of that runs or is shown."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error

from checker import Policy
from macros.site.offline import precache
from tests.support.browser_session import ACTIVE, BrowserSession
from tests.support.check_page import RESULT, CheckPage
from tests.support.servers import keepable, note

pytestmark = [pytest.mark.browser, pytest.mark.deep]

PARTS = ("python.wasm", "snapshot.bin")
CACHE = """async (cache) => {
    if (!await caches.has(cache)) return [];
    return (await (await caches.open(cache)).keys()).map(({ url }) => url.split("/").at(-1)).sort();
}"""

# Gives a part, in each cache that has it, other bytes: those of the first argument, or its own with one bit turned.
SPOIL = """async (name, text) => {
    let spoilt = 0;
    for (const each of await caches.keys()) {
        const cache = await caches.open(each);
        for (const request of await cache.keys()) {
            if (!request.url.endsWith(name)) continue;
            const { headers } = await cache.match(request);
            const bytes = new Uint8Array(await (await cache.match(request)).arrayBuffer());
            bytes[bytes.length >> 1] ^= 1;
            await cache.put(request, new Response(text ?? bytes, { headers }));
            spoilt += 1;
        }
    }
    return spoilt;
}"""

# The name of each file in the caches whose bytes are not those that the network has.
SPOILT = """async () => {
    const spoilt = [];
    for (const each of await caches.keys()) {
        const cache = await caches.open(each);
        for (const request of await cache.keys()) {
            const [ours, theirs] = await Promise.all([cache.match(request), fetch(request, { cache: "reload" })]);
            const [one, other] = await Promise.all([ours.text(), theirs.text()]);
            if (one !== other) spoilt.push(request.url);
        }
    }
    return spoilt;
}"""

# How many files the offline copy has.
NUMBER = """async () => {
    const name = (await caches.keys()).find((name) => name.startsWith("site "));
    return (await (await caches.open(name)).keys()).length;
}"""


@pytest.fixture
def check_page(chromium_session: BrowserSession, policy: Policy) -> CheckPage:
    return CheckPage(chromium_session, policy, next(iter(policy.examples.values())).today)


def sees_a_verdict(check_page: CheckPage) -> None:
    case = next(iter(check_page.policy.examples.values()))
    check_page.session.open("policy/")  # else the browser would stay on the page, as only its fragment differs
    check_page.open(check_page.link(case.answers))
    check_page.arrives(RESULT, case.answers)


def cache_of(check_page: CheckPage, address: str | None = None) -> str:
    return f"check {address or check_page.session.server.address}"


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "text", [None, "", "\0asm\1\0\0\0", "<!doctype html>"], ids=["a bit", "empty", "other", "page"]
)
def test_changed_part_in_cache_is_dropped_and_fetched_again(check_page: CheckPage, part: str, text: str | None) -> None:
    session = check_page.session
    sees_a_verdict(check_page)
    session.wait_for(f"async (cache) => (await ({CACHE})(cache)).length === 2", cache_of(check_page))
    asked: list[str] = []
    session.server.plays = {name: note(asked, name) for name in (*PARTS, "pyodide.mjs")}
    sees_a_verdict(check_page)
    assert asked == []
    assert session.evaluate(SPOIL, part, text) == 1
    sees_a_verdict(check_page)
    assert asked == [part]
    session.wait_for(f"async (cache) => (await ({CACHE})(cache)).length === 2", cache_of(check_page))
    sees_a_verdict(check_page)
    assert asked == [part]
    assert session.evaluate(SPOILT) == []


@pytest.fixture
def kept_site(site: Path, policy: Policy, tmp_path: Path) -> Path:
    """The site as a browser can keep it."""
    return keepable(site, tmp_path / "site", f"{next(iter(policy.examples.values())).today}T12:00:00")


def test_changed_file_of_offline_copy_is_never_served(
    open_session: Callable[..., BrowserSession], policy: Policy, kept_site: Path
) -> None:
    """With a network the right bytes come in its place, and are kept; without one there is none of it."""
    session = open_session("chromium", kept_site)
    check_page = CheckPage(session, policy, next(iter(policy.examples.values())).today)
    sees_a_verdict(check_page)
    session.wait_for(ACTIVE)
    ran = "self.ran = true;"
    for name in (
        "main.js",
        "colour_scheme.js",
        "snapshot.bin",
        "python.wasm",
        "check/",
        "cases/",
        "policy/",
        "bundle.json",
    ):
        text = f"<!doctype html><h1>Changed</h1><script>{ran}</script>" if name.endswith("/") else ran
        assert session.evaluate(SPOIL, name, text) >= 1, name
    sees_a_verdict(check_page)
    assert session.evaluate("() => self.ran") is None
    session.server.down = True
    session.evaluate("() => caches.keys()")
    for page in ("check/", "cases/", "policy/"):
        with contextlib.suppress(Error):  # a page that is dropped is none
            session.open(page)
        assert "Changed" not in session.evaluate("() => document.documentElement?.textContent ?? ''")
        assert session.evaluate("() => self.ran") is None
    session.server.down = False
    sees_a_verdict(check_page)
    # What was dropped is there again. What nobody asked for is still spoilt: it is dropped when somebody does.
    session.wait_for(f"async (number) => (await ({NUMBER})()) === number", len(precache(kept_site)))
    session.server.down = True
    sees_a_verdict(check_page)
    session.wrong.clear()  # while there was no network
