"""The site without a network, and across a new version: whatever comes from where, a page and its verdict agree."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from checker import Policy
from checker.policy import Example
from macros.analysis.load import load
from macros.site.offline import WORKER, precache, write_retired_worker
from tests.support.browser_session import ACTIVE, BrowserSession
from tests.support.browsers import DEEP_BUT_CHROMIUM
from tests.support.check_page import RESULT, CheckPage
from tests.support.counts import RecordCounts
from tests.support.markup import SITE_PAGES
from tests.support.page_faults import FAULTS
from tests.support.servers import SAVING, Play, Reply, keepable
from tests.support.words import in_words, say

pytestmark = pytest.mark.browser

OFFER = ".update-notice"
WAITING = "async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting)"
CACHES = """async () => {
    const named = (await caches.keys()).map(async (name) => [name, (await (await caches.open(name)).keys()).length]);
    return Object.fromEntries(await Promise.all(named));
}"""


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the site, as browsers may keep it."""

    policy: Policy
    folder: Path
    case: Example

    def files(self) -> int:
        """How many files a device keeps of it."""
        return len(precache(self.folder))

    def foot(self) -> str:
        """What each of its pages says at its foot."""
        return say("pages.version", version=self.policy.version, date=in_words(self.policy.valid_from))

    def stamp(self) -> str:
        """What each of its verdicts says of itself."""
        valid_from = in_words(self.policy.valid_from)
        return say("result.stamp", today=in_words(self.case.today), version=self.policy.version, valid_from=valid_from)


def version(policy: Policy, site: Path, to: Path) -> Version:
    case = next(iter(policy.examples.values()))
    return Version(policy=policy, folder=keepable(site, to, f"{case.today}T12:00:00"), case=case)


@pytest.fixture(scope="module")
def old(policy: Policy, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Version:
    return version(policy, site, tmp_path_factory.mktemp("old") / "site")


@pytest.fixture(scope="module")
def new(next_policy_file: Path, next_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Version:
    return version(load(next_policy_file), next_site, tmp_path_factory.mktemp("new") / "site")


@pytest.fixture
def visit(open_session: Callable[..., BrowserSession], old: Version) -> Iterator[Callable[..., BrowserSession]]:
    """Opens the old version in a browser; what goes wrong while there is no network is no mistake of a page."""
    sessions = []

    def visit(kind: str = "chromium") -> BrowserSession:
        sessions.append(open_session(kind, old.folder))
        return sessions[-1]

    yield visit
    for session in sessions:
        session.wrong.clear()


def keeps(session: BrowserSession, page: str = "policy/") -> None:
    """Visit the site once, until the browser has kept it."""
    session.open(page)
    session.wait_for(ACTIVE)


def sees_a_verdict(session: BrowserSession, version: Version) -> None:
    """Open a worked example; see that page and verdict are of the same version, which is this one."""
    check_page = CheckPage(session, version.policy, version.case.today)
    session.open("cases/")
    check_page.open(check_page.link(version.case.answers))
    check_page.arrives(RESULT, version.case.answers)
    is_of(session, version)


def is_of(session: BrowserSession, version: Version) -> None:
    """What stands on the page, and what the checker says, are of this version."""
    foot, stamp = session.see(".md-copyright p"), session.see(".check-stamp")
    assert (version.foot() in foot, stamp) == (True, version.stamp())


def instead(old: str, new: str) -> Play:
    """Play a file with something else in it."""

    def play(reply: Reply) -> Reply:
        assert old.encode() in reply.body
        return Reply(type=reply.type, body=reply.body.replace(old.encode(), new.encode()))

    return play


# ---- without a network


@pytest.mark.parametrize("kind", DEEP_BUT_CHROMIUM)
def test_site_works_offline_after_one_visit(
    kind: str, visit: Callable[..., BrowserSession], old: Version, record_counts: RecordCounts
) -> None:
    session = visit(kind)
    keeps(session)
    session.server.down = True
    for page in SITE_PAGES:
        session.open(page)
        assert session.see("h1")
        assert old.foot() in session.see(".md-copyright p")
    sees_a_verdict(session, old)
    record_counts({"pages opened without a network": len(SITE_PAGES)})


def test_offline_copy_stores_the_runtime_once(visit: Callable[..., BrowserSession], old: Version) -> None:
    session = visit()
    asked: list[Reply] = []
    check_page = CheckPage(session, old.policy, old.case.today)
    check_page.open(check_page.link(old.case.answers))
    session.wait_for(ACTIVE)
    session.server.plays = {name: lambda reply: asked.append(reply) or reply for name in ("*.wasm", "snapshot.bin")}
    sees_a_verdict(session, old)
    counts = session.evaluate(CACHES)
    assert sorted(counts.values()) == [0, old.files()]
    assert asked == []


@pytest.mark.parametrize("fault", ["500", "hung up"])
def test_page_that_the_host_fails_to_send_comes_from_the_offline_cache(
    visit: Callable[..., BrowserSession], old: Version, fault: str
) -> None:
    session = visit()
    keeps(session)
    session.server.plays["check/"] = FAULTS[fault]
    sees_a_verdict(session, old)


def test_slow_page_comes_from_the_offline_cache(visit: Callable[..., BrowserSession], old: Version) -> None:
    session = visit()
    [patience] = re.findall(r"const TIMEOUT = (\d+);", (old.folder / WORKER).read_text(encoding="utf-8"))
    assert int(patience) < 10_000
    session.server.plays[WORKER] = instead(f"TIMEOUT = {patience}", "TIMEOUT = 50")
    keeps(session)
    held = threading.Event()
    session.server.plays["check/"] = lambda reply: reply if held.wait(60) else None
    sees_a_verdict(session, old)
    held.set()


# ---- whole or not at all


def test_precache_stores_a_whole_version_or_nothing(visit: Callable[..., BrowserSession], old: Version) -> None:
    session = visit()
    empty = Reply(type="text/html", body=b"<!doctype html><head></head>")  # a page that asks for no file by itself
    session.server.headers, session.server.plays = {}, {"404.html": lambda reply: empty}
    session.open("404.html")
    tried = {}
    names = list(precache(old.folder))
    faults = {name: fault for name, fault in FAULTS.items() if name != "wrong MIME"}  # which is the host's own
    installs = """async () => {
        const { installing } = await navigator.serviceWorker.register("sw.js");
        await new Promise((resolve) => (installing.onstatechange = resolve));
        return [installing.state, await caches.keys()];
    }"""
    for index, name in enumerate(names):
        fault = [*faults][index % len(faults)]
        session.server.plays = {name.removeprefix("./") or "": faults[fault]}
        assert session.evaluate(installs) == ["redundant", []], (name, fault)
        tried[name] = fault
    assert tried


def test_metered_connection_stores_nothing_offline(visit: Callable[..., BrowserSession], new: Version) -> None:
    """Neither at the first visit nor, of a newer version, later on."""
    session = visit()
    session.server.plays["walk.js"] = lambda reply: Reply(type=reply.type, body=SAVING.encode() + reply.body)
    session.server.plays["site/idle.js"] = instead("run().catch(() => {})", "run().finally(() => (self.idle = true))")
    session.open("policy/")
    session.wait_for("() => self.idle")
    assert session.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    session.server.plays = {}
    keeps(session)
    before = session.evaluate(CACHES)
    session.server.deploy(new.folder)
    session.server.plays[WORKER] = lambda reply: Reply(type=reply.type, body=SAVING.encode() + reply.body)
    state = """async () => {
        const registration = await navigator.serviceWorker.getRegistration();
        const found = new Promise((resolve) => (registration.onupdatefound = () => resolve(registration.installing)));
        registration.update().catch(() => {});
        const worker = await found;
        await new Promise((resolve) => (worker.onstatechange = resolve));
        return worker.state;
    }"""
    assert session.evaluate(state) == "redundant"
    assert session.evaluate(CACHES) == before


# ---- a newer version


def test_update_notice_switches_all_tabs_to_the_new_version(
    visit: Callable[..., BrowserSession], old: Version, new: Version
) -> None:
    session = visit()
    keeps(session)
    sees_a_verdict(session, old)
    other: Page = session.window.context.new_page()  # type: ignore[attr-defined]
    other.goto(f"{session.server.address}policy/")
    session.server.deploy(new.folder)
    session.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update() }")
    session.wait_for(WAITING)
    is_of(session, old)
    assert session.sees(OFFER) == []
    session.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert session.see(OFFER).startswith(say("update_notice.text"))
    is_of(session, old)
    assert old.foot() in other.locator(".md-copyright p").inner_text()
    session.click("button", say("update_notice.show"))
    other.locator(".md-copyright").get_by_text(new.foot()).wait_for()
    session.wait_for("(foot) => document.querySelector('.md-copyright p').innerText.includes(foot)", new.foot())
    sees_a_verdict(session, new)
    session.server.down = True
    sees_a_verdict(session, new)
    assert sorted(session.evaluate(CACHES).values())[-1] == new.files()
    assert [name for name in session.evaluate(CACHES) if name.startswith("site ")] == [
        f"site {session.server.address} {number_of(new)}"
    ]


def number_of(version: Version) -> str:
    [number] = re.findall(r'const VERSION = "(\w+)";', (version.folder / WORKER).read_text(encoding="utf-8"))
    return number


def test_page_and_verdict_are_of_one_version_before_an_update(
    visit: Callable[..., BrowserSession], old: Version, new: Version
) -> None:
    """The network has the new one while the device keeps the old one, and each comes whole."""
    session = visit()
    keeps(session)
    session.server.deploy(new.folder)
    sees_a_verdict(session, new)
    session.server.down = True
    sees_a_verdict(session, old)
    session.server.down = False
    sees_a_verdict(session, new)
    with pytest.raises(AssertionError):  # another would be seen
        is_of(session, old)


@pytest.mark.parametrize("kind", ["chromium", "firefox"])
def test_tab_without_offline_cache_keeps_its_version_and_shows_the_update_notice(
    kind: str, visit: Callable[..., BrowserSession], old: Version, new: Version
) -> None:
    session = visit(kind)
    session.server.plays[WORKER] = FAULTS["404"]
    check_page = CheckPage(session, old.policy, old.case.today)
    check_page.open()
    first = check_page.way(old.case.answers)[0]
    check_page.click_answer(first, str(old.case.answers[first]))
    session.wait_for("() => document.querySelectorAll('.check-answers dd').length > 0")
    session.server.deploy(new.folder)
    check_page.follow(check_page.link(old.case.answers))
    check_page.arrives(RESULT, old.case.answers)
    is_of(session, old)
    session.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    session.click("button", say("update_notice.show"))
    session.wait_for("(foot) => document.querySelector('.md-copyright p').innerText.includes(foot)", new.foot())
    sees_a_verdict(session, new)


def test_stale_page_gets_no_verdict_of_another_version(
    visit: Callable[..., BrowserSession], old: Version, new: Version
) -> None:
    """All that it needs is gone from the host."""
    session = visit()
    session.server.deploy(new.folder)
    stale = (old.folder / "check" / "index.html").read_bytes()
    session.server.plays["check/"] = lambda reply: Reply(type=reply.type, body=stale)
    session.open("check/")
    assert old.foot() in session.see(".md-copyright p")
    assert session.see('[data-notice="failed"] a') == say("page.cases")
    assert session.sees('[data-view="check-result"]') == []


# ---- the way back


def test_retired_service_worker_clears_the_offline_cache(
    visit: Callable[..., BrowserSession], old: Version, tmp_path: Path
) -> None:
    session = visit()
    keeps(session)
    write_retired_worker(tmp_path)
    ended = (tmp_path / WORKER).read_bytes()
    session.server.plays[WORKER] = lambda reply: Reply(type=reply.type, body=ended)
    session.server.plays["site/offline.js"] = FAULTS["404"]
    session.open("check/")
    session.wait_for("async () => !(await navigator.serviceWorker.getRegistrations()).length")
    assert session.evaluate(CACHES) == {}
