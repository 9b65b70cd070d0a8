"""The site without a network, and across a new version: a page and its verdict are always of one version."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from checker import Policy
from checker.policy import Example
from macros.analysis.load import load
from macros.site.offline import WORKER, precache, write_retired_worker
from tests.support.browser_session import ACTIVE, BrowserSession
from tests.support.browsers import DEEP_BUT_CHROMIUM
from tests.support.check_page import RESULT, CheckPage
from tests.support.markup import SITE_PAGES
from tests.support.overrides import FAULTS, hold, prepend, record_request, replace_body, replace_text
from tests.support.servers import SAVING, Reply, offline_copy
from tests.support.words import in_words, say

pytestmark = pytest.mark.browser

UPDATE_NOTICE = ".update-notice"
WAITING = "async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting)"
CACHES = """async () => {
    const named = (await caches.keys()).map(async (name) => [name, (await (await caches.open(name)).keys()).length]);
    return Object.fromEntries(await Promise.all(named));
}"""


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the site with an offline cache."""

    policy: Policy
    folder: Path
    case: Example

    def files(self) -> int:
        """The number of files in its precache."""
        return len(precache(self.folder))

    def foot(self) -> str:
        """The line in the footer of each page."""
        return say("pages.version", version=self.policy.version, date=in_words(self.policy.valid_from))

    def stamp(self) -> str:
        """The stamp of each verdict."""
        valid_from = in_words(self.policy.valid_from)
        return say("result.stamp", today=in_words(self.case.today), version=self.policy.version, valid_from=valid_from)


def version(policy: Policy, site: Path, to: Path) -> Version:
    case = next(iter(policy.examples.values()))
    return Version(policy=policy, folder=offline_copy(site, to, f"{case.today}T12:00:00"), case=case)


@pytest.fixture(scope="module")
def old(policy: Policy, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Version:
    return version(policy, site, tmp_path_factory.mktemp("old") / "site")


@pytest.fixture(scope="module")
def new(next_policy_file: Path, next_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Version:
    return version(load(next_policy_file), next_site, tmp_path_factory.mktemp("new") / "site")


@pytest.fixture
def visit(open_session: Callable[..., BrowserSession], old: Version) -> Iterator[Callable[..., BrowserSession]]:
    """Opens the old version in a browser; problems of the time without a network are ignored."""
    sessions = []

    def visit(kind: str = "chromium") -> BrowserSession:
        sessions.append(open_session(kind, old.folder))
        return sessions[-1]

    yield visit
    for session in sessions:
        session.problems.clear()


def visit_until_cached(session: BrowserSession, page: str = "policy/") -> None:
    """Open a page, and wait until its service worker is active."""
    session.open(page)
    session.wait_for(ACTIVE)


def expect_verdict(session: BrowserSession, version: Version) -> None:
    """Open a worked example, and check that page and verdict are of this version."""
    check_page = CheckPage(session, version.policy, version.case.today)
    check_page.open_result(version.case.answers)
    expect_version(session, version)


def expect_version(session: BrowserSession, version: Version) -> None:
    """Check the version of the page and of its verdict."""
    foot, stamp = session.expect_visible(".foot__version"), session.expect_visible(".check-stamp")
    assert (version.foot() in foot, stamp) == (True, version.stamp())


# ---- without a network


@pytest.mark.parametrize("kind", DEEP_BUT_CHROMIUM)
def test_site_works_offline_after_one_visit(kind: str, visit: Callable[..., BrowserSession], old: Version) -> None:
    session = visit(kind)
    visit_until_cached(session)
    session.server.down = True
    for page in SITE_PAGES:
        session.open(page)
        assert session.expect_visible("h1")
        assert old.foot() in session.expect_visible(".foot__version")
    expect_verdict(session, old)


@pytest.mark.parametrize("kind", DEEP_BUT_CHROMIUM)
def test_other_addresses_lead_to_our_own_pages_without_a_network(
    kind: str, visit: Callable[..., BrowserSession], old: Version
) -> None:
    session = visit(kind)
    visit_until_cached(session)
    session.server.down = True
    for address in ("check", "policy", "policy/index.html", "policy/?utm_source=mail", "check?utm_source=mail"):
        session.open(address)
        assert old.foot() in session.expect_visible(".foot__version"), address
        assert session.visible_texts("h1") != [say("title.404")], address
        assert session.evaluate("() => Boolean(document.querySelector('link[rel=stylesheet]').sheet)"), address
    for address in ("nowhere", "policy/nowhere/at/all", "check/nowhere"):
        session.open(address)
        assert session.expect_visible("h1") == say("title.404"), address
        assert session.evaluate("() => Boolean(document.querySelector('link[rel=stylesheet]').sheet)"), address


def test_offline_copy_stores_the_runtime_once(visit: Callable[..., BrowserSession], old: Version) -> None:
    session = visit()
    requests: list[str] = []
    check_page = CheckPage(session, old.policy, old.case.today)
    check_page.open(check_page.link(old.case.answers))
    session.wait_for(ACTIVE)
    session.server.overrides = {name: record_request(requests, name) for name in ("*.wasm", "snapshot.bin")}
    expect_verdict(session, old)
    counts = session.evaluate(CACHES)
    assert sorted(counts.values()) == [0, old.files()]
    assert requests == []


@pytest.mark.parametrize("fault", ["500", "hung up"])
def test_page_that_the_host_fails_to_send_comes_from_the_offline_cache(
    visit: Callable[..., BrowserSession], old: Version, fault: str
) -> None:
    session = visit()
    visit_until_cached(session)
    session.server.overrides["check/"] = FAULTS[fault]
    expect_verdict(session, old)


def test_slow_page_comes_from_the_offline_cache(visit: Callable[..., BrowserSession], old: Version) -> None:
    session = visit()
    [patience] = re.findall(r"const TIMEOUT = (\d+);", (old.folder / WORKER).read_text(encoding="utf-8"))
    assert int(patience) < 10_000
    session.server.overrides[WORKER] = replace_text(f"TIMEOUT = {patience}", "TIMEOUT = 50")
    visit_until_cached(session)
    released = threading.Event()
    session.server.overrides["check/"] = hold(released)
    expect_verdict(session, old)
    released.set()


# ---- all or nothing


def test_precache_stores_a_whole_version_or_nothing(visit: Callable[..., BrowserSession], old: Version) -> None:
    session = visit()
    empty = Reply(type="text/html", body=b"<!doctype html><head></head>")  # a page that requests no other file
    session.server.headers = {"Cache-Control": "no-store"}  # no file comes from an earlier install
    session.server.overrides = {"404.html": lambda reply: empty}
    session.open("404.html")
    tested = {}
    faults = {name: fault for name, fault in FAULTS.items() if name != "wrong MIME"}
    installs = """async () => {
        const { installing } = await navigator.serviceWorker.register("sw.js");
        await new Promise((resolve) => (installing.onstatechange = resolve));
        return [installing.state, await caches.keys()];
    }"""
    for index, name in enumerate(precache(old.folder)):
        fault = [*faults][index % len(faults)]
        session.server.overrides = {name.removeprefix("./") or "": faults[fault]}
        assert session.evaluate(installs) == ["redundant", []], (name, fault)
        tested[name] = fault
    assert tested


def test_metered_connection_stores_nothing_offline(visit: Callable[..., BrowserSession], new: Version) -> None:
    """Neither at the first visit nor when there is a newer version."""
    session = visit()
    session.server.overrides["browser_session.js"] = prepend(SAVING)
    session.server.overrides["site/idle.js"] = replace_text(
        "prepareForLater().catch(() => {})", "prepareForLater().finally(() => (self.idle = true))"
    )
    session.open("policy/")
    session.wait_for("() => self.idle")
    assert session.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    session.server.overrides = {}
    visit_until_cached(session)
    before = session.evaluate(CACHES)
    session.server.deploy(new.folder)
    session.server.overrides[WORKER] = prepend(SAVING)
    state = """async () => {
        const registration = await navigator.serviceWorker.getRegistration();
        const update = new Promise((resolve) => (registration.onupdatefound = resolve));
        registration.update().catch(() => {});
        await update;
        const worker = registration.installing;
        await new Promise((resolve) => (worker.onstatechange = resolve));
        return worker.state;
    }"""
    assert session.evaluate(state) == "redundant"
    assert session.evaluate(CACHES) == before


# ---- slow and metered connections


@pytest.fixture
def metered(visit: Callable[..., BrowserSession]) -> BrowserSession:
    """A session over a metered connection, in its pages and its service worker."""
    session = visit()
    session.server.lets_cache = True
    session.server.overrides = {"browser_session.js": prepend(SAVING), WORKER: prepend(SAVING)}
    return session


def sent_twice(session: BrowserSession) -> list[str]:
    """The files that were requested more than once. Browsers ask for sw.js by themselves."""
    counts = Counter(path for path in session.server.requests if path != f"/{WORKER}")
    return [path for path, count in counts.items() if count > 1]


def test_metered_connection_keeps_what_was_used_and_sends_nothing_twice(metered: BrowserSession, old: Version) -> None:
    session = metered
    session.open("policy/")
    check_page = CheckPage(session, old.policy, old.case.today)
    check_page.open(check_page.link(old.case.answers).replace("#", "?utm_source=mail#"))
    check_page.expect_view(RESULT, old.case.answers)
    session.wait_for(ACTIVE)
    assert sent_twice(session) == []
    session.open("about/")
    session.wait_for("async () => Boolean(await caches.match(location.href))")
    assert sent_twice(session) == []
    not_asked_for = ["", "cases/", "data/", "examples/", "proof/", "rules/", "icon-512.png"]
    assert [name for name in session.server.requests if name.removeprefix("/") in not_asked_for] == []
    session.server.down = True
    for page in ("about/", "policy/", "check/"):
        session.open(page)
        assert old.foot() in session.expect_visible(".foot__version"), page
        assert session.evaluate("() => Boolean(document.querySelector('link[rel=stylesheet]').sheet)"), page
    expect_verdict(session, old)
    check_page.open()
    session.open("nowhere")
    assert session.expect_visible("h1") == say("title.404")


def test_metered_connection_keeps_a_new_version_once_it_was_used(
    metered: BrowserSession, old: Version, new: Version
) -> None:
    session = metered
    expect_verdict(session, old)
    session.wait_for(ACTIVE)
    before = session.evaluate(CACHES)
    session.server.deploy(new.folder)
    session.server.requests.clear()
    update = "async () => (await navigator.serviceWorker.getRegistration()).update().then(() => true, () => false)"
    session.evaluate(update)
    session.wait_for("async () => !(await navigator.serviceWorker.getRegistration()).installing")
    assert {name: count for name, count in session.evaluate(CACHES).items() if count} == {
        name: count for name, count in before.items() if count
    }
    assert [path for path in session.server.requests if path != f"/{WORKER}"] == []
    check_page = CheckPage(session, new.policy, new.case.today)
    session.open("about/")
    check_page.open(check_page.link(new.case.answers))
    check_page.expect_view(RESULT, new.case.answers)
    session.wait_for(f"async () => (await ({update})()) && ({WAITING})()")
    assert sent_twice(session) == []
    session.server.down = True
    expect_verdict(session, old)
    session.evaluate("async () => (await navigator.serviceWorker.getRegistration()).waiting.postMessage('show')")
    session.wait_for("(foot) => document.querySelector('.foot__version').innerText.includes(foot)", new.foot())
    check_page.expect_view(RESULT, new.case.answers)
    expect_version(session, new)


# ---- a newer version


def test_update_notice_switches_all_tabs_to_the_new_version(
    visit: Callable[..., BrowserSession], old: Version, new: Version
) -> None:
    session = visit()
    visit_until_cached(session)
    expect_verdict(session, old)
    other = session.chromium.context.new_page()
    other.goto(f"{session.server.address}policy/")
    session.server.deploy(new.folder)
    session.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update() }")
    session.wait_for(WAITING)
    expect_version(session, old)
    assert session.visible_texts(UPDATE_NOTICE) == []
    session.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert session.expect_visible(UPDATE_NOTICE).startswith(say("update_notice.text"))
    expect_version(session, old)
    assert old.foot() in other.locator(".foot__version").inner_text()
    session.click("button", say("update_notice.show"))
    other.locator(".foot").get_by_text(new.foot()).wait_for()
    session.wait_for("(foot) => document.querySelector('.foot__version').innerText.includes(foot)", new.foot())
    expect_verdict(session, new)
    session.server.down = True
    expect_verdict(session, new)
    assert sorted(session.evaluate(CACHES).values())[-1] == new.files()
    assert [name for name in session.evaluate(CACHES) if name.startswith("site ")] == [
        f"site {session.server.address} {number_of(new)}"
    ]


def number_of(version: Version) -> str:
    [number] = re.findall(r'const VERSION = "(\w+)";', (version.folder / WORKER).read_text(encoding="utf-8"))
    return str(number)


def test_page_and_verdict_are_of_one_version_before_an_update(
    visit: Callable[..., BrowserSession], old: Version, new: Version
) -> None:
    """The server has the new version while the cache holds the old one."""
    session = visit()
    visit_until_cached(session)
    session.server.deploy(new.folder)
    expect_verdict(session, new)
    session.server.down = True
    expect_verdict(session, old)
    session.server.down = False
    expect_verdict(session, new)
    with pytest.raises(AssertionError):  # the check can fail
        expect_version(session, old)


@pytest.mark.parametrize("kind", ["chromium", "firefox"])
def test_tab_without_offline_cache_keeps_its_version_and_shows_the_update_notice(
    kind: str, visit: Callable[..., BrowserSession], old: Version, new: Version
) -> None:
    session = visit(kind)
    session.server.overrides[WORKER] = FAULTS["404"]
    check_page = CheckPage(session, old.policy, old.case.today)
    check_page.open()
    check_page.click_first_answer(old.case.answers)
    session.wait_for("() => document.querySelectorAll('.check-answers dd').length > 0")
    session.server.deploy(new.folder)
    check_page.follow_link(check_page.link(old.case.answers))
    check_page.expect_view(RESULT, old.case.answers)
    expect_version(session, old)
    session.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    session.click("button", say("update_notice.show"))
    session.wait_for("(foot) => document.querySelector('.foot__version').innerText.includes(foot)", new.foot())
    expect_verdict(session, new)


def test_stale_page_gets_no_verdict_of_another_version(
    visit: Callable[..., BrowserSession], old: Version, new: Version
) -> None:
    """The files that it needs are gone from the host."""
    session = visit()
    session.server.deploy(new.folder)
    session.server.overrides["check/"] = replace_body((old.folder / "check" / "index.html").read_bytes())
    session.open("check/")
    assert old.foot() in session.expect_visible(".foot__version")
    assert session.expect_visible('[data-notice="updated"] a[href$="cases/"]') == say("page.cases")
    assert session.visible_texts('[data-view="check-result"]') == []


# ---- retiring the service worker


def test_retired_service_worker_clears_the_offline_cache(
    visit: Callable[..., BrowserSession], old: Version, tmp_path: Path
) -> None:
    session = visit()
    visit_until_cached(session)
    write_retired_worker(tmp_path)
    session.server.overrides[WORKER] = replace_body((tmp_path / WORKER).read_bytes())
    session.server.overrides["site/idle.js"] = FAULTS["404"]
    session.open("check/")
    session.wait_for("async () => !(await navigator.serviceWorker.getRegistrations()).length")
    assert session.evaluate(CACHES) == {}
