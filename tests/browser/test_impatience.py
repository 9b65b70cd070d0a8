"""Customers who do not wait: answers before the checker has started, and second taps."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, expect

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
from tests.support.words import say


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


# ---- second taps


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 412, 1280])
@pytest.mark.parametrize("way", ["mouse", "touch", "enter"])
def test_second_tap_on_continue_does_nothing(
    browser: Browser, base_url: str, policy: Policy, way: str, width: int
) -> None:
    checker = Checker(policy)
    context = browser.new_context(viewport={"width": width, "height": 740}, has_touch=True, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{base_url}check/")
    given: dict[str, Any] = {}
    try:
        while step := follow_answers(checker, given, policy.valid_from).step:
            view = page.locator(f'form[data-view="{step}"]')
            expect(view).to_be_visible()
            page.locator(f'[for="answer-{step}-{UNKNOWN}"]').click()
            given[step] = UNKNOWN
            button = view.get_by_role("button", name=say("form.next"), exact=True)
            button.scroll_into_view_if_needed()
            box = button.bounding_box()
            assert box
            place = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            button.focus()
            for _ in range(2):
                if way == "enter":
                    page.keyboard.press("Enter")
                else:
                    (page.mouse.click if way == "mouse" else page.touchscreen.tap)(*place)
            following = follow_answers(checker, given, policy.valid_from).step
            expect(page.locator(f'[data-view="{following or RESULT}"] h1').first).to_be_visible()
            expect(page.locator(".check[data-pause]")).to_have_count(0)
            expect(page.locator(f'[data-view="{following or RESULT}"] h1').first).to_be_visible()
            if following:
                assert page.locator(f'[data-question="{following}"] input:checked').count() == 0
    finally:
        context.close()


@pytest.mark.browser
def test_choice_in_the_pause_after_a_view_is_not_taken(chromium_session: BrowserSession, policy: Policy) -> None:
    check_page = CheckPage(chromium_session, policy, policy.valid_from)
    check_page.open()
    first = str(check_page.path({}).step)
    answer, step = next(iter(next_steps(Checker(policy)).items()))
    check_page.click_answer(first, answer)
    check_page.expect_view(step.question, {})
    click = """(name) => {
        const event = new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 });
        document.querySelector(`[for^="answer-${name}-"]`).dispatchEvent(event);
    }"""
    chromium_session.evaluate(click, step.question)
    assert check_page.field_values(step.question) == []
    chromium_session.skip_pause()
    chromium_session.evaluate(click, step.question)
    assert len(check_page.field_values(step.question)) == 1
