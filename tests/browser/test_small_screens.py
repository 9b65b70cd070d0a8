"""The same page on a narrow phone, and with everything twice as large: no walk needs to scroll sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checker import Policy
from checker.answers.kinds import kind_of
from tests.support.browser_session import BrowserSession
from tests.support.browsers.chromium import ChromiumWindow
from tests.support.browsers.firefox import FirefoxWindow
from tests.support.check_page import PREPARE, REFUND, RESULT, CheckPage, one_for_each_outcome, with_amounts
from tests.support.words import say

pytestmark = pytest.mark.browser

PHONE = (320, 568, 1)
DOUBLED = (640, 360, 2)  # a window of 1280 by 720 at a zoom of 200 %
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def enlarge(session: BrowserSession, width: int, height: int, ratio: int) -> None:
    """Give the page this many CSS pixels, each of so many of the screen's, as the browser's zoom does."""
    match session.window:
        case ChromiumWindow() as window:
            size = {"width": width, "height": height, "deviceScaleFactor": ratio, "mobile": False}
            window.debugger.send("Emulation.setDeviceMetricsOverride", size)
        case FirefoxWindow() as window:
            size = {"width": width, "height": height}
            window.call("browsingContext.setViewport", context=window.context, viewport=size, devicePixelRatio=ratio)
    session.wait_for("(...size) => size.join() === [innerWidth, devicePixelRatio].join()", width, ratio)


@pytest.mark.deep
@pytest.mark.parametrize("kind", ["chromium", "firefox"])  # WebKit's window cannot be that narrow
def test_walks_on_a_narrow_phone_and_at_200_percent_never_scroll_sideways(
    kind: str, open_session: Callable[..., BrowserSession], policy: Policy
) -> None:
    session = open_session(kind)
    examples = one_for_each_outcome(policy)
    full = with_amounts(policy)
    check_page = CheckPage(session, policy, full.today)
    check_page.open()
    wide: list[str] = []

    def look(state: str) -> None:
        if session.evaluate(WIDE):
            wide.append(f"{size[0]} px: {state}")

    for size in (PHONE, DOUBLED):
        enlarge(session, *size)
        for outcome, example in examples.items():
            check_page.be_on(example.today)
            given: dict[str, object] = {}
            for question in check_page.way(example.answers):
                look(f"{outcome}, {question}")
                check_page.click_answer(question, str(example.answers[question]))
                given[question] = example.answers[question]
                check_page.arrives(check_page.walk(given).step or RESULT, given)
            look(outcome)
            session.evaluate(
                "() => document.querySelectorAll('.check-result details').forEach((fold) => { fold.open = true })"
            )
            look(f"{outcome}, opened")
            session.click(".check-share [data-do=clear]")
            check_page.arrives(next(iter(policy.questions)), {})

        answers = {
            name: answer for name, answer in full.answers.items() if not kind_of(policy.questions[name]).is_money
        }
        check_page.be_on(full.today)
        session.click("button", say("form.next"))
        session.focused(".check-errors")
        look("error")
        check_page.follow(check_page.link(answers))
        check_page.arrives(RESULT, answers)
        check_page.goes_to(PREPARE, answers)
        session.click("#check-description")
        session.type("x" * 100)
        session.click("button", say("prepare.preview"))
        look("request")
        check_page.goes_to(RESULT, answers)
        check_page.goes_to(REFUND, answers)
        session.click("button", say("form.add"))
        session.click("button", say("refund.submit"))
        session.focused(".check-errors")
        look("refund with an error")
        check_page.goes_to(RESULT, answers)
        session.click(".check-share [data-do=clear]")
        check_page.arrives(next(iter(policy.questions)), {})
    assert wide == []
