"""The same page on a narrow phone, and with everything twice as large: no walk needs to scroll sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checker import Policy
from checker.messages import say
from tests.support.browser_session import Walker
from tests.support.browsers.chromium import ChromiumWindow
from tests.support.browsers.firefox import FirefoxWindow
from tests.support.check_page import PREPARE, REFUND, RESULT, Customer, one_for_each_outcome, with_amounts

pytestmark = pytest.mark.browser

PHONE = (320, 568, 1)
DOUBLED = (640, 360, 2)  # a window of 1280 by 720 at a zoom of 200 %
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def enlarge(walker: Walker, width: int, height: int, ratio: int) -> None:
    """Give the page this many CSS pixels, each of so many of the screen's, as the browser's zoom does."""
    match walker.window:
        case ChromiumWindow() as window:
            size = {"width": width, "height": height, "deviceScaleFactor": ratio, "mobile": False}
            window.debugger.send("Emulation.setDeviceMetricsOverride", size)
        case FirefoxWindow() as window:
            size = {"width": width, "height": height}
            window.call("browsingContext.setViewport", context=window.context, viewport=size, devicePixelRatio=ratio)
    walker.wait_for("(...size) => size.join() === [innerWidth, devicePixelRatio].join()", width, ratio)


@pytest.mark.deep
@pytest.mark.parametrize("kind", ["chromium", "firefox"])  # WebKit's window cannot be that narrow
def test_every_outcome_is_reached_on_a_narrow_phone_and_at_double_size(
    kind: str, open_walker: Callable[..., Walker], policy: Policy
) -> None:
    walker = open_walker(kind)
    examples = one_for_each_outcome(policy)
    full = with_amounts(policy)
    customer = Customer(walker, policy, full.today)
    customer.open()
    wide: list[str] = []

    def look(state: str) -> None:
        if walker.evaluate(WIDE):
            wide.append(f"{size[0]} px: {state}")

    for size in (PHONE, DOUBLED):
        enlarge(walker, *size)
        for outcome, example in examples.items():
            customer.be_on(example.today)
            given: dict[str, object] = {}
            for question in customer.way(example.answers):
                look(f"{outcome}, {question}")
                customer.click_answer(question, str(example.answers[question]))
                given[question] = example.answers[question]
                customer.arrives(customer.walk(given).step or RESULT, given)
            look(outcome)
            walker.evaluate(
                "() => document.querySelectorAll('.check-result details').forEach((fold) => { fold.open = true })"
            )
            look(f"{outcome}, opened")
            walker.click(".check-keep [data-do=clear]")
            customer.arrives(next(iter(policy.questions)), {})

        answers = {name: answer for name, answer in full.answers.items() if not policy.questions[name].is_amount}
        customer.be_on(full.today)
        walker.click("button", say("form.next"))
        walker.focused(".check-errors")
        look("error")
        customer.follow(customer.link(answers))
        customer.arrives(RESULT, answers)
        customer.goes_to(PREPARE, answers)
        walker.click("#check-description")
        walker.type("x" * 100)
        walker.click("button", say("prepare.preview"))
        look("request")
        customer.goes_to(RESULT, answers)
        customer.goes_to(REFUND, answers)
        walker.click("button", say("form.add"))
        walker.click("button", say("refund.submit"))
        walker.focused(".check-errors")
        look("refund with an error")
        customer.goes_to(RESULT, answers)
        walker.click(".check-keep [data-do=clear]")
        customer.arrives(next(iter(policy.questions)), {})
    assert wide == []
