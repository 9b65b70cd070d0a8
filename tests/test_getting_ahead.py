"""Customers who are faster than the checker: their first answer leads on, and they see how much has come."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from customer import RESULT, Customer
from stage import Reply
from walker import Walker

from checker import Checker, Policy
from checker.answers import UNKNOWN
from checker.flow import walk
from macros.form import check_form, follows
from macros.load import load

POLICIES = Path(__file__).parent / "policies"


@pytest.mark.parametrize("name", ["frozen", "library", "bicycles"])
def test_the_page_knows_what_follows_each_first_answer_and_nothing_else(name: str) -> None:
    policy = load(POLICIES / f"{name}.yaml")
    checker = Checker(policy)
    first = walk(checker, {}, policy.valid_from).step
    form = BeautifulSoup(check_form(policy, follows=follows(policy)), "html.parser")
    known = {(field["name"], field["value"]): field["data-next"] for field in form.select("[data-next]")}
    fields = form.select(f'[name="{first}"]')
    steps = {
        (first, field["value"]): walk(checker, {str(first): field["value"]}, policy.valid_from).step for field in fields
    }
    assert known == {field: step for field, step in steps.items() if step}
    assert known


@pytest.fixture
def late(chromium_walker: Walker) -> Iterator[threading.Event]:
    """Holds the runtime back until it is set."""
    come = threading.Event()

    def hold(reply: Reply) -> Reply:
        come.wait(60)
        return reply

    chromium_walker.stage.plays["*.wasm"] = hold
    yield come
    come.set()


@pytest.mark.browser
def test_a_first_answer_that_is_changed_before_the_checker_has_come_counts_as_changed(
    chromium_walker: Walker, policy: Policy, late: threading.Event
) -> None:
    customer = Customer(chromium_walker, policy, policy.valid_from)
    customer.open()
    first = customer.walk({}).step
    assert first
    (one, after_one), *others = follows(policy).items()
    other, after_other = max(others, key=lambda each: each[1] != after_one)
    customer.type_answer(first, one)
    customer.arrives(after_one, {})
    chromium_walker.sees_no(".check-waiting span")
    chromium_walker.back()
    customer.arrives(first, {})
    customer.type_answer(first, other)
    customer.arrives(after_other, {})
    late.set()
    chromium_walker.wait_for(
        "(name) => document.querySelectorAll(`.check-given a[href='#${name}']`).length === 1", first
    )
    assert chromium_walker.evaluate("() => location.hash") == f"#{after_other}"
    customer.type_answer(after_other, UNKNOWN)
    answers = {first: other, after_other: UNKNOWN}
    customer.arrives(customer.walk(answers).step or RESULT, answers)
    customer.sees_given(answers)


@pytest.mark.browser
def test_only_who_waits_sees_how_much_of_the_checker_has_come(
    chromium_walker: Walker, policy: Policy, late: threading.Event
) -> None:
    customer = Customer(chromium_walker, policy, policy.valid_from)
    customer.open()
    came = "async (loaded, total) => (await import('../assets/check/progress.js')).progress(loaded, total)"
    chromium_walker.evaluate(came, 1, 4)
    chromium_walker.sees_no("progress")
    first = customer.walk({}).step
    assert first
    answer = next(choice for choice in policy.questions[first].offered if choice not in follows(policy))
    customer.type_answer(first, answer)
    chromium_walker.see("progress")
    assert chromium_walker.evaluate("() => document.querySelector('progress').position") == 0.25
    chromium_walker.evaluate(came, 4, 4)
    chromium_walker.sees_no("progress")
    late.set()
    customer.arrives(customer.walk({first: answer}).step or RESULT, {first: answer})


@pytest.mark.browser
@pytest.mark.parametrize("when", ["before", "after"])
def test_who_got_ahead_of_a_checker_that_fails_is_led_to_the_notice(
    when: str, chromium_walker: Walker, policy: Policy
) -> None:
    gone = threading.Event()

    def missing(_: Reply) -> Reply:
        gone.wait(60)
        return Reply(status=404, type="text/plain", body=b"")

    chromium_walker.stage.plays["worker.js"] = missing
    customer = Customer(chromium_walker, policy, policy.valid_from)
    customer.open()
    failed = '[data-notice="failed"]'
    if when == "before":
        gone.set()
        chromium_walker.see(failed)
    first = customer.walk({}).step
    assert first
    (answer, after), *_ = follows(policy).items()
    customer.type_answer(first, answer)
    if when == "after":
        customer.arrives(after, {})
        gone.set()
    chromium_walker.focused(failed)
    assert chromium_walker.evaluate("() => location.hash") == ("" if when == "before" else f"#{after}")
    chromium_walker.wrong.clear()
