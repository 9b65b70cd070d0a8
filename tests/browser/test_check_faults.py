"""When the checker is slow, broken, of another policy or not there, the page says so and leads to the table."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from checker import Policy
from checker.answers.parse import LATEST_TODAY
from checker.policy import Example
from tests.support.browser_session import BrowserSession
from tests.support.check_page import CheckPage, first
from tests.support.page_faults import as_a_page, broken, missing
from tests.support.servers import Reply, note
from tests.support.words import say

pytestmark = pytest.mark.browser

PATIENCE = 8_000
"""Milliseconds after which a customer who waits is shown another way."""

FAILED, LATE, UPDATED = (f'[data-notice="{name}"]' for name in ("failed", "late", "updated"))


# ---- what can go wrong with a file


def without_webassembly(reply: Reply) -> Reply:
    return Reply(type=reply.type, body=b"delete self.WebAssembly;\n" + reply.body)


@pytest.fixture
def example(policy: Policy) -> Example:
    return next(iter(policy.examples.values()))


@pytest.fixture
def check_page(chromium_session: BrowserSession, policy: Policy, example: Example) -> Iterator[CheckPage]:
    """A customer on whose pages things go wrong, and who waits for the checker from the first answer on."""
    alone = "for (const each of document.querySelectorAll('[data-next]')) each.removeAttribute('data-next')"
    chromium_session.before_each_page(f"addEventListener('DOMContentLoaded', () => {{ {alone} }});")
    yield CheckPage(chromium_session, policy, example.today)
    chromium_session.wrong.clear()


def give_an_answer(check_page: CheckPage, example: Example) -> None:
    first = check_page.way(example.answers)[0]
    check_page.click_answer(first, str(example.answers[first]))


def sees_no_answer(check_page: CheckPage) -> None:
    check_page.session.sees_no(".check-waiting span")
    assert check_page.session.sees('[data-view="check-result"]') == []


def goes_to_the_table(session: BrowserSession, box: str) -> None:
    assert session.see(f"{box} a") == say("page.cases")
    session.click(f"{box} a")
    session.see("table")
    assert session.address == "cases/"


def without_memory_to_give(reply: Reply) -> Reply:
    none = b"WebAssembly.Memory = class { constructor() { throw new RangeError('out of memory') } };\n"
    return Reply(type=reply.type, body=none + reply.body)


@pytest.mark.parametrize("fault", [without_webassembly, without_memory_to_give])
def test_checker_that_cannot_start_shows_the_failure_notice(
    check_page: CheckPage, example: Example, fault: Callable[[Reply], Reply | None]
) -> None:
    """tests/browser/test_asset_faults.py tries what can go wrong with its files; this is a browser that cannot."""
    check_page.session.server.plays["worker.js"] = fault
    check_page.open()
    give_an_answer(check_page, example)
    check_page.session.focused(FAILED)
    sees_no_answer(check_page)
    goes_to_the_table(check_page.session, FAILED)


def never_ready(reply: Reply) -> Reply:
    start = b"self.snapshot = { ...self.snapshot, start: () => new Promise(() => {}) };"
    body = reply.body.replace(b"// Runs the checker", start + b"\n// Runs the checker", 1)
    return Reply(type=reply.type, body=re.sub(rb"(?<=TIMEOUT = )[\d_]+", b"0", body))  # a test need not wait for it


def with_a_clock_that_goes_on(reply: Reply) -> Reply:
    """Let each look at the clock find it a second later, as a slow device may.

    What is noted of such a clock stands in the memory before it is filled, and is none of the checker's.
    """
    clock = b"let passed = 0; const { now } = performance;\n"
    clock += b"performance.now = () => now.call(performance) + (passed += 1000);\n"
    return Reply(type=reply.type, body=clock + reply.body)


SNAPSHOT, SOURCES = ["python.wasm"], ["pyodide.mjs"] * 2
"""What each way to start asks for and no other: the sources twice, to look at each byte, and to start."""


@pytest.mark.parametrize(("fault", "ways"), [(with_a_clock_that_goes_on, SNAPSHOT), (never_ready, SNAPSHOT + SOURCES)])
def test_snapshot_start_that_fails_falls_back_to_stock_start(
    check_page: CheckPage, example: Example, fault: Callable[[Reply], Reply], ways: list[str]
) -> None:
    asked: list[str] = []
    check_page.session.server.plays |= {name: note(asked, name) for name in SNAPSHOT + SOURCES}
    check_page.session.server.plays["snapshot/*/worker.js"] = fault
    check_page.open()
    give_an_answer(check_page, example)
    check_page.arrives(check_page.way(example.answers)[1], example.answers)
    assert asked == ways


def test_later_answers_focus_the_failure_notice_again(check_page: CheckPage, example: Example) -> None:
    check_page.session.server.plays["worker.js"] = missing
    check_page.open()
    check_page.session.see(FAILED)
    for _ in range(2):
        give_an_answer(check_page, example)
        check_page.session.focused(FAILED)
        sees_no_answer(check_page)
        check_page.session.evaluate("() => { document.activeElement.blur(); scrollTo(0, document.body.scrollHeight) }")


def test_browser_without_workers_shows_the_failure_notice(check_page: CheckPage, example: Example) -> None:
    check_page.session.before_each_page("delete globalThis.Worker;")
    check_page.open()
    give_an_answer(check_page, example)
    check_page.session.focused(FAILED)
    sees_no_answer(check_page)


def test_page_without_its_scripts_links_to_the_table(chromium_session: BrowserSession) -> None:
    """The box shows by style alone; a test need not wait for it."""
    delay = (
        "() => document.querySelector('.check-unstarted').getAnimations().map((each) => each.effect.getTiming().delay)"
    )
    pass_time = "() => document.querySelector('.check-unstarted').getAnimations()[0].finish()"
    session = chromium_session
    session.open("check/")
    session.wait_for("() => 'started' in document.querySelector('.check').dataset")
    assert session.evaluate(delay) == []
    for module, fault in product(["main"], (missing, broken, as_a_page)):
        session.server.plays = {f"check/{module}.js": fault}
        session.open("check/")
        assert session.sees(".check-unstarted") == []
        assert session.evaluate(delay) == [PATIENCE], (module, fault)
        session.evaluate(pass_time)
        assert session.see(".check-unstarted") == f"{say('page.failed')} {say('page.cases')}"
        assert session.sees(".check-waiting span") == session.sees('[data-view="check-result"]') == []
    goes_to_the_table(session, ".check-unstarted")
    session.wrong.clear()


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
    clock = check_page.session.window.page.clock  # type: ignore[attr-defined]
    clock.install(time=f"{example.today}T12:00:00")
    clock.pause_at(f"{example.today}T12:00:01")
    held, asked = threading.Event(), threading.Event()

    def hold(reply: Reply) -> Reply:
        asked.set()
        held.wait(60)
        return reply

    check_page.session.server.plays["python.wasm"] = hold
    check_page.open()
    assert asked.wait(60)
    give_an_answer(check_page, example)
    assert check_page.session.see(".check-waiting span") == say("page.waiting")
    parts = [next(site.glob(f"snapshot/**/{name}")).stat().st_size / 1e6 for name in ("snapshot.bin", "python.wasm")]
    said = say("page.loaded", loaded="LOADED", total=f"{sum(parts):.1f}")
    loaded = re.fullmatch(
        re.escape(said).replace("LOADED", r"(\d+\.\d)"), check_page.session.see(".check-progress span")
    )
    assert loaded
    assert 0 < float(loaded[1]) < parts[0] + 0.1  # the other part is held
    clock.run_for(PATIENCE - 100)
    assert check_page.session.sees(LATE) == []
    clock.run_for(200)
    check_page.session.focused(LATE)
    assert check_page.session.see(LATE) == f"{say('page.late')} {say('page.cases')}"
    sees_no_answer(check_page)
    held.set()
    check_page.arrives(check_page.way(example.answers)[1], example.answers)
    check_page.session.sees_no(LATE)
    check_page.session.sees_no(".check-progress")
    assert check_page.session.wrong == []


# ---- a worker that says something else


def stub(check_page: CheckPage, reply: str) -> None:
    """A worker that starts at once and answers with what the JavaScript function makes of the request."""
    script = f"""onmessage = ({{ data: {{ id, name, argument }} }}) =>
        postMessage({{ id, value: name === "started" || ({reply})(JSON.parse(argument.request), argument.what) }});
        postMessage({{}});"""
    check_page.session.server.plays["worker.js"] = lambda reply: Reply(type=reply.type, body=script.encode())


@pytest.mark.parametrize("reply", ["'{'", "''", "'null'", "'{}'", '\'{"answers":{},"errors":[]}\'', "undefined"])
def test_unreadable_response_shows_the_failure_notice(check_page: CheckPage, example: Example, reply: str) -> None:
    stub(check_page, f"() => {reply}")
    check_page.open()
    give_an_answer(check_page, example)
    check_page.session.focused(FAILED)
    sees_no_answer(check_page)


def test_worker_answers_the_request_after_a_failed_one(check_page: CheckPage, example: Example) -> None:
    fails_once = (
        b"async ask(given) { if (!self.failed) throw new Error(self.failed = true); return calls.really(given) },"
    )
    check_page.session.server.plays["worker.js"] = lambda reply: Reply(
        type=reply.type, body=reply.body.replace(b"async ask(", fails_once + b" async really(")
    )
    check_page.open()
    give_an_answer(check_page, example)
    check_page.session.focused(FAILED)
    give_an_answer(check_page, example)
    check_page.arrives(check_page.way(example.answers)[1], example.answers)
    check_page.session.sees_no(FAILED)


# ---- a page that is older than the checker


def test_page_of_another_digest_gets_no_answer_and_offers_to_reload(check_page: CheckPage, example: Example) -> None:
    check_page.session.server.plays["check/"] = lambda reply: Reply(
        type=reply.type, body=reply.body.replace(b'data-digest="', b'data-digest="0')
    )
    check_page.open()
    give_an_answer(check_page, example)
    check_page.session.focused(UPDATED)
    sees_no_answer(check_page)
    for door in ("answer", "letter", "clean", "pack", "calendar"):
        check_page.session.evaluate(
            """async (door) => {
                const { src } = document.querySelector("[src$='/main.js']");
                const { ask, perform } = await import(new URL("checker.js", src));
                document.activeElement.blur();
                await perform(() => ask(door, {}));
            }""",
            door,
        )
        assert check_page.session.focus().startswith(f"alert {say('page.updated')}"), door
    check_page.session.server.plays.clear()
    check_page.session.click("button", say("page.reload"))
    check_page.session.sees_no(UPDATED)
    assert check_page.session.wrong == []


# ---- a device that is wrong about the day


def test_device_date_out_of_range_shows_an_error(check_page: CheckPage, example: Example) -> None:
    way = check_page.way(example.answers)
    dated = first(
        (name for name in way if check_page.day(name, str(example.answers[name]))), "date in its first example"
    )
    check_page.be_on(date(9999, 12, 31))
    assert check_page.today > LATEST_TODAY
    check_page.open()
    for name in way[: way.index(dated) + 1]:
        check_page.click_answer(name, str(example.answers[name]))
        if name == way[0]:
            check_page.session.focused(".check-errors")
            assert check_page.session.sees(".check-errors li") == [say("error.today")]
            sees_no_answer(check_page)
            check_page.be_on(date(1970, 1, 1))
            check_page.session.click("button", say("form.next"))
    check_page.session.focused(".check-errors")
    [error] = check_page.reply(example.answers, dated)["errors"]
    assert check_page.session.sees(".check-errors li") == [error["message"]]
    sees_no_answer(check_page)
    check_page.be_on(example.today)
    check_page.session.click("button", say("form.next"))
    check_page.arrives(way[way.index(dated) + 1], example.answers)
