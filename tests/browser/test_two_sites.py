"""Two policy sites on one origin: each keeps its own caches, answers and service worker."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urljoin

import pytest

from checker import Policy
from checker.policy import Example
from macros.analysis.load import load
from macros.site.offline import WORKER, write_retired_worker
from tests.support.browser_session import BrowserSession
from tests.support.check_page import RESULT, CheckPage
from tests.support.overrides import prepend, record_request, replace_body
from tests.support.servers import offline_copy
from tests.support.words import say

pytestmark = [pytest.mark.browser, pytest.mark.deep]

BELOW = "b/"
PARTS = ("python.wasm", "snapshot.bin")
ACTIVE = """async (scope) => {
    const registrations = await navigator.serviceWorker.getRegistrations();
    return registrations.find((registration) => registration.scope === scope)?.active?.state === "activated";
}"""
SCOPES = "async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope).sort()"
CACHED = """async () => {
    const cached = {};
    for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) (cached[name.split(" ")[1]] ??= []).push(url);
    }
    return Object.fromEntries(Object.entries(cached).map(([site, urls]) => [site, urls.sort()]));
}"""


class Site:
    """One of the two sites, in a browser session."""

    def __init__(self, session: BrowserSession, policy: Policy, folder: Path, under: str) -> None:
        self.session, self.policy, self.folder, self.under = session, policy, folder, under
        self.address = session.server.address + under
        self.case: Example = next(iter(policy.examples.values()))
        self.check_page = CheckPage(session, policy, self.case.today, under)

    def files(self) -> list[str]:
        """The addresses of the files in its precache."""
        script = (self.folder / WORKER).read_text(encoding="utf-8")
        [files] = re.findall(r"const FILES = ({.*?});", script, re.DOTALL)
        return sorted(self.address + name.removeprefix("./") for name in json.loads(files))

    def open_result(self) -> None:
        self.check_page.open_result(self.case.answers)

    def resume(self) -> None:
        """Open the result from the stored answers."""
        self.session.open(f"{self.under}policy/")
        self.check_page.open()
        self.session.click('[data-part="welcome"] [data-do="resume"]')
        self.check_page.expect_view(RESULT, self.case.answers)


@pytest.fixture
def folder(policy: Policy, site: Path, next_policy_file: Path, next_site: Path, tmp_path: Path) -> Path:
    moment = f"{next(iter(policy.examples.values())).today}T12:00:00"
    whole = offline_copy(site, tmp_path / "site", moment)
    offline_copy(next_site, whole / BELOW, moment, BELOW)
    return whole


@pytest.fixture
def session(open_session: Callable[..., BrowserSession], folder: Path) -> Iterator[BrowserSession]:
    session = open_session("chromium", folder)
    yield session
    session.problems.clear()  # of the time without a network


@pytest.fixture
def sites(session: BrowserSession, policy: Policy, next_policy_file: Path, folder: Path) -> list[Site]:
    """The site at the root, and the one below it."""
    below = Site(session, load(next_policy_file), folder / BELOW, BELOW)
    return [Site(session, policy, folder, ""), below]


def record_parts(session: BrowserSession) -> list[str]:
    """The parts that are requested from now on."""
    requests: list[str] = []
    for under, part in product(("", BELOW), PARTS):
        session.server.overrides[f"{under}snapshot/*{part}"] = record_request(requests, under + part)
    return requests


def test_alternating_visits_keep_answers_and_parts_of_both_sites(session: BrowserSession, sites: list[Site]) -> None:
    session.server.overrides["site/idle.js"] = replace_body(b"")
    requests: list[str] = []
    has_both_parts = "async (name) => (await caches.has(name)) && (await (await caches.open(name)).keys()).length === 2"
    for visit in range(3):
        for site in sites:
            site.resume() if visit else site.open_result()
            session.wait_for(has_both_parts, f"check {site.address}")
        if not visit:
            requests = record_parts(session)
    assert requests == []
    for site in sites:
        assert session.evaluate(has_both_parts, f"check {site.address}")


def test_both_sites_work_offline_and_a_retired_one_clears_its_own_cache_alone(
    session: BrowserSession, sites: list[Site], tmp_path: Path
) -> None:
    for site in sites:
        site.open_result()
        session.wait_for(ACTIVE, site.address)
    requests = record_parts(session)
    for site in (*sites, *sites):
        site.open_result()
    assert requests == []
    assert session.evaluate(CACHED) == {site.address: site.files() for site in sites}
    session.server.down = True
    for site in (*sites, *sites):
        site.open_result()
    session.server.down = False
    upper = sites[0]
    write_retired_worker(tmp_path)
    session.server.overrides = {
        f"{BELOW}{WORKER}": replace_body((tmp_path / WORKER).read_bytes()),
        f"{BELOW}assets/*/site/idle.js": replace_body(b""),
    }
    session.open(f"{BELOW}policy/")
    session.wait_for(f"async (scope) => (await ({SCOPES})()).join() === scope", upper.address)
    assert session.evaluate(CACHED) == {upper.address: upper.files()}


def test_update_of_the_root_site_reloads_no_page_below(session: BrowserSession, sites: list[Site]) -> None:
    upper, below = sites
    upper.open_result()
    session.wait_for(ACTIVE, upper.address)
    session.server.overrides[f"{BELOW}assets/*/site/idle.js"] = replace_body(b"")
    lower = session.chromium.context.new_page()
    lower.goto(f"{below.address}policy/")
    lower.evaluate("() => { self.untouched = true }")
    # A changed sw.js is a newer version.
    session.server.overrides[WORKER] = prepend("// newer\n")
    session.open("policy/")
    session.evaluate("() => { self.untouched = true }")
    session.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update() }")
    session.wait_for("async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting)")
    lower.evaluate("() => { document.querySelector('.update-notice').hidden = false }")
    with lower.expect_navigation():  # it has no waiting worker: only the page is loaded again
        lower.get_by_role("button", name=say("update_notice.show")).click()
    assert session.evaluate("async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)")
    lower.evaluate("() => { self.untouched = true }")
    session.evaluate("() => { document.querySelector('.update-notice').hidden = false }")
    session.click("button", say("update_notice.show"))
    session.wait_for("() => !self.untouched")
    assert lower.evaluate("() => self.untouched")


def test_each_site_has_its_own_app_id(session: BrowserSession, sites: list[Site]) -> None:
    """Browsers resolve an app's id against the origin; without one, its start URL is the id."""
    apps = []
    for site in sites:
        session.open(site.under)
        link = "() => document.querySelector('link[rel=manifest]').href"
        manifest = session.evaluate(f"async () => await (await fetch(({link})())).json()")
        start = urljoin(session.evaluate(link), manifest["start_url"])
        apps.append(urljoin(urljoin(start, "/"), manifest["id"]) if "id" in manifest else start)
    assert apps == [site.address for site in sites]
