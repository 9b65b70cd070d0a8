"""Whole walks through the check page, in every browser."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest

from checker import Checker, Policy
from checker.answers.kinds import is_step
from checker.answers.parse import UNKNOWN
from macros.pages.early_steps import next_steps
from tests.support.browser_session import BrowserSession
from tests.support.check_page import PREPARE, RESULT, Answers, CheckPage, example_by_outcome, first, questions_of_kind
from tests.support.overrides import hold
from tests.support.words import say

pytestmark = pytest.mark.browser


MONTHS = say("date.months").split()


def test_keyboard_alone_reaches_every_outcome(long_session: BrowserSession, policy: Policy) -> None:
    session = long_session
    examples = [*example_by_outcome(policy).values()]
    released = threading.Event()
    session.server.overrides["*.wasm"] = hold(released)
    check_page = CheckPage(session, policy, examples[0].today)
    check_page.open()
    unsure: Answers = {name: UNKNOWN for name, question in policy.questions.items() if is_step(question)}
    cases: list[tuple[date, Answers, str]] = [
        (example.today, example.answers, policy.outcomes[example.outcome].title) for example in examples
    ]
    cases.append((examples[0].today, unsure, say("result.undecided")))
    for number, (today, answers, title) in enumerate(cases):
        check_page.set_today(today)
        for index, question in enumerate(check_page.question_path(answers)):
            if number or index:
                check_page.expect_view(question, {})
            answer = answers[question]
            day = check_page.day(question, answer)
            month = [None, MONTHS[day.month - 1], MONTHS[day.month - 1][:3].lower()][number % 3] if day else None
            check_page.type_answer(question, answer, month)
            # The first answer leads on before the checker has started; the second one waits for it.
            if not released.is_set() and (index or answer not in next_steps(Checker(policy))):
                assert session.expect_visible('[role="status"]', say("page.waiting"))
                released.set()
        check_page.expect_view(RESULT, answers)
        assert session.expect_visible(".check-outcome h1 b") == title
        check_page.expect_answer_list(answers)
        session.tab_to("button", say("keep.clear"))
        session.press("Enter")
    check_page.expect_view(check_page.question_path(examples[0].answers)[0], {})
    session.expect_absent(".check-entered")


def test_answers_can_be_corrected_changed_and_restored(long_session: BrowserSession, policy: Policy) -> None:
    session = long_session
    example = max(policy.examples.values(), key=lambda example: len(example.answers))
    answers: dict[str, Any] = dict(example.answers)
    check_page = CheckPage(session, policy, example.today)
    check_page.open()
    path = check_page.question_path(answers)
    dated = check_page.dated_question(answers)
    asked = first(questions_of_kind(policy, "proof"), "question for proof")
    tomorrow = example.today + timedelta(1)

    # Each error is explained, and disappears when it is corrected.
    entered: dict[str, Any] = {}
    for question in path:
        session.tab_to("button", say("form.next"))
        session.press("Enter")
        check_page.expect_errors({**entered, question: ""}, question)
        if question == dated:
            for parts in (
                ("31", MONTHS[1], f"{example.today.year}"),
                (f"{tomorrow:%d}", f"{tomorrow:%m}", f"{tomorrow:%Y}"),
            ):
                check_page.type_date(question, *parts)
                session.press("Enter")
                check_page.expect_errors({**entered, question: " ".join(parts)}, question)
        check_page.type_answer(question, answers[question])
        entered[question] = answers[question]
        check_page.expect_view(check_page.path(entered).step or RESULT, entered)
        session.expect_absent(".check-errors")
        session.expect_absent(".check-error")
        assert session.evaluate("() => document.querySelectorAll('[aria-invalid]').length") == 0
    check_page.expect_answer_list(answers)

    # When one answer is changed, the others that still matter stay.
    changed = path[0]
    choices = [choice for choice in policy.questions[changed].offered if choice != answers[changed]]
    alike = (choice for choice in choices if check_page.question_path(answers | {changed: choice}) == path)
    other = first(alike, "other first answer after which the same is asked")
    session.click("link", f"{say('form.change')}: {policy.questions[changed].name}")
    check_page.expect_view(changed, {})
    assert check_page.field_values(changed) == [answers[changed]]
    check_page.type_answer(changed, other)
    earlier = dict(answers)
    answers[changed] = other
    check_page.expect_view(RESULT, answers)
    check_page.expect_answer_list(answers)

    # The back and forward buttons lead through the views, and each result comes back with the answers that it had.
    session.back()
    check_page.expect_answer_in_view(changed, answers)
    for view in [RESULT, *reversed(path)]:
        session.back()
        check_page.expect_answer_in_view(view, earlier)
    for view in [*path[1:], RESULT, changed]:
        session.forward()
        check_page.expect_answer_in_view(view, earlier)
    session.forward()
    check_page.expect_answer_in_view(RESULT, answers)
    assert check_page.stored_state()["answers"].items() >= {name: answers[name] for name in path}.items()

    # The request is restored when the page is loaded again.
    session.click(f'[href="#{PREPARE}"]')
    check_page.expect_view(PREPARE, answers)
    needed = check_page.response(answers)["verdict"]["proof"]["needed"]
    for item in check_page.field_values(asked):
        session.click(f"#answer-{asked}-{item}")
    session.click(f"#answer-{asked}-{needed[0]}")
    session.click("#check-description")
    session.type("It is broken.")
    answers[asked] = needed[:1]
    written = [item for item in needed if policy.proof[item].written == "yes"]
    states = dict.fromkeys(needed, "missing") | dict.fromkeys(written, "written") | {needed[0]: "separately"}
    check_page.expect_proof_states(states)
    session.reload()
    check_page.expect_view(PREPARE, answers)
    assert check_page.field_values(asked) == answers[asked]
    check_page.expect_proof_states(states)
    assert session.evaluate("() => document.querySelector('#check-description').value") == "It is broken."
    session.click(f'[href="#{RESULT}"]')
    check_page.expect_view(RESULT, answers)
    check_page.expect_answer_list(answers)
    for question in path:
        session.click("link", f"{say('form.change')}: {policy.questions[question].name}")
        check_page.expect_answer_in_view(question, answers)
        session.back()
        check_page.expect_view(RESULT, answers)
