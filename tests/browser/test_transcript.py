"""What a whole walk sounds like: written to build/transcript.txt, for people to read as a blind customer hears it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import Policy
from checker.answers.kinds import kind_of
from tests.support.accessibility import ANNOUNCED, heard, transcript
from tests.support.browser_session import BrowserSession
from tests.support.check_page import PREPARE, REFUND, RESULT, CheckPage, photograph, with_amounts
from tests.support.paths import ROOT
from tests.support.words import say

pytestmark = pytest.mark.browser

TRANSCRIPT = ROOT / "build" / "transcript.txt"


def test_screen_reader_transcript_of_a_walk_holds_every_section(
    chromium_session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    session = chromium_session
    parts: list[str] = []

    def note(state: str) -> None:
        said = [f"  announced: {' / '.join(filter(None, text.splitlines()))}" for text in heard(session)]
        title = session.evaluate("() => document.title")
        head = [f"==== {state}", f"  window: {title}", *said, f"  focus: {session.focus()[:200]}", ""]
        parts.append("\n".join([*head, transcript(session, ".check"), ""]))

    example = with_amounts(policy)
    answers = {name: answer for name, answer in example.answers.items() if not kind_of(policy.questions[name]).is_money}
    session.before_each_page(ANNOUNCED)
    check_page = CheckPage(session, policy, example.today)
    check_page.open()
    note("the page opens")
    given: dict[str, object] = {}
    for question in check_page.way(answers):
        if given:
            check_page.arrives(question, given)
            note(f"question: {question}")
            session.click("button", say("form.next"))
            session.focused(".check-errors")
            note(f"question: {question}, no answer")
        check_page.click_answer(question, str(answers[question]))
        given[question] = answers[question]
    check_page.arrives(RESULT, answers)
    note("the result")
    check_page.goes_to(PREPARE, answers)
    note("the request")
    item, *_ = check_page.reply(answers)["verdict"]["proof"]["needed"]
    session.choose_files(f"#pictures-{item}", [photograph(tmp_path / "1.jpg")])
    session.see(".check-picture")
    session.click("button", say("prepare.pack"))
    session.wait_for("() => kept.saved.length")
    note("the request, with a picture and packed")
    check_page.goes_to(RESULT, answers)
    check_page.goes_to(REFUND, answers)
    session.click("button", say("form.add"))
    note("the refund")
    session.click("button", say("refund.submit"))
    session.focused(".check-errors")
    note("the refund, without amounts")
    check_page.follow(check_page.link(example.answers, amounts=True))
    check_page.arrives(RESULT, example.answers)
    check_page.goes_to(REFUND, example.answers)
    session.click("button", say("refund.submit"))
    session.focused(".check-estimate")
    note("the refund, worked out")

    TRANSCRIPT.parent.mkdir(exist_ok=True)
    TRANSCRIPT.write_text("\n".join(parts), encoding="utf-8")
    text = " ".join(line.strip() for line in "\n".join(parts).splitlines())
    for section in check_page.reply(example.answers)["explanation"]["sections"]:
        assert section["heading"] in text
    assert [part for part in parts[3:] if say("page.waiting") in part] == []  # once it is there, nobody waits
