"""How a check begins: the progress of its questions, days near today, and links that give the first answer."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from checker import Checker, Policy
from checker.answers.kinds import is_step
from checker.answers.parse import UNKNOWN
from checker.policy import Example
from macros.pages.early_steps import next_steps
from tests.support.browser_session import BrowserSession
from tests.support.check_page import RESULT, CheckPage, first
from tests.support.overrides import hold, not_found
from tests.support.words import say

pytestmark = pytest.mark.browser


@pytest.fixture
def case(policy: Policy) -> Example:
    """The worked example with the most answers."""
    return max(policy.examples.values(), key=lambda example: len(example.answers))


@pytest.fixture
def check_page(chromium_session: BrowserSession, policy: Policy, case: Example) -> CheckPage:
    return CheckPage(chromium_session, policy, case.today)


# ---- progress


def test_progress_of_each_question_is_shown_on_the_way_and_on_the_way_back(
    check_page: CheckPage, policy: Policy
) -> None:
    answers = {name: UNKNOWN for name, question in policy.questions.items() if is_step(question)}
    path = check_page.question_path(answers)
    check_page.open()
    check_page.expect_progress(path[0], {})
    given: dict[str, Any] = {}
    for name in path:
        check_page.click_answer(name, UNKNOWN)
        given[name] = UNKNOWN
        check_page.expect_view(check_page.path(given).step or RESULT, given)
    for name in reversed(path):
        check_page.session.back()
        check_page.expect_view(name, given)


def test_progress_is_known_before_the_checker_has_started(check_page: CheckPage, policy: Policy) -> None:
    released = threading.Event()
    check_page.session.server.overrides["*.wasm"] = hold(released)
    check_page.open()
    question = check_page.path({}).step
    assert question
    for answer, step in next_steps(Checker(policy)).items():
        check_page.click_answer(question, answer)
        check_page.expect_view(step.question, {question: answer})
        check_page.session.back()
        check_page.expect_view(question, {})
    released.set()


# ---- days near today


@pytest.mark.parametrize(("button", "days"), [("form.today_button", 0), ("form.yesterday_button", 1)])
def test_button_fills_in_a_day_near_today_and_clears_a_choice(
    check_page: CheckPage, case: Example, button: str, days: int
) -> None:
    session = check_page.session
    dated = check_page.dated_question(case.answers)
    before = check_page.question_path(case.answers)
    given = {name: case.answers[name] for name in before[: before.index(dated)]}
    check_page.open(check_page.link(given))
    check_page.expect_view(dated, given)
    session.click(f"#answer-{dated}-{UNKNOWN}")
    session.tab_to("button", say(button))
    session.press("Enter")
    day = case.today - timedelta(days)
    assert check_page.field_values(dated) == [str(day.day), str(day.month), str(day.year)]
    assert session.evaluate("() => document.querySelector('form:not([hidden]) [role=status]').textContent") == (
        f"{day.day} {day.month} {day.year}"
    )
    assert session.active_element() == f"button {say(button)}"
    session.click("button", say("form.next"))
    given[dated] = day.isoformat()
    check_page.expect_view(check_page.path(given).step or RESULT, given)


# ---- links that give the first answer


@pytest.fixture
def first_answer(policy: Policy, check_page: CheckPage) -> dict[str, str]:
    """An answer to the first question that the home page links to, and that leads to another question."""
    question = check_page.path({}).step
    answer = first(next_steps(Checker(policy)), "first question with a question after it")
    return {str(question): answer}


def link_of(answers: dict[str, str]) -> str:
    [(question, answer)] = answers.items()
    return f"check/#{question}={answer}&"


def test_link_with_the_first_answer_shows_the_second_question_before_the_checker_has_started(
    check_page: CheckPage, first_answer: dict[str, str]
) -> None:
    session = check_page.session
    released = threading.Event()
    session.server.overrides["*.wasm"] = hold(released)
    session.open("about/")
    check_page.open(link_of(first_answer))
    second = check_page.path(first_answer).step
    check_page.expect_view(str(second), first_answer)
    assert session.evaluate("() => location.hash") == f"#{second}"
    assert check_page.stored_state()["answers"] == first_answer
    session.expect_absent('[data-part="welcome"]')
    released.set()
    session.wait_for("() => document.querySelectorAll('.check-answers dd').length > 0")
    check_page.expect_answer_list(first_answer)
    session.back()
    session.wait_for("() => location.pathname.endsWith('/about/')")


def test_link_with_the_first_answer_keeps_the_case_of_an_earlier_visit(
    check_page: CheckPage, case: Example, first_answer: dict[str, str]
) -> None:
    session = check_page.session
    check_page.open_result(case.answers)
    stored = check_page.stored_state()["answers"]
    session.open("about/")
    check_page.open(link_of(first_answer))
    second = str(check_page.path(first_answer).step)
    check_page.expect_view(second, first_answer)
    assert session.expect_visible('[data-part="welcome"]').startswith(say("keep.welcome"))
    assert check_page.stored_state()["answers"] == stored
    check_page.click_answer(second, UNKNOWN)
    given = {**first_answer, second: UNKNOWN}
    session.wait_for("() => localStorage.getItem(`check ${location.pathname}`).includes('previous')")
    state = check_page.stored_state()
    assert (state["answers"], state["previous"]["answers"]) == (given, stored)
    session.wait_for("(view) => location.hash !== `#${view}`", second)
    if check_page.path(given).step:
        session.click("button", say("keep.resume"))
        check_page.expect_view(RESULT, case.answers)
        session.expect_absent('[data-part="welcome"]')
        state = check_page.stored_state()
        assert (state["answers"], "previous" in state) == (stored, False)


def test_one_first_answer_of_an_earlier_visit_is_no_case_to_come_back_to(
    check_page: CheckPage, first_answer: dict[str, str]
) -> None:
    for _ in range(2):
        check_page.session.open("about/")
        check_page.open(link_of(first_answer))
        check_page.expect_view(str(check_page.path(first_answer).step), first_answer)
        check_page.session.expect_absent('[data-part="welcome"]')


def test_link_with_an_unknown_answer_asks_the_checker(check_page: CheckPage, first_answer: dict[str, str]) -> None:
    [question] = first_answer
    check_page.open(f"check/#{question}=nothing_like_this")
    check_page.expect_view(question, {})
    names = say("pages.quote", text=check_page.policy.questions[question].name)
    assert check_page.session.expect_visible('[data-part="notices"]') == say("notice.damaged", names=names)


# ---- what only a result needs


def test_result_that_cannot_load_its_scripts_says_so_and_keeps_the_answers(
    check_page: CheckPage, case: Example
) -> None:
    session = check_page.session
    session.server.overrides["keep.js"] = not_found
    check_page.open()
    answers = {name: case.answers[name] for name in check_page.question_path(case.answers)}
    for name, answer in answers.items():
        session.expect_visible(f'[data-view="{name}"] h1')
        check_page.click_answer(name, answer)
    session.expect_focus('[data-notice="host"]')
    assert check_page.stored_state()["answers"] == answers
    session.problems.clear()
    del session.server.overrides["keep.js"]
    session.reload()
    session.expect_visible(".check h1")
    check_page.open()
    session.click("button", say("keep.resume"))
    check_page.expect_view(RESULT, answers)
    session.problems.clear()
