"""Whole walks of a customer through the check page, each written once and walked in every browser."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from checker import Policy
from checker.answers.parse import UNKNOWN
from checker.messages import say
from checker.web.dialog import is_asked
from macros.pages.check_form import follows
from tests.support.browser_session import Walker
from tests.support.check_page import PREPARE, RESULT, Customer, first, of_kind, one_for_each_outcome
from tests.support.servers import Reply

pytestmark = pytest.mark.browser


@pytest.fixture
def walker(long_walker: Walker) -> Walker:
    return long_walker


MONTHS = say("date.months").split()


def test_a_keyboard_alone_leads_to_every_outcome(walker: Walker, policy: Policy) -> None:
    examples = [*one_for_each_outcome(policy).values()]
    held = threading.Event()

    def hold(reply: Reply) -> Reply:
        held.wait(60)
        return reply

    walker.stage.plays["*.wasm"] = hold
    customer = Customer(walker, policy, examples[0].today)
    customer.open()
    unsure = {name: UNKNOWN for name, question in policy.questions.items() if is_asked(question)}
    cases = [(each.today, dict(each.answers), policy.outcomes[each.outcome].title) for each in examples]
    cases.append((examples[0].today, unsure, say("result.undecided")))
    for number, (today, answers, title) in enumerate(cases):
        customer.be_on(today)
        for index, question in enumerate(customer.way(answers)):
            if number or index:
                customer.arrives(question, {})
            answer = answers[question]
            day = customer.day(question, answer)
            month = [None, MONTHS[day.month - 1], MONTHS[day.month - 1][:3].lower()][number % 3] if day else None
            customer.type_answer(question, answer, month)
            # The first answer leads on while the checker is on its way. Who then gets ahead of it waits.
            if not held.is_set() and (index or answer not in follows(policy)):
                assert walker.see('[role="status"]', say("page.waiting"))
                held.set()
        customer.arrives(RESULT, answers)
        assert walker.see(".check-outcome h2") == title
        customer.sees_given(answers)
        walker.tab_to("button", say("keep.clear"))
        walker.press("Enter")
    customer.arrives(customer.way(examples[0].answers)[0], {})
    walker.sees_no(".check-given")


def test_answers_can_be_mended_and_changed_and_are_there_again(walker: Walker, policy: Policy) -> None:
    example = max(policy.examples.values(), key=lambda example: len(example.answers))
    answers = dict(example.answers)
    customer = Customer(walker, policy, example.today)
    customer.open()
    way = customer.way(answers)
    dated = first((name for name in way if customer.day(name, answers[name])), "date in its longest example")
    asked = first(of_kind(policy, "proof"), "question for proof")
    tomorrow = example.today + timedelta(1)

    # Each mistake is explained, and gone once it is mended.
    given: dict[str, object] = {}
    for question in way:
        walker.tab_to("button", say("form.next"))
        walker.press("Enter")
        customer.is_told({**given, question: ""}, question)
        if question == dated:
            for parts in (
                ("31", MONTHS[1], f"{example.today.year}"),
                (f"{tomorrow:%d}", f"{tomorrow:%m}", f"{tomorrow:%Y}"),
            ):
                customer.type_date(question, *parts)
                walker.press("Enter")
                customer.is_told({**given, question: " ".join(parts)}, question)
        customer.type_answer(question, answers[question])
        given[question] = answers[question]
        customer.arrives(customer.walk(given).step or RESULT, given)
        walker.sees_no(".check-errors")
        walker.sees_no(".check-error")
        assert walker.evaluate("() => document.querySelectorAll('[aria-invalid]').length") == 0
    customer.sees_given(answers)

    # One answer is changed; the others that still matter stay.
    changed = way[0]
    choices = [choice for choice in policy.questions[changed].offered if choice != answers[changed]]
    alike = (choice for choice in choices if customer.way(answers | {changed: choice}) == way)
    other = first(alike, "other first answer after which the same is asked")
    walker.click("link", f"{say('form.change')}: {policy.questions[changed].ask}")
    customer.arrives(changed, {})
    assert customer.fields(changed) == [answers[changed]]
    customer.type_answer(changed, other)
    answers[changed] = other
    customer.arrives(RESULT, answers)
    customer.sees_given(answers)

    # The browser's buttons lead through the views, with the answers in their fields.
    before = [*way, RESULT, changed]
    for view in reversed(before):
        walker.back()
        customer.sees_view(view, answers)
    for view in [*before[1:], RESULT]:
        walker.forward()
        customer.sees_view(view, answers)

    # What was prepared is still there when the page is loaded again.
    walker.click(f'[href="#{PREPARE}"]')
    customer.arrives(PREPARE, answers)
    ready = customer.reply(answers)["verdict"]["proof"]["needed"][0]
    for item in customer.fields(asked):
        walker.click(f"#answer-{asked}-{item}")
    walker.click(f"#answer-{asked}-{ready}")
    walker.click("#check-description")
    walker.type("It is broken.")
    items = {item: each for clause in policy.clauses.values() for item, each in clause.proof.items()}
    needed = customer.reply(answers)["verdict"]["proof"]["needed"]
    answers[asked] = [item for item in needed if item == ready or items[item].written == "yes"]
    for item in answers[asked]:
        walker.wait_for("(item) => Object.values(localStorage).some((kept) => kept.includes(item))", item)
    walker.reload()
    customer.arrives(PREPARE, answers)
    assert customer.fields(asked) == answers[asked]
    assert walker.evaluate("() => document.querySelector('#check-description').value") == "It is broken."
    walker.click(f'[href="#{RESULT}"]')
    customer.arrives(RESULT, answers)
    customer.sees_given(answers)
    for question in way:
        walker.click("link", f"{say('form.change')}: {policy.questions[question].ask}")
        customer.sees_view(question, answers)
        walker.back()
        customer.arrives(RESULT, answers)
