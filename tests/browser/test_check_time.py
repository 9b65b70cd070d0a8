"""The days left count from today: a result that stays on the screen is renewed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from checker import Checker, Policy
from checker.policy import Example
from checker.web.response import respond
from tests.support.browser_session import BrowserSession
from tests.support.check_page import RESULT, CheckPage, first
from tests.support.overrides import stub_worker
from tests.support.words import say

pytestmark = pytest.mark.browser

DAYS_LEFT = "() => document.querySelector('.check-time').innerText"


@pytest.fixture
def case(policy: Policy) -> Example:
    """A case whose deadlines are all more than two days ahead."""
    offset = (
        example
        for example in policy.examples.values()
        if (deadlines := Checker(policy).decide(dict(example.answers), example.today).deadlines)
        and min(deadline.days_left or 0 for deadline in deadlines) > 2
    )
    return first(offset, "worked example whose last day is still ahead")


def open_result(session: BrowserSession, policy: Policy, case: Example) -> CheckPage:
    check_page = CheckPage(session, policy, case.today)
    check_page.open(check_page.link(case.answers))
    check_page.expect_view(RESULT, case.answers)
    return check_page


def expect_days_left(check_page: CheckPage, case: Example, day: date) -> None:
    """Wait for the days left on a day, and check the stamp."""
    response = respond(check_page.checker, {"answers": dict(case.answers), "today": day.isoformat()})
    text = response["explanation"]["headline"]["time"]
    check_page.session.wait_for(f"(text) => ({DAYS_LEFT})() === text", text)
    assert check_page.session.expect_visible(".check-stamp") == response["stamp"]


@pytest.mark.parametrize("event", ["pageshow", "visibilitychange"])
def test_result_is_renewed_when_the_page_is_shown_on_a_later_day(
    chromium_session: BrowserSession, policy: Policy, case: Example, event: str
) -> None:
    check_page = open_result(chromium_session, policy, case)
    come_back = "(event) => { (event === 'pageshow' ? window : document).dispatchEvent(new Event(event)) }"
    count = "() => { globalThis.n = 0; document.querySelector('.check').addEventListener('response', () => n++) }"
    chromium_session.evaluate(count)
    chromium_session.tab_to("button", say("keep.print"))
    expect_days_left(check_page, case, case.today)
    chromium_session.evaluate(come_back, event)  # on the same day, which changes nothing
    for later in (1, 2):
        check_page.set_today(case.today + timedelta(later))
        chromium_session.evaluate(come_back, event)
        expect_days_left(check_page, case, check_page.today)
        chromium_session.expect_focus("button", say("keep.print"))
        assert chromium_session.evaluate("() => n") == later


def test_result_is_renewed_at_every_midnight(chromium_session: BrowserSession, policy: Policy, case: Example) -> None:
    clock = chromium_session.chromium.page.clock
    clock.install(time=f"{case.today}T23:59:50")
    check_page = open_result(chromium_session, policy, case)
    chromium_session.tab_to("button", say("keep.print"))
    for later in (1, 2):
        check_page.set_today(case.today + timedelta(later))
        clock.fast_forward("24:00:02")
        expect_days_left(check_page, case, check_page.today)
        chromium_session.expect_focus("button", say("keep.print"))


@pytest.mark.parametrize(
    ("zone", "offset"), [("Pacific/Kiritimati", 1), ("Pacific/Pago_Pago", 0), ("UTC", 0), ("Europe/Berlin", 0)]
)
def test_today_is_the_date_in_the_device_time_zone(
    open_session: Callable[..., BrowserSession], policy: Policy, case: Example, zone: str, offset: int
) -> None:
    session = open_session("chromium")
    session.chromium.debugger.send("Emulation.setTimezoneOverride", {"timezoneId": zone})
    response = json.dumps(respond(Checker(policy), {"answers": dict(case.answers), "today": str(case.today)}))
    echo = f"JSON.stringify({{ ...{response}, stamp: JSON.parse(argument.parameters).today }})"
    session.server.overrides["worker.js"] = stub_worker(echo)
    check_page = CheckPage(session, policy, case.today)
    session.stop_clock(f"{case.today}T11:30:00Z")
    check_page.open(f"check/#{next(iter(policy.questions))}=")
    assert session.expect_visible(".check-stamp") == str(case.today + timedelta(offset))
