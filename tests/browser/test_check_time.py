"""The days left are told as of today: an answer that stayed on the screen is decided anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from checker import Checker, Policy
from checker.messages import say
from checker.policy import Example
from checker.web.response import reply
from tests.support.browser_session import Walker
from tests.support.check_page import RESULT, Customer, first
from tests.support.servers import Reply

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


def arrived(walker: Walker, policy: Policy, case: Example) -> Customer:
    """A customer who has opened the answer to a case by its link."""
    customer = Customer(walker, policy, case.today)
    way = {name: case.answers[name] for name in customer.way(case.answers)}
    customer.open("check/#" + "&".join(f"{name}={answer}" for name, answer in way.items()))
    customer.arrives(RESULT, way)
    return customer


def sees_the_days(customer: Customer, case: Example, day: date) -> None:
    """See the stamp and the days left of this day."""
    said = reply(customer.checker, {"answers": dict(case.answers), "today": day.isoformat()})
    [text, *_] = [
        item["text"]
        for section in said["explanation"]["sections"]
        for item in section["items"]
        if section["id"] == "deadlines"
    ]
    customer.walker.wait_for(f"(text) => ({SHOWN})().startsWith(text)", text)
    assert customer.walker.see(".check-stamp") == said["stamp"]


@pytest.mark.parametrize("event", ["pageshow", "visibilitychange"])
def test_an_answer_is_decided_anew_when_the_customer_comes_back_on_another_day(
    chromium_walker: Walker, policy: Policy, case: Example, event: str
) -> None:
    customer = arrived(chromium_walker, policy, case)
    come_back = "(event) => { (event === 'pageshow' ? window : document).dispatchEvent(new Event(event)) }"
    asked = "() => { globalThis.said = 0; document.querySelector('.check').addEventListener('said', () => said++) }"
    chromium_walker.evaluate(asked)
    chromium_walker.tab_to("button", say("keep.print"))
    sees_the_days(customer, case, case.today)
    chromium_walker.evaluate(come_back, event)  # on the same day, which changes nothing
    for later in (1, 2):
        customer.be_on(case.today + timedelta(later))
        chromium_walker.evaluate(come_back, event)
        sees_the_days(customer, case, customer.today)
        chromium_walker.focused("button", say("keep.print"))
        assert chromium_walker.evaluate("() => said") == later


def test_at_midnight_an_answer_is_decided_anew_by_itself_every_night(
    chromium_walker: Walker, policy: Policy, case: Example
) -> None:
    clock = chromium_walker.window.page.clock  # type: ignore[attr-defined]
    clock.install(time=f"{case.today}T23:59:50")
    customer = arrived(chromium_walker, policy, case)
    chromium_walker.tab_to("button", say("keep.print"))
    for later in (1, 2):
        customer.be_on(case.today + timedelta(later))
        clock.fast_forward("24:00:02")
        sees_the_days(customer, case, customer.today)
        chromium_walker.focused("button", say("keep.print"))


@pytest.mark.parametrize(
    ("zone", "ahead"), [("Pacific/Kiritimati", 1), ("Pacific/Pago_Pago", 0), ("UTC", 0), ("Europe/Berlin", 0)]
)
def test_today_is_the_day_where_the_customer_is(
    open_walker: Callable[..., Walker], policy: Policy, case: Example, zone: str, ahead: int
) -> None:
    walker = open_walker("chromium")
    walker.window.debugger.send("Emulation.setTimezoneOverride", {"timezoneId": zone})  # type: ignore[attr-defined]
    said = json.dumps(json.dumps(reply(Checker(policy), {"answers": dict(case.answers), "today": str(case.today)})))
    script = f"""onmessage = ({{ data: {{ id, name, argument }} }}) => {{
        const reply = () => JSON.stringify({{ ...JSON.parse({said}), stamp: JSON.parse(argument.request).today }});
        postMessage({{ id, value: name === "started" || reply() }});
    }};
    postMessage({{}});"""
    walker.stage.plays["worker.js"] = lambda reply: Reply(type=reply.type, body=script.encode())
    customer = Customer(walker, policy, case.today)
    walker.stop_clock(f"{case.today}T11:30:00Z")
    customer.open(f"check/#{next(iter(policy.questions))}=")
    assert walker.see(".check-stamp") == str(case.today + timedelta(ahead))
