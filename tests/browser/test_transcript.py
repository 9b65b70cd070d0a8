"""What a whole walk sounds like: written to build/transcript.txt, for people to read as a blind customer hears it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import Policy
from checker.messages import say
from tests.support.accessibility import ANNOUNCED, heard, transcript
from tests.support.browser_session import Walker
from tests.support.check_page import PREPARE, REFUND, RESULT, Customer, photograph, with_amounts
from tests.support.paths import ROOT

pytestmark = pytest.mark.browser

TRANSCRIPT = ROOT / "build" / "transcript.txt"


def test_a_whole_walk_is_written_down_as_it_is_heard(chromium_walker: Walker, policy: Policy, tmp_path: Path) -> None:
    walker = chromium_walker
    parts: list[str] = []

    def note(state: str) -> None:
        said = [f"  announced: {' / '.join(filter(None, text.splitlines()))}" for text in heard(walker)]
        title = walker.evaluate("() => document.title")
        head = [f"==== {state}", f"  window: {title}", *said, f"  focus: {walker.focus()[:200]}", ""]
        parts.append("\n".join([*head, transcript(walker, ".check"), ""]))

    example = with_amounts(policy)
    answers = {name: answer for name, answer in example.answers.items() if not policy.questions[name].is_amount}
    walker.before_each_page(ANNOUNCED)
    customer = Customer(walker, policy, example.today)
    customer.open()
    note("the page opens")
    given: dict[str, object] = {}
    for question in customer.way(answers):
        if given:
            customer.arrives(question, given)
            note(f"question: {question}")
            walker.click("button", say("form.next"))
            walker.focused(".check-errors")
            note(f"question: {question}, no answer")
        customer.click_answer(question, str(answers[question]))
        given[question] = answers[question]
    customer.arrives(RESULT, answers)
    note("the result")
    customer.goes_to(PREPARE, answers)
    note("the request")
    item, *_ = customer.reply(answers)["verdict"]["proof"]["needed"]
    walker.choose_files(f"#pictures-{item}", [photograph(tmp_path / "1.jpg")])
    walker.see(".check-picture")
    walker.click("button", say("prepare.pack"))
    walker.wait_for("() => kept.saved.length")
    note("the request, with a picture and packed")
    customer.goes_to(RESULT, answers)
    customer.goes_to(REFUND, answers)
    walker.click("button", say("form.add"))
    note("the refund")
    walker.click("button", say("refund.submit"))
    walker.focused(".check-errors")
    note("the refund, without amounts")
    customer.follow(customer.link(example.answers, amounts=True))
    customer.arrives(RESULT, example.answers)
    customer.goes_to(REFUND, example.answers)
    walker.click("button", say("refund.submit"))
    walker.focused(".check-estimate")
    note("the refund, worked out")

    TRANSCRIPT.parent.mkdir(exist_ok=True)
    TRANSCRIPT.write_text("\n".join(parts), encoding="utf-8")
    text = " ".join(line.strip() for line in "\n".join(parts).splitlines())
    for section in customer.reply(example.answers)["explanation"]["sections"]:
        assert section["heading"] in text
    assert [part for part in parts[3:] if say("page.waiting") in part] == []  # once it is there, nobody waits
