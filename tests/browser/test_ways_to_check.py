"""The links of the home page and of the policy into the check: each brings its answers along."""

from __future__ import annotations

import pytest

from checker import Checker, Policy
from checker.web.dialog import follow_answers
from macros.pages.home import first_choices, first_question, implied_answers
from tests.support.browser_session import BrowserSession
from tests.support.check_page import RESULT

pytestmark = pytest.mark.browser

AT = "(view) => walk.find(`[data-view='${view}'] h1`, null).length > 0"


def test_choice_on_the_home_page_leads_to_the_next_question(chromium_session: BrowserSession, policy: Policy) -> None:
    checker = Checker(policy)
    first = first_question(checker)
    assert first
    choice, title = next(iter(first_choices(policy.questions[first]).items()))
    step = follow_answers(checker, {first: choice}, policy.valid_from).step
    assert step not in (None, first)
    chromium_session.open()
    chromium_session.click(".start a", title)
    chromium_session.wait_for(AT, step)


def test_clause_leads_as_far_as_its_answers_do(chromium_session: BrowserSession, policy: Policy) -> None:
    checker = Checker(policy)
    implied = {clause: answers for clause in policy.clauses if (answers := implied_answers(policy, clause))}
    steps = {
        clause: follow_answers(checker, answers, policy.valid_from).step or RESULT
        for clause, answers in implied.items()
    }
    assert len({*steps.values()}) > 1
    for step in {*steps.values()}:
        clause = next(clause for clause in steps if steps[clause] == step)
        chromium_session.open("policy/")
        chromium_session.click(f"#{clause} .clause__head a")
        chromium_session.wait_for(AT, step)
