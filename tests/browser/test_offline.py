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
from checker.messages import say
from checker.policy import Example
from checker.values.durations import in_words
from macros.analysis.load import load
from macros.site.offline import WORKER, kept, write_ended
from tests.support.browser_session import ACTIVE, Walker
from tests.support.browsers import DEEP_BUT_CHROMIUM
from tests.support.check_page import RESULT, Customer
from tests.support.counts import RecordCounts
from tests.support.markup import SITE_PAGES
from tests.support.page_faults import FAULTS
from tests.support.servers import SAVING, Play, Reply, keepable

pytestmark = pytest.mark.browser

OFFER = ".newer"
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
        return len(kept(self.folder))

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
def visit(open_walker: Callable[..., Walker], old: Version) -> Iterator[Callable[..., Walker]]:
    """Opens the old version in a browser; what goes wrong while there is no network is no mistake of a page."""
    walkers = []

    def visit(kind: str = "chromium") -> Walker:
        walkers.append(open_walker(kind, old.folder))
        return walkers[-1]

    yield visit
    for walker in walkers:
        walker.wrong.clear()


def keeps(walker: Walker, page: str = "policy/") -> None:
    """Visit the site once, until the browser has kept it."""
    walker.open(page)
    walker.wait_for(ACTIVE)


def sees_a_verdict(walker: Walker, version: Version) -> None:
    """Open a worked example; see that page and verdict are of the same version, which is this one."""
    customer = Customer(walker, version.policy, version.case.today)
    walker.open("cases/")
    customer.open(customer.link(version.case.answers))
    customer.arrives(RESULT, version.case.answers)
    is_of(walker, version)


def is_of(walker: Walker, version: Version) -> None:
    """What stands on the page, and what the checker says, are of this version."""
    foot, stamp = walker.see(".md-copyright p"), walker.see(".check-stamp")
    assert (version.foot() in foot, stamp) == (True, version.stamp())


def instead(old: str, new: str) -> Play:
    """Play a file with something else in it."""

    def play(reply: Reply) -> Reply:
        assert old.encode() in reply.body
        return Reply(type=reply.type, body=reply.body.replace(old.encode(), new.encode()))

    return play


# ---- without a network


@pytest.mark.parametrize("kind", DEEP_BUT_CHROMIUM)
def test_after_one_visit_every_page_and_the_checker_work_without_a_network(
    kind: str, visit: Callable[..., Walker], old: Version, record_counts: RecordCounts
) -> None:
    walker = visit(kind)
    keeps(walker)
    walker.stage.down = True
    for page in SITE_PAGES:
        walker.open(page)
        assert walker.see("h1")
        assert old.foot() in walker.see(".md-copyright p")
    sees_a_verdict(walker, old)
    record_counts({"pages opened without a network": len(SITE_PAGES)})


def test_what_the_checker_starts_from_is_kept_once(visit: Callable[..., Walker], old: Version) -> None:
    walker = visit()
    asked: list[Reply] = []
    customer = Customer(walker, old.policy, old.case.today)
    customer.open(customer.link(old.case.answers))
    walker.wait_for(ACTIVE)
    walker.stage.plays = {name: lambda reply: asked.append(reply) or reply for name in ("*.wasm", "memory.bin")}
    sees_a_verdict(walker, old)
    counts = walker.evaluate(CACHES)
    assert sorted(counts.values()) == [0, old.files()]
    assert asked == []


@pytest.mark.parametrize("fault", ["500", "hung up"])
def test_a_page_that_the_host_cannot_give_comes_from_the_device(
    visit: Callable[..., Walker], old: Version, fault: str
) -> None:
    walker = visit()
    keeps(walker)
    walker.stage.plays["check/"] = FAULTS[fault]
    sees_a_verdict(walker, old)


def test_a_page_that_takes_long_comes_from_the_device(visit: Callable[..., Walker], old: Version) -> None:
    walker = visit()
    [patience] = re.findall(r"const PATIENCE = (\d+);", (old.folder / WORKER).read_text(encoding="utf-8"))
    assert int(patience) < 10_000
    walker.stage.plays[WORKER] = instead(f"PATIENCE = {patience}", "PATIENCE = 50")
    keeps(walker)
    held = threading.Event()
    walker.stage.plays["check/"] = lambda reply: reply if held.wait(60) else None
    sees_a_verdict(walker, old)
    held.set()


# ---- whole or not at all


def test_a_device_keeps_all_of_a_version_or_nothing(visit: Callable[..., Walker], old: Version) -> None:
    walker = visit()
    empty = Reply(type="text/html", body=b"<!doctype html><head></head>")  # a page that asks for no file by itself
    walker.stage.headers, walker.stage.plays = {}, {"404.html": lambda reply: empty}
    walker.open("404.html")
    tried = {}
    names = list(kept(old.folder))
    faults = {name: fault for name, fault in FAULTS.items() if name != "wrong MIME"}  # which is the host's own
    installs = """async () => {
        const { installing } = await navigator.serviceWorker.register("sw.js");
        await new Promise((resolve) => (installing.onstatechange = resolve));
        return [installing.state, await caches.keys()];
    }"""
    for index, name in enumerate(names):
        fault = [*faults][index % len(faults)]
        walker.stage.plays = {name.removeprefix("./") or "": faults[fault]}
        assert walker.evaluate(installs) == ["redundant", []], (name, fault)
        tried[name] = fault
    assert tried


def test_over_a_line_that_has_a_price_nothing_is_kept(visit: Callable[..., Walker], new: Version) -> None:
    """Neither at the first visit nor, of a newer version, later on."""
    walker = visit()
    walker.stage.plays["walk.js"] = lambda reply: Reply(type=reply.type, body=SAVING.encode() + reply.body)
    walker.stage.plays["frame/idle.js"] = instead("run().catch(() => {})", "run().finally(() => (self.idle = true))")
    walker.open("policy/")
    walker.wait_for("() => self.idle")
    assert walker.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    walker.stage.plays = {}
    keeps(walker)
    before = walker.evaluate(CACHES)
    walker.stage.deploy(new.folder)
    walker.stage.plays[WORKER] = lambda reply: Reply(type=reply.type, body=SAVING.encode() + reply.body)
    state = """async () => {
        const registration = await navigator.serviceWorker.getRegistration();
        const found = new Promise((resolve) => (registration.onupdatefound = () => resolve(registration.installing)));
        registration.update().catch(() => {});
        const worker = await found;
        await new Promise((resolve) => (worker.onstatechange = resolve));
        return worker.state;
    }"""
    assert walker.evaluate(state) == "redundant"
    assert walker.evaluate(CACHES) == before


# ---- a newer version


def test_a_newer_version_is_offered_and_taken_in_all_tabs_at_once(
    visit: Callable[..., Walker], old: Version, new: Version
) -> None:
    walker = visit()
    keeps(walker)
    sees_a_verdict(walker, old)
    other: Page = walker.window.context.new_page()  # type: ignore[attr-defined]
    other.goto(f"{walker.stage.address}policy/")
    walker.stage.deploy(new.folder)
    walker.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update() }")
    walker.wait_for(WAITING)
    is_of(walker, old)
    assert walker.sees(OFFER) == []
    walker.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert walker.see(OFFER).startswith(say("newer.text"))
    is_of(walker, old)
    assert old.foot() in other.locator(".md-copyright p").inner_text()
    walker.click("button", say("newer.show"))
    other.locator(".md-copyright").get_by_text(new.foot()).wait_for()
    walker.wait_for("(foot) => document.querySelector('.md-copyright p').innerText.includes(foot)", new.foot())
    sees_a_verdict(walker, new)
    walker.stage.down = True
    sees_a_verdict(walker, new)
    assert sorted(walker.evaluate(CACHES).values())[-1] == new.files()
    assert [name for name in walker.evaluate(CACHES) if name.startswith("site ")] == [
        f"site {walker.stage.address} {number_of(new)}"
    ]


def number_of(version: Version) -> str:
    [number] = re.findall(r'const VERSION = "(\w+)";', (version.folder / WORKER).read_text(encoding="utf-8"))
    return number


def test_until_it_is_taken_each_page_and_its_verdict_are_of_one_version(
    visit: Callable[..., Walker], old: Version, new: Version
) -> None:
    """The network has the new one while the device keeps the old one, and each comes whole."""
    walker = visit()
    keeps(walker)
    walker.stage.deploy(new.folder)
    sees_a_verdict(walker, new)
    walker.stage.down = True
    sees_a_verdict(walker, old)
    walker.stage.down = False
    sees_a_verdict(walker, new)
    with pytest.raises(AssertionError):  # another would be seen
        is_of(walker, old)


@pytest.mark.parametrize("kind", ["chromium", "firefox"])
def test_a_tab_that_nobody_keeps_stays_of_its_version_and_is_offered_the_newer_one(
    kind: str, visit: Callable[..., Walker], old: Version, new: Version
) -> None:
    walker = visit(kind)
    walker.stage.plays[WORKER] = FAULTS["404"]
    customer = Customer(walker, old.policy, old.case.today)
    customer.open()
    first = customer.way(old.case.answers)[0]
    customer.click_answer(first, str(old.case.answers[first]))
    walker.wait_for("() => document.querySelectorAll('.check-given dd').length > 0")
    walker.stage.deploy(new.folder)
    customer.follow(customer.link(old.case.answers))
    customer.arrives(RESULT, old.case.answers)
    is_of(walker, old)
    walker.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    walker.click("button", say("newer.show"))
    walker.wait_for("(foot) => document.querySelector('.md-copyright p').innerText.includes(foot)", new.foot())
    sees_a_verdict(walker, new)


def test_a_page_that_a_cache_kept_too_long_gets_no_verdict_of_another_version(
    visit: Callable[..., Walker], old: Version, new: Version
) -> None:
    """All that it needs is gone from the host."""
    walker = visit()
    walker.stage.deploy(new.folder)
    stale = (old.folder / "check" / "index.html").read_bytes()
    walker.stage.plays["check/"] = lambda reply: Reply(type=reply.type, body=stale)
    walker.open("check/")
    assert old.foot() in walker.see(".md-copyright p")
    assert walker.see('[data-notice="failed"] a') == say("page.cases")
    assert walker.sees('[data-view="check-result"]') == []


# ---- the way back


def test_a_site_that_is_built_without_it_takes_back_what_devices_keep(
    visit: Callable[..., Walker], old: Version, tmp_path: Path
) -> None:
    walker = visit()
    keeps(walker)
    write_ended(tmp_path)
    ended = (tmp_path / WORKER).read_bytes()
    walker.stage.plays[WORKER] = lambda reply: Reply(type=reply.type, body=ended)
    walker.stage.plays["frame/offline.js"] = FAULTS["404"]
    walker.open("check/")
    walker.wait_for("async () => !(await navigator.serviceWorker.getRegistrations()).length")
    assert walker.evaluate(CACHES) == {}
