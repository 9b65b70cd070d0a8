"""Two policy sites on one origin: neither loses what a browser keeps of it, nor fetches it again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from checker import Policy
from checker.policy import Example
from macros.analysis.load import load
from macros.site.offline import WORKER, write_retired_worker
from tests.support.browser_session import BrowserSession
from tests.support.check_page import RESULT, CheckPage
from tests.support.servers import Reply, keepable
from tests.support.words import say

pytestmark = [pytest.mark.browser, pytest.mark.deep]

BELOW = "b/"
PARTS = ("python.wasm", "snapshot.bin")
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

    def __init__(self, session: BrowserSession, policy: Policy, folder: Path, under: str) -> None:
        self.session, self.policy, self.folder, self.under = session, policy, folder, under
        self.address = session.server.address + under
        self.case: Example = next(iter(policy.examples.values()))
        self.check_page = CheckPage(session, policy, self.case.today)

    def files(self) -> list[str]:
        """The addresses of all that its own sw.js keeps."""
        found = re.search(r"const FILES = ({.*?});", (self.folder / WORKER).read_text(encoding="utf-8"), re.DOTALL)
        assert found
        return sorted(self.address + name.removeprefix("./") for name in json.loads(found[1]))

    def sees_a_verdict(self) -> None:
        self.session.open(f"{self.under}policy/")  # else the browser may stay on the page
        link = self.check_page.link(self.case.answers).removeprefix(self.session.server.address)
        self.check_page.open(self.under + link)
        self.check_page.arrives(RESULT, self.case.answers)

    def sees_its_answers_again(self) -> None:
        self.session.open(f"{self.under}policy/")
        self.check_page.open(f"{self.under}check/")
        self.session.click('[data-part="welcome"] [data-do="resume"]')
        self.check_page.arrives(RESULT, self.case.answers)


@pytest.fixture
def folder(policy: Policy, site: Path, next_policy_file: Path, next_site: Path, tmp_path: Path) -> Path:
    moment = f"{next(iter(policy.examples.values())).today}T12:00:00"
    whole = keepable(site, tmp_path / "site", moment)
    keepable(next_site, whole / BELOW, moment, BELOW)
    return whole


@pytest.fixture
def session(open_session: Callable[..., BrowserSession], folder: Path) -> Iterator[BrowserSession]:
    session = open_session("chromium", folder)
    yield session
    session.wrong.clear()  # without a network, a page may miss what the browser asks for by itself


@pytest.fixture
def sites(session: BrowserSession, policy: Policy, next_policy_file: Path, folder: Path) -> list[Site]:
    """The one in the root, and the one below it."""
    below = Site(session, load(next_policy_file), folder / BELOW, BELOW)
    return [Site(session, policy, folder, ""), below]


def count_parts(session: BrowserSession) -> list[str]:
    """The parts that are asked for from now on, by their addresses."""
    asked: list[str] = []

    def noted(name: str) -> Callable[[Reply], Reply]:
        return lambda reply: asked.append(name) or reply  # type: ignore[func-returns-value]

    session.server.plays |= {f"{under}snapshot/*{part}": noted(under + part) for under in ("", BELOW) for part in PARTS}
    return asked


def test_alternating_visits_keep_answers_and_parts_of_both_sites(session: BrowserSession, sites: list[Site]) -> None:
    session.server.plays["site/offline.js"] = lambda reply: Reply(type=reply.type, body=b"")
    asked: list[str] = []
    cached = "async (name) => (await caches.has(name)) && (await (await caches.open(name)).keys()).length === 2"
    for visit in range(3):
        for site in sites:
            site.sees_its_answers_again() if visit else site.sees_a_verdict()
            session.wait_for(cached, f"check {site.address}")
        if not visit:
            asked = count_parts(session)
    assert asked == []
    for site in sites:
        assert session.evaluate(cached, f"check {site.address}")


def test_both_sites_work_offline_and_a_retired_one_clears_its_own_cache_alone(
    session: BrowserSession, sites: list[Site], tmp_path: Path
) -> None:
    for site in sites:
        site.sees_a_verdict()
        session.wait_for(ACTIVE, site.address)
    asked = count_parts(session)
    for site in (*sites, *sites):
        site.sees_a_verdict()
    assert asked == []
    assert session.evaluate(KEPT) == {site.address: site.files() for site in sites}
    session.server.down = True
    for site in (*sites, *sites):
        site.sees_a_verdict()
    session.server.down = False
    upper = sites[0]
    write_retired_worker(tmp_path)
    ended = (tmp_path / WORKER).read_bytes()
    session.server.plays = {
        f"{BELOW}{WORKER}": lambda reply: Reply(type=reply.type, body=ended),
        f"{BELOW}assets/*/site/offline.js": lambda reply: Reply(type=reply.type, body=b""),
    }
    session.open(f"{BELOW}policy/")
    session.wait_for(f"async (scope) => (await ({SCOPES})()).join() === scope", upper.address)
    assert session.evaluate(KEPT) == {upper.address: upper.files()}


def test_update_of_the_root_site_reloads_no_page_below(session: BrowserSession, sites: list[Site]) -> None:
    upper, below = sites
    upper.sees_a_verdict()
    session.wait_for(ACTIVE, upper.address)
    session.server.plays[f"{BELOW}assets/*/site/offline.js"] = lambda reply: Reply(type=reply.type, body=b"")
    lower = session.window.context.new_page()  # type: ignore[attr-defined]
    lower.goto(f"{below.address}policy/")
    lower.evaluate("() => { self.untouched = true }")
    # Another sw.js, and so a newer version; the upper page takes it.
    session.server.plays[WORKER] = lambda reply: Reply(type=reply.type, body=reply.body + b"\n// newer")
    session.open("policy/")
    session.evaluate("() => { self.untouched = true }")
    session.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update() }")
    session.wait_for("async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting)")
    lower.evaluate("() => { document.querySelector('.update-notice').hidden = false }")
    with lower.expect_navigation():  # it has no worker of its own that could wait: the page alone is loaded again
        lower.get_by_role("button", name=say("update_notice.show")).click()
    assert session.evaluate("async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)")
    lower.evaluate("() => { self.untouched = true }")
    session.evaluate("() => { document.querySelector('.update-notice').hidden = false }")
    session.click("button", say("update_notice.show"))
    session.wait_for("() => !self.untouched")
    assert lower.evaluate("() => self.untouched")


def test_each_site_has_its_own_app_id(session: BrowserSession, sites: list[Site]) -> None:
    """A browser takes the id against the origin alone, and without one the address at which an app starts."""
    apps = []
    for site in sites:
        session.open(site.under)
        link = "() => document.querySelector('link[rel=manifest]').href"
        manifest = session.evaluate(f"async () => await (await fetch(({link})())).json()")
        start = urljoin(session.evaluate(link), manifest["start_url"])
        apps.append(urljoin(urljoin(start, "/"), manifest["id"]) if "id" in manifest else start)
    assert apps == [site.address for site in sites]
