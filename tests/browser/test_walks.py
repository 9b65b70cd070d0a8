"""Whole walks of a customer through the check page, each written once and walked in every browser."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from checker import Policy
from checker.answers.kinds import is_step
from checker.answers.parse import UNKNOWN
from macros.pages.check_form import next_questions
from tests.support.browser_session import BrowserSession
from tests.support.check_page import PREPARE, RESULT, CheckPage, first, of_kind, one_for_each_outcome
from tests.support.servers import Reply
from tests.support.words import say

pytestmark = pytest.mark.browser


@pytest.fixture
def session(long_session: BrowserSession) -> BrowserSession:
    return long_session


MONTHS = say("date.months").split()


def test_keyboard_alone_reaches_every_outcome(session: BrowserSession, policy: Policy) -> None:
    examples = [*one_for_each_outcome(policy).values()]
    held = threading.Event()

    def hold(reply: Reply) -> Reply:
        held.wait(60)
        return reply

    session.server.plays["*.wasm"] = hold
    check_page = CheckPage(session, policy, examples[0].today)
    check_page.open()
    unsure = {name: UNKNOWN for name, question in policy.questions.items() if is_step(question)}
    cases = [(each.today, dict(each.answers), policy.outcomes[each.outcome].title) for each in examples]
    cases.append((examples[0].today, unsure, say("result.undecided")))
    for number, (today, answers, title) in enumerate(cases):
        check_page.be_on(today)
        for index, question in enumerate(check_page.way(answers)):
            if number or index:
                check_page.arrives(question, {})
            answer = answers[question]
            day = check_page.day(question, answer)
            month = [None, MONTHS[day.month - 1], MONTHS[day.month - 1][:3].lower()][number % 3] if day else None
            check_page.type_answer(question, answer, month)
            # The first answer leads on while the checker is on its way. Who then gets ahead of it waits.
            if not held.is_set() and (index or answer not in next_questions(policy)):
                assert session.see('[role="status"]', say("page.waiting"))
                held.set()
        check_page.arrives(RESULT, answers)
        assert session.see(".check-outcome h2") == title
        check_page.sees_given(answers)
        session.tab_to("button", say("keep.clear"))
        session.press("Enter")
    check_page.arrives(check_page.way(examples[0].answers)[0], {})
    session.sees_no(".check-answers")


def test_answers_can_be_corrected_changed_and_restored(session: BrowserSession, policy: Policy) -> None:
    example = max(policy.examples.values(), key=lambda example: len(example.answers))
    answers = dict(example.answers)
    check_page = CheckPage(session, policy, example.today)
    check_page.open()
    way = check_page.way(answers)
    dated = first((name for name in way if check_page.day(name, answers[name])), "date in its longest example")
    asked = first(of_kind(policy, "proof"), "question for proof")
    tomorrow = example.today + timedelta(1)

    # Each mistake is explained, and gone once it is mended.
    given: dict[str, object] = {}
    for question in way:
        session.tab_to("button", say("form.next"))
        session.press("Enter")
        check_page.is_told({**given, question: ""}, question)
        if question == dated:
            for parts in (
                ("31", MONTHS[1], f"{example.today.year}"),
                (f"{tomorrow:%d}", f"{tomorrow:%m}", f"{tomorrow:%Y}"),
            ):
                check_page.type_date(question, *parts)
                session.press("Enter")
                check_page.is_told({**given, question: " ".join(parts)}, question)
        check_page.type_answer(question, answers[question])
        given[question] = answers[question]
        check_page.arrives(check_page.walk(given).step or RESULT, given)
        session.sees_no(".check-errors")
        session.sees_no(".check-error")
        assert session.evaluate("() => document.querySelectorAll('[aria-invalid]').length") == 0
    check_page.sees_given(answers)

    # One answer is changed; the others that still matter stay.
    changed = way[0]
    choices = [choice for choice in policy.questions[changed].offered if choice != answers[changed]]
    alike = (choice for choice in choices if check_page.way(answers | {changed: choice}) == way)
    other = first(alike, "other first answer after which the same is asked")
    session.click("link", f"{say('form.change')}: {policy.questions[changed].ask}")
    check_page.arrives(changed, {})
    assert check_page.fields(changed) == [answers[changed]]
    check_page.type_answer(changed, other)
    answers[changed] = other
    check_page.arrives(RESULT, answers)
    check_page.sees_given(answers)

    # The browser's buttons lead through the views, with the answers in their fields.
    before = [*way, RESULT, changed]
    for view in reversed(before):
        session.back()
        check_page.sees_view(view, answers)
    for view in [*before[1:], RESULT]:
        session.forward()
        check_page.sees_view(view, answers)

    # What was prepared is still there when the page is loaded again.
    session.click(f'[href="#{PREPARE}"]')
    check_page.arrives(PREPARE, answers)
    ready = check_page.reply(answers)["verdict"]["proof"]["needed"][0]
    for item in check_page.fields(asked):
        session.click(f"#answer-{asked}-{item}")
    session.click(f"#answer-{asked}-{ready}")
    session.click("#check-description")
    session.type("It is broken.")
    items = {item: each for clause in policy.clauses.values() for item, each in clause.proof.items()}
    needed = check_page.reply(answers)["verdict"]["proof"]["needed"]
    answers[asked] = [item for item in needed if item == ready or items[item].written == "yes"]
    for item in answers[asked]:
        session.wait_for("(item) => Object.values(localStorage).some((kept) => kept.includes(item))", item)
    session.reload()
    check_page.arrives(PREPARE, answers)
    assert check_page.fields(asked) == answers[asked]
    assert session.evaluate("() => document.querySelector('#check-description').value") == "It is broken."
    session.click(f'[href="#{RESULT}"]')
    check_page.arrives(RESULT, answers)
    check_page.sees_given(answers)
    for question in way:
        session.click("link", f"{say('form.change')}: {policy.questions[question].ask}")
        check_page.sees_view(question, answers)
        session.back()
        check_page.arrives(RESULT, answers)
