"""The layout of a result: its first screen and its length on a phone, and one sheet of paper."""

from __future__ import annotations

import subprocess

import pytest

from checker import Policy
from tests.browser.test_layout import STYLE
from tests.browser.test_paper import sheets
from tests.support.browser_session import BrowserSession
from tests.support.check_page import CheckPage, example_by_outcome, first

pytestmark = pytest.mark.browser

LENGTHS = {"Liberation Sans": 2_500, "DejaVu Sans": 2_800}
"""Pixels that a plain result may take on a phone, in a common font and in the widest that is usual."""
LOWER_EDGE = """(selector) => {
    const [node] = [...document.querySelectorAll(selector)].filter((node) => node.checkVisibility());
    return node ? node.getBoundingClientRect().bottom + scrollY : 0;
}"""


def use_font(session: BrowserSession, font: str) -> None:
    """Show the page in a font; skips the test where it is not installed."""
    if font not in subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=True).stdout:
        pytest.skip(f"{font} is not installed.")
    session.evaluate(STYLE, f"* {{ font-family: '{font}' !important }}")


@pytest.mark.parametrize("font", LENGTHS)
def test_result_takes_one_sheet_of_paper(chromium_session: BrowserSession, policy: Policy, font: str) -> None:
    sheet_counts, examples = {}, example_by_outcome(policy)
    check_page = CheckPage(chromium_session, policy, next(iter(examples.values())).today)
    for outcome, example in examples.items():
        check_page.set_today(example.today)
        check_page.open_result(example.answers)
        use_font(chromium_session, font)
        sheet_counts[outcome] = sheets(chromium_session)
    assert sheet_counts == dict.fromkeys(sheet_counts, 1)
    assert sheet_counts


@pytest.mark.parametrize("font", LENGTHS)
def test_plain_result_is_short_on_a_phone(chromium_session: BrowserSession, policy: Policy, font: str) -> None:
    """The headline with its day and the main button stand on the first screen."""
    good = (
        e for e in policy.examples.values() if policy.outcomes[e.outcome].tone == "good" and "paid" not in e.answers
    )
    example = first(good, "example of a good outcome")
    session = chromium_session
    session.resize(360, 740)
    check_page = CheckPage(session, policy, example.today)
    check_page.open_result({name: answer for name, answer in example.answers.items() if name != "proof"})
    use_font(session, font)
    assert session.evaluate("() => document.documentElement.scrollHeight") <= LENGTHS[font]
    for part in ("h1", ".button--main", ".leaf time", ".leaf .days"):
        assert 0 < session.evaluate(LOWER_EDGE, part) <= 740, part
