"""Another page of the origin can change what a browser keeps of the site: none of that runs or is shown."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error

from checker import Policy
from macros.site.offline import kept
from tests.support.browser_session import ACTIVE, Walker
from tests.support.check_page import RESULT, Customer
from tests.support.servers import keepable, note

pytestmark = [pytest.mark.browser, pytest.mark.deep]

PARTS = ("python.wasm", "memory.bin")
SHELF = """async (shelf) => {
    if (!await caches.has(shelf)) return [];
    return (await (await caches.open(shelf)).keys()).map(({ url }) => url.split("/").at(-1)).sort();
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
def customer(chromium_walker: Walker, policy: Policy) -> Customer:
    return Customer(chromium_walker, policy, next(iter(policy.examples.values())).today)


def sees_a_verdict(customer: Customer) -> None:
    case = next(iter(customer.policy.examples.values()))
    customer.walker.open("policy/")  # else the browser would stay on the page, as only its fragment differs
    customer.open(customer.link(case.answers))
    customer.arrives(RESULT, case.answers)


def shelf_of(customer: Customer, address: str | None = None) -> str:
    return f"check {address or customer.walker.stage.address}"


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "text", [None, "", "\0asm\1\0\0\0", "<!doctype html>"], ids=["a bit", "empty", "other", "page"]
)
def test_a_part_that_was_changed_on_the_shelf_is_dropped_and_fetched_anew(
    customer: Customer, part: str, text: str | None
) -> None:
    walker = customer.walker
    sees_a_verdict(customer)
    walker.wait_for(f"async (shelf) => (await ({SHELF})(shelf)).length === 2", shelf_of(customer))
    asked: list[str] = []
    walker.stage.plays = {name: note(asked, name) for name in (*PARTS, "pyodide.mjs")}
    sees_a_verdict(customer)
    assert asked == []
    assert walker.evaluate(SPOIL, part, text) == 1
    sees_a_verdict(customer)
    assert asked == [part]
    walker.wait_for(f"async (shelf) => (await ({SHELF})(shelf)).length === 2", shelf_of(customer))
    sees_a_verdict(customer)
    assert asked == [part]
    assert walker.evaluate(SPOILT) == []


@pytest.fixture
def kept_site(site: Path, policy: Policy, tmp_path: Path) -> Path:
    """The site as a browser can keep it."""
    return keepable(site, tmp_path / "site", f"{next(iter(policy.examples.values())).today}T12:00:00")


def test_what_was_changed_in_an_offline_copy_is_never_served(
    open_walker: Callable[..., Walker], policy: Policy, kept_site: Path
) -> None:
    """With a network the right bytes come in its place, and are kept; without one there is none of it."""
    walker = open_walker("chromium", kept_site)
    customer = Customer(walker, policy, next(iter(policy.examples.values())).today)
    sees_a_verdict(customer)
    walker.wait_for(ACTIVE)
    ran = "self.ran = true;"
    for name in ("main.js", "colours.js", "memory.bin", "python.wasm", "check/", "cases/", "policy/", "bundle.json"):
        text = f"<!doctype html><h1>Changed</h1><script>{ran}</script>" if name.endswith("/") else ran
        assert walker.evaluate(SPOIL, name, text) >= 1, name
    sees_a_verdict(customer)
    assert walker.evaluate("() => self.ran") is None
    walker.stage.down = True
    walker.evaluate("() => caches.keys()")
    for page in ("check/", "cases/", "policy/"):
        with contextlib.suppress(Error):  # a page that is dropped is none
            walker.open(page)
        assert "Changed" not in walker.evaluate("() => document.documentElement?.textContent ?? ''")
        assert walker.evaluate("() => self.ran") is None
    walker.stage.down = False
    sees_a_verdict(customer)
    # What was dropped is there again. What nobody asked for is still spoilt: it is dropped when somebody does.
    walker.wait_for(f"async (number) => (await ({NUMBER})()) === number", len(kept(kept_site)))
    walker.stage.down = True
    sees_a_verdict(customer)
    walker.wrong.clear()  # while there was no network
