"""The notes of the policy: closed on phones, in the margin of wide screens, open on paper and where a link leads."""

from __future__ import annotations

import pytest

from checker import Policy
from tests.support.browser_session import BrowserSession

pytestmark = pytest.mark.browser

OPEN = "() => [...document.querySelectorAll('.note')].map((note) => note.open)"
PHONE, WIDE = (360, 740), (1280, 800)
MARGIN = """() => {
    const holes = [];
    let before = null;
    for (const clause of document.querySelectorAll(".clause")) {
        const { top, bottom } = clause.getBoundingClientRect();
        const note = clause.querySelector(".note")?.getBoundingClientRect();
        const text = clause.querySelector(".clause__text").getBoundingClientRect();
        if (note && note.left < text.right) holes.push(`${clause.id}: its note is not beside it`);
        if (note && note.top < before) holes.push(`${clause.id}: its note is on another one`);
        if (before !== null && bottom - text.bottom > 60) holes.push(`${clause.id}: there is a hole below its text`);
        before = note?.bottom ?? before;
    }
    return holes;
}"""
"""Says where notes are not beside their clauses, or make holes between them."""


@pytest.fixture
def page(chromium_session: BrowserSession) -> BrowserSession:
    chromium_session.resize(*PHONE)
    chromium_session.open("policy/")
    return chromium_session


def test_notes_are_closed_on_a_phone_and_open_on_a_wide_screen(page: BrowserSession, policy: Policy) -> None:
    number = sum(bool(clause.interpretations) for clause in policy.clauses.values())
    assert page.evaluate(OPEN) == [False] * number
    page.resize(*WIDE)
    page.wait_for(f"() => ({OPEN})().every(Boolean)")
    assert page.evaluate(MARGIN) == []
    page.resize(*PHONE)
    page.wait_for(f"() => !({OPEN})().some(Boolean)")


def test_printing_opens_all_notes_and_closes_them_afterwards(page: BrowserSession) -> None:
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert all(page.evaluate(OPEN))
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert not any(page.evaluate(OPEN))


def test_link_to_an_interpretation_opens_its_note(page: BrowserSession, policy: Policy) -> None:
    *_, last = policy.interpretations
    page.evaluate("(id) => { location.hash = id }", f"interpretation-{last}")
    page.wait_for("(id) => document.getElementById(id).getBoundingClientRect().height > 0", f"interpretation-{last}")
    assert sum(page.evaluate(OPEN)) == 1
