"""A policy version that is not valid yet: verdicts say so by their day, pages by the device's date."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from checker import Checker, Policy
from checker.explain.explanation import explain
from tests.support.words import in_words, say

FAR_EAST = "Pacific/Auckland"


@pytest.mark.parametrize(("days", "in_force"), [(-1, False), (0, True), (1, True)])
@pytest.mark.parametrize("answers", [{"problem": "change_of_mind"}, {}], ids=["decided", "open"])
def test_verdict_before_the_policy_is_valid_says_so(
    frozen: Policy, answers: dict[str, str], days: int, in_force: bool
) -> None:
    verdict = Checker(frozen).decide(answers, frozen.valid_from + timedelta(days))
    not_yet = say("result.not_yet", date=frozen.valid_from)
    assert verdict.to_json()["policy"]["in_force"] is in_force
    assert (explain(frozen, verdict).texts[0].text == not_yet) is not in_force


@pytest.mark.browser
@pytest.mark.parametrize("page_name", ["", "check/", "policy/"])
@pytest.mark.parametrize(("minutes", "holds"), [(-1, False), (1, True)], ids=["before midnight", "after midnight"])
def test_page_before_the_policy_is_valid_shows_a_notice(
    browser: Browser, base_url: str, policy: Policy, page_name: str, minutes: int, holds: bool
) -> None:
    begins = datetime.combine(policy.valid_from, time(), ZoneInfo(FAR_EAST))
    with browser.new_context(timezone_id=FAR_EAST) as context:
        page = context.new_page()
        page.clock.set_fixed_time(begins + timedelta(minutes=minutes))
        page.goto(base_url + page_name)  # its modules have run when it is loaded
        notice = page.get_by_text(say("result.not_yet", date=in_words(policy.valid_from)), exact=True)
        expect(notice).to_be_visible(visible=not holds)
