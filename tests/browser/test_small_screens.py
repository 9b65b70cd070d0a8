"""The check page on a narrow phone and at 200 % zoom: nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checker import Policy
from tests.support.browser_session import BrowserSession
from tests.support.browsers.chromium import ChromiumWindow
from tests.support.browsers.firefox import FirefoxWindow
from tests.support.check_page import (
    PREPARE,
    REFUND,
    RESULT,
    CheckPage,
    example_by_outcome,
    example_with_amounts,
    without_amounts,
)
from tests.support.words import say

pytestmark = pytest.mark.browser

PHONE = (320, 568, 1)
DOUBLED = (640, 360, 2)  # a window of 1280 by 720 at a zoom of 200 %
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def enlarge(session: BrowserSession, width: int, height: int, ratio: int) -> None:
    """Set the viewport in CSS pixels and the device pixel ratio, as the browser's zoom does."""
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
    examples = example_by_outcome(policy)
    full = example_with_amounts(policy)
    check_page = CheckPage(session, policy, full.today)
    check_page.open()
    wide: list[str] = []

    def check_width(state: str) -> None:
        if session.evaluate(WIDE):
            wide.append(f"{size[0]} px: {state}")

    for size in (PHONE, DOUBLED):
        enlarge(session, *size)
        for outcome, example in examples.items():
            check_page.set_today(example.today)
            answers: dict[str, Any] = {}
            for question in check_page.question_path(example.answers):
                check_width(f"{outcome}, {question}")
                check_page.click_answer(question, example.answers[question])
                answers[question] = example.answers[question]
                check_page.expect_view(check_page.path(answers).step or RESULT, answers)
            check_width(outcome)
            session.evaluate(
                "() => document.querySelectorAll('.check-result details').forEach((fold) => { fold.open = true })"
            )
            check_width(f"{outcome}, opened")
            session.click(".check-share [data-do=clear]")
            check_page.expect_view(next(iter(policy.questions)), {})

        answers = without_amounts(policy, full.answers)
        check_page.set_today(full.today)
        session.click("button", say("form.next"))
        session.expect_focus(".check-errors")
        check_width("error")
        check_page.follow_link(check_page.link(answers))
        check_page.expect_view(RESULT, answers)
        check_page.open_view(PREPARE, answers)
        session.click("#check-description")
        session.type("x" * 100)
        session.wait_for("() => document.querySelector('.paper').textContent.includes('xxx')")
        check_width("request")
        check_page.open_view(RESULT, answers)
        check_page.open_view(REFUND, answers)
        session.click("button", say("form.add"))
        session.click("button", say("refund.submit"))
        session.expect_focus(".check-errors")
        check_width("refund with an error")
        check_page.open_view(RESULT, answers)
        session.click(".check-share [data-do=clear]")
        check_page.expect_view(next(iter(policy.questions)), {})
    assert wide == []
