"""Answers before the checker has started: the first one leads to the next question without it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup

from checker import Checker, Policy
from checker.answers.parse import UNKNOWN
from checker.web.dialog import follow_answers
from macros.analysis.load import load
from macros.pages.early_steps import next_steps
from tests.support.browser_session import BrowserSession
from tests.support.check_page import RESULT, CheckPage
from tests.support.markup import check_form
from tests.support.overrides import hold
from tests.support.paths import POLICIES


@pytest.mark.parametrize("name", ["frozen", "library", "bicycles"])
def test_form_holds_the_next_question_after_each_first_answer(name: str) -> None:
    policy = load(POLICIES / f"{name}.yaml")
    checker = Checker(policy)
    first = follow_answers(checker, {}, policy.valid_from).step
    form = BeautifulSoup(check_form(policy), "html.parser")
    known = {(field["name"], field["value"]): field["data-next"] for field in form.select("[data-next]")}
    fields = form.select(f'[name="answer-{first}"]')
    steps = {
        (field["name"], field["value"]): follow_answers(checker, {str(first): field["value"]}, policy.valid_from).step
        for field in fields
    }
    assert known == {field: step for field, step in steps.items() if step}
    assert known


@pytest.fixture
def runtime_released(chromium_session: BrowserSession) -> Iterator[threading.Event]:
    """The runtime is sent when this event is set."""
    released = threading.Event()
    chromium_session.server.overrides["*.wasm"] = hold(released)
    yield released
    released.set()


@pytest.mark.browser
def test_first_answer_changed_before_the_start_replaces_the_earlier_one(
    chromium_session: BrowserSession, policy: Policy, runtime_released: threading.Event
) -> None:
    check_page = CheckPage(chromium_session, policy, policy.valid_from)
    check_page.open()
    first = check_page.path({}).step
    assert first
    (one, after_one), *others = ((answer, step.question) for answer, step in next_steps(Checker(policy)).items())
    other, after_other = max(others, key=lambda other: other[1] != after_one)
    check_page.type_answer(first, one)
    check_page.expect_view(after_one, {})
    chromium_session.expect_absent(".check-waiting span")
    chromium_session.back()
    check_page.expect_view(first, {})
    check_page.type_answer(first, other)
    check_page.expect_view(after_other, {})
    runtime_released.set()
    chromium_session.wait_for(
        "(name) => document.querySelectorAll(`.check-answers a[href='#${name}']`).length === 1", first
    )
    assert chromium_session.evaluate("() => location.hash") == f"#{after_other}"
    check_page.type_answer(after_other, UNKNOWN)
    answers = {first: other, after_other: UNKNOWN}
    check_page.expect_view(check_page.path(answers).step or RESULT, answers)
    check_page.expect_answer_list(answers)
