"""Back, forward, reload and a shared address: each brings back the result that was on the screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from checker import Policy
from checker.answers.parse import UNKNOWN
from checker.policy import Example
from tests.support.browser_session import BrowserSession
from tests.support.check_page import (
    PREPARE,
    REFUND,
    RESULT,
    CheckPage,
    example_by_outcome,
    example_with_amounts,
    first,
)
from tests.support.words import say

pytestmark = pytest.mark.browser

WELCOME = '[data-part="welcome"]'
NOTICES = '[data-part="notices"] li'

type Answers = Mapping[str, Any]


def steps_of(check_page: CheckPage, example: Example) -> dict[str, Any]:
    """The answers of an example to the questions that are asked one by one."""
    return {name: example.answers[name] for name in check_page.question_path(example.answers)}


@pytest.fixture
def examples(policy: Policy) -> tuple[Example, Example]:
    """Two worked examples of one day with different outcomes, neither of which is known after the first answer."""
    all_examples = [example for example in example_by_outcome(policy).values() if len(example.answers) > 2]
    pairs = ((one, other) for one in all_examples for other in all_examples if one is not other)
    return first((pair for pair in pairs if pair[0].today == pair[1].today), "two outcomes with examples of one day")


class Visitor:
    """A check page with the answers of the visitor, and those of somebody else who sends links."""

    def __init__(self, session: BrowserSession, policy: Policy, examples: tuple[Example, Example]) -> None:
        self.session = session
        self.page = CheckPage(session, policy, examples[0].today)
        self.own, self.shared = (steps_of(self.page, example) for example in examples)

    def check_own(self) -> Answers:
        self.page.open()
        self.page.click_through(self.own)
        return self.own

    def open_shared(self) -> Answers:
        self.page.open_result(self.shared)
        return self.shared

    def open_shared_beside_own(self) -> Answers:
        self.check_own()
        return self.open_shared()

    def stored(self) -> Any:
        """The answers on the device; None if there are none."""
        state = self.page.stored_state()
        return state and state["answers"]

    def expect_result(self, answers: Answers, *, linked: bool = False) -> None:
        self.page.expect_view(RESULT, answers)
        self.page.expect_answer_list(answers)
        assert bool(self.session.visible_texts(WELCOME)) == linked
        assert self.session.server.address + self.session.address == self.page.link(answers)


@pytest.fixture
def visitor(chromium_session: BrowserSession, policy: Policy, examples: tuple[Example, Example]) -> Visitor:
    return Visitor(chromium_session, policy, examples)


def change_and_return(visitor: Visitor, answers: Answers) -> None:
    name = visitor.page.policy.questions[[*answers][-1]].name
    visitor.session.click("link", f"{say('form.change')}: {name}")
    visitor.page.expect_answer_in_view([*answers][-1], answers)
    visitor.session.back()


def leave_and_return(visitor: Visitor, _: Answers) -> None:
    visitor.session.open("policy/")
    visitor.session.back()


def reload(visitor: Visitor, _: Answers) -> None:
    visitor.session.reload()


def open_link_again(visitor: Visitor, answers: Answers) -> None:
    visitor.session.open("policy/")
    visitor.session.open(visitor.page.link(answers).removeprefix(visitor.session.server.address))


def follow_link_again(visitor: Visitor, answers: Answers) -> None:
    visitor.page.follow_link(visitor.page.link(answers))


def back_and_forward(visitor: Visitor, _: Answers) -> None:
    visitor.session.evaluate("() => { document.querySelector('.check').dataset.seen = '' }")
    visitor.session.back()
    visitor.session.wait_for(
        "() => walk.find('h1', null).length && !walk.find(\"[data-view='check-result'] h1\", null).length"
    )
    visitor.session.forward()


ACTIONS = (reload, change_and_return, leave_and_return, open_link_again, follow_link_again, back_and_forward)


RECORD_CALLS = """
globalThis.calls = [];
const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (message, transfer = []) {
  if (message.name === "ask") calls.push(message.argument.what);
  postMessage.call(this, message, transfer);
};
"""


def test_checker_is_asked_about_an_address_unless_the_page_made_it_of_the_same_answers(visitor: Visitor) -> None:
    session, page = visitor.session, visitor.page
    session.add_init_script(RECORD_CALLS)
    visitor.check_own()
    session.reload()
    visitor.expect_result(visitor.own)
    assert session.evaluate("() => calls") == ["answer"]
    own_address = page.link(visitor.own)
    last = [*visitor.own][-1]
    changed = {**visitor.own, last: UNKNOWN}
    session.click("link", f"{say('form.change')}: {page.policy.questions[last].name}")
    page.click_answer(last, UNKNOWN)
    page.expect_view(RESULT, changed)
    page.follow_link(own_address)
    visitor.expect_result(visitor.own, linked=True)
    assert session.evaluate("() => calls") == ["answer", "answer", "known", "answer"]


@pytest.mark.parametrize(
    ("begin", "linked"),
    [(Visitor.check_own, False), (Visitor.open_shared, False), (Visitor.open_shared_beside_own, True)],
    ids=["own", "shared", "shared beside own"],
)
def test_result_comes_back(visitor: Visitor, begin: Callable[[Visitor], Answers], linked: bool) -> None:
    answers = begin(visitor)
    visitor.expect_result(answers, linked=linked)
    stored = visitor.stored()
    assert stored == (visitor.own if linked else answers)
    for action in (*ACTIONS, *reversed(ACTIONS)):
        action(visitor, answers)
        visitor.expect_result(answers, linked=linked)
        assert visitor.stored() == stored, action


def test_core_of_it_in_every_browser(
    session: BrowserSession, policy: Policy, examples: tuple[Example, Example]
) -> None:
    visitor = Visitor(session, policy, examples)
    visitor.open_shared_beside_own()
    for action in (reload, change_and_return, leave_and_return):
        action(visitor, visitor.shared)
        visitor.expect_result(visitor.shared, linked=True)
    session.click("button", say("keep.resume"))
    visitor.expect_result(visitor.own)
    session.back()
    visitor.expect_result(visitor.shared, linked=True)


def test_address_of_a_result_leads_somebody_else_to_the_same_result(
    visitor: Visitor, open_session: Callable[..., BrowserSession], policy: Policy, examples: tuple[Example, Example]
) -> None:
    visitor.check_own()
    other = Visitor(open_session("chromium"), policy, examples)
    other.session.open(visitor.session.address)
    other.expect_result(visitor.own)


@pytest.mark.parametrize("view", [PREPARE, REFUND, RESULT, "question"])
def test_address_without_answers_says_so_to_somebody_else(visitor: Visitor, view: str) -> None:
    visitor.session.open(f"check/#{[*visitor.own][-1] if view == 'question' else view}")
    visitor.page.expect_view(next(iter(visitor.own)), {})
    assert visitor.session.visible_texts(NOTICES) == [say("notice.no_answers")]
    visitor.session.evaluate("() => { dispatchEvent(new StorageEvent('storage')) }")  # nothing was deleted
    assert visitor.session.visible_texts(NOTICES) == [say("notice.no_answers")]


def make_own(visitor: Visitor, answers: Answers) -> None:
    """Confirm the last answer of a shared case, which makes the case the visitor's own."""
    change(visitor, answers)
    visitor.session.click("button", say("form.next"))
    visitor.page.expect_view(RESULT, answers)
    assert visitor.stored() == answers


def change(visitor: Visitor, answers: Answers) -> None:
    *_, last = answers
    visitor.session.click("link", f"{say('form.change')}: {visitor.page.policy.questions[last].name}")
    visitor.page.expect_answer_in_view(last, answers)


def test_own_case_survives_links_that_become_cases(visitor: Visitor, policy: Policy) -> None:
    visitor.open_shared_beside_own()
    make_own(visitor, visitor.shared)
    others = (steps_of(visitor.page, example) for example in policy.examples.values())
    another = first(
        (
            answers
            for answers in others
            if answers not in (visitor.own, visitor.shared) and leads_to_result(visitor, answers)
        ),
        "third example",
    )
    visitor.page.open_result(another)
    visitor.expect_result(another, linked=True)
    make_own(visitor, another)
    for shown, before in ((another, visitor.shared), (visitor.shared, visitor.own)):
        change(visitor, shown)
        visitor.session.click("button", say("keep.resume"))
        visitor.expect_result(before)
        assert visitor.stored() == before
    assert "previous" not in visitor.page.stored_state()


def leads_to_result(visitor: Visitor, answers: Answers) -> bool:
    return visitor.page.path(answers).step is None


def test_link_with_a_question_mark_leads_to_the_case_that_the_tab_has(visitor: Visitor) -> None:
    number = "() => JSON.parse(sessionStorage.getItem(`check ${location.pathname}`)).case"
    visitor.open_shared_beside_own()
    before = visitor.session.evaluate(number)
    visitor.session.open("policy/")
    address = visitor.page.link(visitor.shared).replace("#", "?").removeprefix(visitor.session.server.address)
    visitor.session.open(address)
    visitor.expect_result(visitor.shared, linked=True)
    assert visitor.session.evaluate(number) == before


def test_new_link_in_the_same_tab_and_back_to_the_one_before(visitor: Visitor) -> None:
    visitor.check_own()
    visitor.page.follow_link(visitor.page.link(visitor.shared))
    visitor.expect_result(visitor.shared, linked=True)
    visitor.session.back()
    visitor.expect_result(visitor.own)
    visitor.session.forward()
    visitor.expect_result(visitor.shared, linked=True)
    visitor.session.reload()
    visitor.expect_result(visitor.shared, linked=True)
    assert visitor.stored() == visitor.own


def test_what_is_added_to_a_case_stays_on_the_way_back_to_its_result(visitor: Visitor, policy: Policy) -> None:
    """Proof is part of the address. The entry of the result in the history has the address from before."""
    example = example_with_amounts(policy)
    session, page = visitor.session, visitor.page
    page.set_today(example.today)
    answers = steps_of(page, example)
    page.open()
    page.click_through(answers)
    page.open_view(PREPARE, answers)
    item = page.response(answers)["verdict"]["proof"]["needed"][0]
    [proof] = [name for name, question in policy.questions.items() if question.answer == "proof"]
    session.click(f"#answer-{proof}-{item}")
    given = {**answers, proof: [item]}
    session.expect_visible(f"[data-item='{item}'][data-state=separately]")
    session.back()
    page.expect_view(RESULT, given)
    session.expect_absent(WELCOME)
    assert session.server.address + session.address == page.link(given)
    session.reload()
    page.expect_view(RESULT, given)
    session.expect_absent(WELCOME)


def test_amounts_are_in_the_address_only_if_they_are_asked_for(visitor: Visitor, policy: Policy) -> None:
    example = example_with_amounts(policy)
    session, page = visitor.session, visitor.page
    page.set_today(example.today)
    page.open_result(example.answers, amounts=True)
    with_amounts, plain = (page.link(example.answers, amounts=amounts) for amounts in (True, False))
    for address in (with_amounts, plain, with_amounts):
        assert session.server.address + session.address == address
        session.reload()
        page.expect_view(RESULT, example.answers)
        assert session.server.address + session.address == address
        session.click("#check-link-amounts")
    assert page.path(page.stored_state()["answers"]).answers.stored == page.path(example.answers).answers.stored


def test_case_keeps_its_number_through_corrections_and_another_case_gets_one(visitor: Visitor) -> None:
    visitor.check_own()
    number = visitor.page.stored_state()["case"]
    assert re.fullmatch("[0-9a-f]{32}", number)
    make_own(visitor, visitor.own)
    visitor.session.reload()
    visitor.expect_result(visitor.own)
    assert visitor.page.stored_state()["case"] == number
    visitor.open_shared()
    make_own(visitor, visitor.shared)
    assert visitor.page.stored_state()["case"] != number


# ---- two tabs


def delete_in_another_tab(visitor: Visitor) -> None:
    tab = visitor.session.chromium.context.new_page()
    tab.goto(f"{visitor.session.server.address}check/")
    tab.locator(f'{WELCOME} [data-do="clear"]').click()
    tab.close()


def test_case_that_is_deleted_in_another_tab_is_gone_in_this_one(visitor: Visitor) -> None:
    visitor.check_own()
    delete_in_another_tab(visitor)
    visitor.page.expect_view(next(iter(visitor.own)), {})
    assert visitor.stored() is None
    assert visitor.session.evaluate("() => sessionStorage.length") == 0


def test_case_of_a_link_stays_when_the_own_one_is_deleted_in_another_tab(visitor: Visitor) -> None:
    visitor.open_shared_beside_own()
    delete_in_another_tab(visitor)
    visitor.session.reload()
    visitor.page.expect_view(RESULT, visitor.shared)


def test_tab_that_was_away_finds_its_case_deleted(visitor: Visitor) -> None:
    visitor.check_own()
    visitor.session.open("policy/")
    delete_in_another_tab(visitor)
    visitor.session.open(f"check/#{PREPARE}")
    visitor.page.expect_view(next(iter(visitor.own)), {})
    assert visitor.session.visible_texts(NOTICES) == [say("notice.no_answers")]


# ---- without storage


def test_result_comes_back_by_its_address_where_nothing_is_stored(visitor: Visitor) -> None:
    refuse = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') };"
    visitor.session.add_init_script(refuse)
    visitor.check_own()
    assert visitor.session.visible_texts(NOTICES) == [say("notice.unstored")]
    visitor.session.reload()
    visitor.expect_result(visitor.own)
    assert visitor.session.visible_texts(NOTICES) == [say("notice.unstored")]
    change(visitor, visitor.own)
    visitor.session.reload()
    visitor.page.expect_view(next(iter(visitor.own)), {})
    assert say("notice.no_answers") in visitor.session.visible_texts(NOTICES)


# ---- the home page


def test_choice_of_the_home_page_is_not_lost_on_the_way_back_to_it(visitor: Visitor, policy: Policy) -> None:
    session, page = visitor.session, visitor.page
    question, answer = next(iter(visitor.own.items()))
    session.open()
    session.click(f'.start a[href$="{question}={answer}&"]')
    step = page.path({question: answer}).step
    assert step
    page.expect_view(step, {question: answer})
    session.back()
    session.expect_visible(".start")
    session.forward()
    session.wait_for("() => walk.find('.check-answers dd', null).length")
    page.expect_view(step, {question: answer})
    page.expect_answer_list({question: answer})
