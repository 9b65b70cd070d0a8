"""A walk as a screen reader reads it, written to build/transcript.txt for people to check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checker import Policy
from tests.support.accessibility import RECORD_ANNOUNCEMENTS, announcements, transcript
from tests.support.browser_session import BrowserSession
from tests.support.check_page import (
    PREPARE,
    REFUND,
    RESULT,
    CheckPage,
    example_with_amounts,
    without_amounts,
    write_photo,
)
from tests.support.paths import ROOT
from tests.support.words import say

pytestmark = pytest.mark.browser

TRANSCRIPT = ROOT / "build" / "transcript.txt"


def test_screen_reader_transcript_of_a_walk_holds_every_section(
    chromium_session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    session = chromium_session
    parts: list[str] = []

    def record(state: str) -> None:
        announced = [f"  announced: {' / '.join(filter(None, text.splitlines()))}" for text in announcements(session)]
        title = session.evaluate("() => document.title")
        head = [f"==== {state}", f"  window: {title}", *announced, f"  focus: {session.active_element()[:200]}", ""]
        parts.append("\n".join([*head, transcript(session, ".check"), ""]))

    example = example_with_amounts(policy)
    answers = without_amounts(policy, example.answers)
    session.add_init_script(RECORD_ANNOUNCEMENTS)
    check_page = CheckPage(session, policy, example.today)
    check_page.open()
    record("the page opens")
    entered: dict[str, Any] = {}
    for question in check_page.question_path(answers):
        if entered:
            check_page.expect_view(question, entered)
            record(f"question: {question}")
            session.click("button", say("form.next"))
            session.expect_focus(".check-errors")
            record(f"question: {question}, no answer")
        check_page.click_answer(question, answers[question])
        entered[question] = answers[question]
    check_page.expect_view(RESULT, answers)
    record("the result")
    check_page.open_view(PREPARE, answers)
    record("the request")
    item, *_ = check_page.response(answers)["verdict"]["proof"]["needed"]
    session.choose_files(f"#pictures-{item}", [write_photo(tmp_path / "1.jpg")])
    session.expect_visible(".check-picture")
    session.click("button", say("prepare.pack"))
    session.wait_for("() => outputs.downloads.length")
    record("the request, with a picture and packed")
    check_page.open_view(RESULT, answers)
    check_page.open_view(REFUND, answers)
    session.click("button", say("form.add"))
    record("the refund")
    session.click("button", say("refund.submit"))
    session.expect_focus(".check-errors")
    record("the refund, without amounts")
    check_page.follow_link(check_page.link(example.answers, amounts=True))
    check_page.expect_view(RESULT, example.answers)
    check_page.open_view(REFUND, example.answers)
    session.click("button", say("refund.submit"))
    session.expect_focus(".check-estimate")
    record("the refund, worked out")

    TRANSCRIPT.parent.mkdir(exist_ok=True)
    TRANSCRIPT.write_text("\n".join(parts), encoding="utf-8")
    text = " ".join(line.strip() for line in "\n".join(parts).splitlines())
    for section in check_page.response(example.answers)["explanation"]["sections"]:
        assert section["heading"] in text
    assert [part for part in parts[3:] if say("page.waiting") in part] == []  # after the start
