"""A checker that is slow, broken, of another policy or missing: the page says so and links to the table."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from checker import Policy
from checker.answers.parse import LATEST_TODAY
from checker.policy import Example
from tests.support.browser_session import BrowserSession
from tests.support.check_page import CheckPage
from tests.support.overrides import (
    hold,
    not_found,
    prepend,
    record_request,
    replace_text,
    stub_worker,
)
from tests.support.servers import Override, Reply
from tests.support.words import say

pytestmark = pytest.mark.browser

PATIENCE = 8_000
"""Milliseconds until a waiting customer sees the link to the table."""

NAMES = ("failed", "late", "updated", "changed", "host", "blocked")
FAILED, LATE, UPDATED, CHANGED, HOST, BLOCKED = (f'[data-notice="{name}"]' for name in NAMES)
"""The notices. A worker that a test replaces is a file that was changed on its way."""


# ---- failures to start


@pytest.fixture
def example(policy: Policy) -> Example:
    return next(iter(policy.examples.values()))


@pytest.fixture
def check_page(chromium_session: BrowserSession, policy: Policy, example: Example) -> Iterator[CheckPage]:
    """A check page that waits for the checker from the first answer on; its problems are ignored."""
    wait = "for (const field of document.querySelectorAll('[data-next]')) field.removeAttribute('data-next')"
    chromium_session.add_init_script(f"addEventListener('DOMContentLoaded', () => {{ {wait} }});")
    yield CheckPage(chromium_session, policy, example.today)
    chromium_session.problems.clear()


def expect_no_result(check_page: CheckPage) -> None:
    check_page.session.expect_absent(".check-waiting span")
    assert check_page.session.visible_texts('[data-view="check-result"]') == []


def follow_link_to_table(session: BrowserSession, box: str) -> None:
    assert session.expect_visible(f"{box} a[href$='cases/']") == say("page.cases")
    session.click(f"{box} a[href$='cases/']")
    session.expect_visible("table")
    assert session.address == "cases/"


@pytest.mark.parametrize(
    "script",
    [
        "delete self.WebAssembly;\n",
        "WebAssembly.Memory = class { constructor() { throw new RangeError('out of memory') } };\n",
    ],
    ids=["no WebAssembly", "out of memory"],
)
def test_checker_that_cannot_start_shows_the_failure_notice(
    check_page: CheckPage, example: Example, script: str
) -> None:
    """A fault of the browser; test_asset_faults.py has those of the files."""
    check_page.session.server.overrides["worker.js"] = prepend(script)
    check_page.open()
    check_page.click_first_answer(example.answers)
    check_page.session.expect_focus(CHANGED)
    expect_no_result(check_page)
    follow_link_to_table(check_page.session, CHANGED)


COUNTED = """addEventListener("DOMContentLoaded", () => {
  Object.assign(globalThis, { found: 0, scrolls: 0 });
  const { scrollIntoView } = Element.prototype;
  Element.prototype.scrollIntoView = function (...values) {
    scrolls += this.matches("[data-notice]");
    return scrollIntoView.apply(this, values);
  };
  const { find } = self.checkFaults;
  self.checkFaults.find = (...values) => find(...values).finally(() => setTimeout(() => found++));
});"""
"""Counts the causes that the page has found, and how often it has brought a notice into view."""


def test_notice_is_brought_into_view_once(check_page: CheckPage, example: Example) -> None:
    """The failed start and the answer that waits for it have the same notice; a tap on it would miss if it moved."""
    session = check_page.session
    session.add_init_script(COUNTED)
    session.server.overrides["worker.js"] = prepend("delete self.WebAssembly;\n")
    check_page.open()
    check_page.click_first_answer(example.answers)
    session.wait_for("() => found === 2")
    assert session.evaluate("() => scrolls") == 1


def never_ready(reply: Reply) -> Reply:
    start = b"self.snapshot = { ...self.snapshot, start: () => new Promise(() => {}) };"
    body = reply.body.replace(b"// Runs the checker", start + b"\n// Runs the checker", 1)
    return Reply(type=reply.type, body=re.sub(rb"(?<=TIMEOUT = )[\d_]+", b"0", body))  # the test does not wait


ADVANCING_CLOCK = """let passed = 0; const { now } = performance;
performance.now = () => now.call(performance) + (passed += 1000);
"""
"""Advances the clock by a second at each call, as on a slow device. The snapshot must not depend on it."""


SNAPSHOT, SOURCES = ["python.wasm"], ["pyodide.mjs"] * 2
"""The requests of each way to start alone; a stock start requests its loader twice, for a check and to run it."""


@pytest.mark.parametrize(("fault", "starts"), [(prepend(ADVANCING_CLOCK), SNAPSHOT), (never_ready, SNAPSHOT + SOURCES)])
def test_snapshot_start_that_fails_falls_back_to_stock_start(
    check_page: CheckPage, example: Example, fault: Override, starts: list[str]
) -> None:
    requests: list[str] = []
    check_page.session.server.overrides |= {name: record_request(requests, name) for name in SNAPSHOT + SOURCES}
    check_page.session.server.overrides["snapshot/*/worker.js"] = fault
    check_page.open()
    check_page.click_first_answer(example.answers)
    check_page.expect_view(check_page.question_path(example.answers)[1], example.answers)
    assert requests == starts


def test_later_answers_focus_the_failure_notice_again(check_page: CheckPage, example: Example) -> None:
    check_page.session.server.overrides["worker.js"] = not_found
    check_page.open()
    check_page.session.expect_visible(HOST)
    for _ in range(2):
        check_page.click_first_answer(example.answers)
        check_page.session.expect_focus(HOST)
        expect_no_result(check_page)
        check_page.session.evaluate("() => { document.activeElement.blur(); scrollTo(0, document.body.scrollHeight) }")


def test_browser_without_workers_shows_the_failure_notice(check_page: CheckPage, example: Example) -> None:
    check_page.session.add_init_script("delete globalThis.Worker;")
    check_page.open()
    check_page.click_first_answer(example.answers)
    check_page.session.expect_focus(BLOCKED)
    expect_no_result(check_page)


def test_page_whose_scripts_never_come_says_so_by_css_alone(chromium_session: BrowserSession) -> None:
    """The notice appears by CSS animation alone, whose time the test skips."""
    delayed = """(late) => document.querySelector(".check-unstarted")?.getAnimations()
        .some(({ effect }) => effect.getTiming().delay === late)"""
    skip_time = "() => document.querySelector('.check-unstarted').getAnimations()[0].finish()"
    session = chromium_session
    session.open("check/")
    session.wait_for("() => 'started' in document.querySelector('.check').dataset")
    assert not session.evaluate(delayed, PATIENCE)
    released = threading.Event()
    session.server.overrides = {"check/main.js": hold(released)}
    session.evaluate("() => { location.reload() }")
    session.wait_for(delayed, PATIENCE)
    assert session.visible_texts(".check-unstarted") == []
    session.evaluate(skip_time)
    assert session.expect_visible(".check-unstarted") == f"{say('page.unstarted')} {say('page.cases')}"
    assert session.visible_texts(".check-waiting span") == session.visible_texts('[data-view="check-result"]') == []
    follow_link_to_table(session, ".check-unstarted")
    released.set()
    session.problems.clear()


def test_page_without_javascript_links_to_the_table_and_sends_no_form(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto("check/")
        notice = page.locator("noscript p")
        expect(notice).to_contain_text(say("page.no_script"))
        expect(page.locator(".check-unstarted")).to_be_hidden()
        expect(page.locator(".check form:visible")).to_have_count(0)
        for form in page.locator(".check form").all():
            expect(form).to_have_attribute("method", "dialog")
        notice.get_by_role("link").click()
        expect(page.get_by_role("table")).to_be_visible()
    finally:
        context.close()


# ---- slow


def test_slow_runtime_shows_progress_and_a_notice_until_it_has_started(
    check_page: CheckPage, example: Example, site: Path
) -> None:
    clock = check_page.session.chromium.page.clock
    clock.install(time=f"{example.today}T12:00:00")
    clock.pause_at(f"{example.today}T12:00:01")
    clicked, released, requested = threading.Event(), threading.Event(), threading.Event()

    def hold(reply: Reply) -> Reply:
        requested.set()
        released.wait(60)
        return reply

    def hold_until_clicked(reply: Reply) -> Reply:  # else it may all have come before the page listens
        clicked.wait(60)
        return reply

    check_page.session.server.overrides |= {"python.wasm": hold, "snapshot.bin": hold_until_clicked}
    check_page.open()
    assert requested.wait(60)
    check_page.click_first_answer(example.answers)
    assert check_page.session.expect_visible(".check-waiting span") == say("page.waiting")
    clicked.set()
    parts = [next(site.glob(f"snapshot/**/{name}")).stat().st_size / 1e6 for name in ("snapshot.bin", "python.wasm")]
    progress = say("page.loaded", loaded="LOADED", total=f"{sum(parts):.1f}")
    loaded = re.fullmatch(
        re.escape(progress).replace("LOADED", r"(\d+\.\d)"), check_page.session.expect_visible(".check-loading span")
    )
    assert loaded
    assert 0 < float(loaded[1]) < parts[0] + 0.1  # the other part is held back
    clock.run_for(PATIENCE - 100)
    assert check_page.session.visible_texts(LATE) == []
    clock.run_for(200)
    check_page.session.expect_focus(LATE)
    assert check_page.session.expect_visible(LATE) == f"{say('page.late')} {say('page.cases')}"
    expect_no_result(check_page)
    released.set()
    check_page.expect_view(check_page.question_path(example.answers)[1], example.answers)
    check_page.session.expect_absent(LATE)
    check_page.session.expect_absent(".check-loading")
    assert check_page.session.problems == []


# ---- faulty responses


@pytest.mark.parametrize("response", ["'{'", "''", "'null'", "'{}'", '\'{"answers":{},"errors":[]}\'', "undefined"])
def test_unreadable_response_shows_the_failure_notice(check_page: CheckPage, example: Example, response: str) -> None:
    check_page.session.server.overrides["worker.js"] = stub_worker(response)
    check_page.open()
    check_page.click_first_answer(example.answers)
    check_page.session.expect_focus(CHANGED)
    expect_no_result(check_page)


def test_worker_answers_the_call_after_a_failed_one(check_page: CheckPage, example: Example) -> None:
    fails_once = "async ask(call) { if (!self.failed) throw new Error(self.failed = true); return calls.really(call) },"
    check_page.session.server.overrides["worker.js"] = replace_text("async ask(", f"{fails_once} async really(")
    check_page.open()
    check_page.click_first_answer(example.answers)
    check_page.session.expect_focus(CHANGED)
    check_page.click_first_answer(example.answers)
    check_page.expect_view(check_page.question_path(example.answers)[1], example.answers)
    check_page.session.expect_absent(CHANGED)


# ---- a page that is older than the checker


def test_page_of_another_digest_gets_no_answer_and_offers_to_reload(check_page: CheckPage, example: Example) -> None:
    check_page.session.server.overrides["check/"] = replace_text('data-digest="', 'data-digest="0')
    check_page.open()
    check_page.click_first_answer(example.answers)
    check_page.session.expect_focus(UPDATED)
    expect_no_result(check_page)
    for function in ("answer", "known", "letter", "room", "clean", "pack", "calendar"):
        check_page.session.evaluate(
            """async (call) => {
                const { src } = document.querySelector("[src$='/main.js']");
                const { ask, perform } = await import(new URL("checker.js", src));
                document.activeElement.blur();
                await perform(() => ask(call, {}));
            }""",
            function,
        )
        assert check_page.session.active_element().startswith(f"alert {say('page.updated')}"), function
    check_page.session.server.overrides.clear()
    check_page.session.click("link", say("page.reload"))
    check_page.session.expect_absent(UPDATED)
    assert check_page.session.problems == []


# ---- a device with a wrong date


def test_device_date_out_of_range_shows_an_error(check_page: CheckPage, example: Example) -> None:
    way = check_page.question_path(example.answers)
    dated = check_page.dated_question(example.answers)
    check_page.set_today(date(9999, 12, 31))
    assert check_page.today > LATEST_TODAY
    check_page.open()
    for name in way[: way.index(dated) + 1]:
        check_page.click_answer(name, example.answers[name])
        if name == way[0]:
            check_page.session.expect_focus(".check-errors")
            assert check_page.session.visible_texts(".check-errors li") == [say("error.today")]
            expect_no_result(check_page)
            check_page.set_today(date(1970, 1, 1))
            check_page.session.click("button", say("form.next"))
    check_page.session.expect_focus(".check-errors")
    [error] = check_page.response(example.answers, dated)["errors"]
    assert check_page.session.visible_texts(".check-errors li") == [error["message"]]
    expect_no_result(check_page)
    check_page.set_today(example.today)
    check_page.session.click("button", say("form.next"))
    check_page.expect_view(way[way.index(dated) + 1], example.answers)
