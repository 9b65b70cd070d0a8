"""The days left are told as of today: an answer that stayed on the screen is decided anew."""

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
from tests.support.servers import Reply
from tests.support.words import say

pytestmark = pytest.mark.browser

SHOWN = "() => document.querySelector('[data-section=\"deadlines\"] li').innerText"


@pytest.fixture
def case(policy: Policy) -> Example:
    """A case with a last day that is still ahead the next day."""
    ahead = (
        each
        for each in policy.examples.values()
        if (deadlines := Checker(policy).decide(dict(each.answers), each.today).deadlines)
        and min(deadline.days_left or 0 for deadline in deadlines) > 2
    )
    return first(ahead, "worked example whose last day is still ahead")


def arrived(session: BrowserSession, policy: Policy, case: Example) -> CheckPage:
    """A customer who has opened the answer to a case by its link."""
    check_page = CheckPage(session, policy, case.today)
    way = {name: case.answers[name] for name in check_page.way(case.answers)}
    check_page.open("check/#" + "&".join(f"{name}={answer}" for name, answer in way.items()))
    check_page.arrives(RESULT, way)
    return check_page


def sees_the_days(check_page: CheckPage, case: Example, day: date) -> None:
    """See the stamp and the days left of this day."""
    said = respond(check_page.checker, {"answers": dict(case.answers), "today": day.isoformat()})
    [text, *_] = [
        item["text"]
        for section in said["explanation"]["sections"]
        for item in section["items"]
        if section["id"] == "deadlines"
    ]
    check_page.session.wait_for(f"(text) => ({SHOWN})().startsWith(text)", text)
    assert check_page.session.see(".check-stamp") == said["stamp"]


@pytest.mark.parametrize("event", ["pageshow", "visibilitychange"])
def test_result_is_renewed_when_the_page_is_shown_on_a_later_day(
    chromium_session: BrowserSession, policy: Policy, case: Example, event: str
) -> None:
    check_page = arrived(chromium_session, policy, case)
    come_back = "(event) => { (event === 'pageshow' ? window : document).dispatchEvent(new Event(event)) }"
    asked = "() => { globalThis.n = 0; document.querySelector('.check').addEventListener('response', () => n++) }"
    chromium_session.evaluate(asked)
    chromium_session.tab_to("button", say("keep.print"))
    sees_the_days(check_page, case, case.today)
    chromium_session.evaluate(come_back, event)  # on the same day, which changes nothing
    for later in (1, 2):
        check_page.be_on(case.today + timedelta(later))
        chromium_session.evaluate(come_back, event)
        sees_the_days(check_page, case, check_page.today)
        chromium_session.focused("button", say("keep.print"))
        assert chromium_session.evaluate("() => n") == later


def test_result_is_renewed_at_every_midnight(chromium_session: BrowserSession, policy: Policy, case: Example) -> None:
    clock = chromium_session.window.page.clock  # type: ignore[attr-defined]
    clock.install(time=f"{case.today}T23:59:50")
    check_page = arrived(chromium_session, policy, case)
    chromium_session.tab_to("button", say("keep.print"))
    for later in (1, 2):
        check_page.be_on(case.today + timedelta(later))
        clock.fast_forward("24:00:02")
        sees_the_days(check_page, case, check_page.today)
        chromium_session.focused("button", say("keep.print"))


@pytest.mark.parametrize(
    ("zone", "ahead"), [("Pacific/Kiritimati", 1), ("Pacific/Pago_Pago", 0), ("UTC", 0), ("Europe/Berlin", 0)]
)
def test_today_is_the_date_in_the_device_time_zone(
    open_session: Callable[..., BrowserSession], policy: Policy, case: Example, zone: str, ahead: int
) -> None:
    session = open_session("chromium")
    session.window.debugger.send("Emulation.setTimezoneOverride", {"timezoneId": zone})  # type: ignore[attr-defined]
    said = json.dumps(json.dumps(respond(Checker(policy), {"answers": dict(case.answers), "today": str(case.today)})))
    script = f"""onmessage = ({{ data: {{ id, name, argument }} }}) => {{
        const reply = () => JSON.stringify({{ ...JSON.parse({said}), stamp: JSON.parse(argument.request).today }});
        postMessage({{ id, value: name === "started" || reply() }});
    }};
    postMessage({{}});"""
    session.server.plays["worker.js"] = lambda reply: Reply(type=reply.type, body=script.encode())
    check_page = CheckPage(session, policy, case.today)
    session.stop_clock(f"{case.today}T11:30:00Z")
    check_page.open(f"check/#{next(iter(policy.questions))}=")
    assert session.see(".check-stamp") == str(case.today + timedelta(ahead))
