"""Two policy sites on one origin: neither loses what a browser keeps of it, nor fetches it again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from checker import Policy
from checker.messages import say
from checker.policy import Example
from macros.analysis.load import load
from macros.site.offline import WORKER, write_ended
from tests.support.browser_session import Walker
from tests.support.check_page import RESULT, Customer
from tests.support.servers import Reply, keepable

pytestmark = [pytest.mark.browser, pytest.mark.deep]

BELOW = "b/"
PARTS = ("python.wasm", "memory.bin")
ACTIVE = """async (scope) => {
    const registration = (await navigator.serviceWorker.getRegistrations()).find((each) => each.scope === scope);
    return registration?.active?.state === "activated";
}"""
SCOPES = "async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope).sort()"
KEPT = """async () => {
    const kept = {};
    for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) (kept[name.split(" ")[1]] ??= []).push(url);
    }
    return Object.fromEntries(Object.entries(kept).map(([site, urls]) => [site, urls.sort()]));
}"""


class Site:
    """One of the two sites, as a customer of it sees it."""

    def __init__(self, walker: Walker, policy: Policy, folder: Path, under: str) -> None:
        self.walker, self.policy, self.folder, self.under = walker, policy, folder, under
        self.address = walker.stage.address + under
        self.case: Example = next(iter(policy.examples.values()))
        self.customer = Customer(walker, policy, self.case.today)

    def files(self) -> list[str]:
        """The addresses of all that its own sw.js keeps."""
        found = re.search(r"const FILES = ({.*?});", (self.folder / WORKER).read_text(encoding="utf-8"), re.DOTALL)
        assert found
        return sorted(self.address + name.removeprefix("./") for name in json.loads(found[1]))

    def sees_a_verdict(self) -> None:
        self.walker.open(f"{self.under}policy/")  # else the browser may stay on the page
        link = self.customer.link(self.case.answers).removeprefix(self.walker.stage.address)
        self.customer.open(self.under + link)
        self.customer.arrives(RESULT, self.case.answers)

    def sees_its_answers_again(self) -> None:
        self.walker.open(f"{self.under}policy/")
        self.customer.open(f"{self.under}check/")
        self.walker.click('[data-part="welcome"] [data-do="resume"]')
        self.customer.arrives(RESULT, self.case.answers)


@pytest.fixture
def folder(policy: Policy, site: Path, next_policy_file: Path, next_site: Path, tmp_path: Path) -> Path:
    moment = f"{next(iter(policy.examples.values())).today}T12:00:00"
    whole = keepable(site, tmp_path / "site", moment)
    keepable(next_site, whole / BELOW, moment, BELOW)
    return whole


@pytest.fixture
def walker(open_walker: Callable[..., Walker], folder: Path) -> Iterator[Walker]:
    walker = open_walker("chromium", folder)
    yield walker
    walker.wrong.clear()  # without a network, a page may miss what the browser asks for by itself


@pytest.fixture
def sites(walker: Walker, policy: Policy, next_policy_file: Path, folder: Path) -> list[Site]:
    """The one in the root, and the one below it."""
    below = Site(walker, load(next_policy_file), folder / BELOW, BELOW)
    return [Site(walker, policy, folder, ""), below]


def count_parts(walker: Walker) -> list[str]:
    """The parts that are asked for from now on, by their addresses."""
    asked: list[str] = []

    def noted(name: str) -> Callable[[Reply], Reply]:
        return lambda reply: asked.append(name) or reply  # type: ignore[func-returns-value]

    walker.stage.plays |= {f"{under}memory/*{part}": noted(under + part) for under in ("", BELOW) for part in PARTS}
    return asked


def test_visits_alternate_and_each_site_keeps_its_answers_and_its_parts(walker: Walker, sites: list[Site]) -> None:
    walker.stage.plays["frame/offline.js"] = lambda reply: Reply(type=reply.type, body=b"")
    asked: list[str] = []
    shelf = "async (name) => (await caches.has(name)) && (await (await caches.open(name)).keys()).length === 2"
    for visit in range(3):
        for site in sites:
            site.sees_its_answers_again() if visit else site.sees_a_verdict()
            walker.wait_for(shelf, f"check {site.address}")
        if not visit:
            asked = count_parts(walker)
    assert asked == []
    for site in sites:
        assert walker.evaluate(shelf, f"check {site.address}")


def test_each_site_works_without_a_network_and_a_site_that_ends_takes_back_its_own_alone(
    walker: Walker, sites: list[Site], tmp_path: Path
) -> None:
    for site in sites:
        site.sees_a_verdict()
        walker.wait_for(ACTIVE, site.address)
    asked = count_parts(walker)
    for site in (*sites, *sites):
        site.sees_a_verdict()
    assert asked == []
    assert walker.evaluate(KEPT) == {site.address: site.files() for site in sites}
    walker.stage.down = True
    for site in (*sites, *sites):
        site.sees_a_verdict()
    walker.stage.down = False
    upper = sites[0]
    write_ended(tmp_path)
    ended = (tmp_path / WORKER).read_bytes()
    walker.stage.plays = {
        f"{BELOW}{WORKER}": lambda reply: Reply(type=reply.type, body=ended),
        f"{BELOW}assets/*/frame/offline.js": lambda reply: Reply(type=reply.type, body=b""),
    }
    walker.open(f"{BELOW}policy/")
    walker.wait_for(f"async (scope) => (await ({SCOPES})()).join() === scope", upper.address)
    assert walker.evaluate(KEPT) == {upper.address: upper.files()}


def test_a_newer_version_of_the_upper_site_reloads_no_page_of_the_one_below(walker: Walker, sites: list[Site]) -> None:
    upper, below = sites
    upper.sees_a_verdict()
    walker.wait_for(ACTIVE, upper.address)
    walker.stage.plays[f"{BELOW}assets/*/frame/offline.js"] = lambda reply: Reply(type=reply.type, body=b"")
    lower = walker.window.context.new_page()  # type: ignore[attr-defined]
    lower.goto(f"{below.address}policy/")
    lower.evaluate("() => { self.untouched = true }")
    # Another sw.js, and so a newer version; the upper page takes it.
    walker.stage.plays[WORKER] = lambda reply: Reply(type=reply.type, body=reply.body + b"\n// newer")
    walker.open("policy/")
    walker.evaluate("() => { self.untouched = true }")
    walker.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update() }")
    walker.wait_for("async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting)")
    lower.evaluate("() => { document.querySelector('.newer').hidden = false }")
    with lower.expect_navigation():  # it has no worker of its own that could wait: the page alone is loaded again
        lower.get_by_role("button", name=say("newer.show")).click()
    assert walker.evaluate("async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)")
    lower.evaluate("() => { self.untouched = true }")
    walker.evaluate("() => { document.querySelector('.newer').hidden = false }")
    walker.click("button", say("newer.show"))
    walker.wait_for("() => !self.untouched")
    assert lower.evaluate("() => self.untouched")


def test_each_site_is_an_app_of_its_own(walker: Walker, sites: list[Site]) -> None:
    """A browser takes the id against the origin alone, and without one the address at which an app starts."""
    apps = []
    for site in sites:
        walker.open(site.under)
        link = "() => document.querySelector('link[rel=manifest]').href"
        manifest = walker.evaluate(f"async () => await (await fetch(({link})())).json()")
        start = urljoin(walker.evaluate(link), manifest["start_url"])
        apps.append(urljoin(urljoin(start, "/"), manifest["id"]) if "id" in manifest else start)
    assert apps == [site.address for site in sites]
