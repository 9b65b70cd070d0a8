"""Explanations: every sentence fits the case, and none promises more than the policy."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from checker import Checker, Policy
from checker.explain.explanation import Explanation, explain
from checker.explain.items import Item, Task
from tests.support.words import say

TODAY = date(2026, 11, 22)


def explanation_of(policy: Policy, **answers: object) -> Explanation:
    case = {"problem": "quality", "received_on": ago(3), "product": "standard", "cause": "none"} | answers
    return explain(policy, Checker(policy).decide(case, TODAY))


def items_of(policy: Policy, section: str, **answers: object) -> list[Item]:
    sections = explanation_of(policy, **answers).sections
    return [item for part in sections if part.id == section for item in part.items]


def task(tasks: tuple[Task, ...], id_: str) -> Task:
    [result] = (task for task in tasks if task.id == id_)
    return result


def texts(items: tuple[Item, ...]) -> list[str]:
    return [item.text for item in items]


def lines(policy: Policy, section: str, **answers: object) -> list[str]:
    return [item.text for item in items_of(policy, section, **answers)]


def ago(days: int) -> str:
    return (TODAY - timedelta(days)).isoformat()


@pytest.mark.parametrize(
    ("answers", "key", "last_day", "acting", "count"),
    [
        ({"received_on": ago(3)}, "future", 12, 0, 12),
        ({"received_on": ago(14)}, "future", 1, 0, 1),
        ({"received_on": ago(15)}, "today", 0, 0, 0),
        ({"received_on": ago(16)}, "past", -1, 0, 0),
        # Who applied on another day, or means to, is told of that day and never of days left from today.
        ({"received_on": ago(20), "applied_on": ago(5)}, "in_time", -5, -5, 0),
        ({"received_on": ago(3), "applied_on": "2026-11-30"}, "in_time", 12, 8, 0),
        ({"received_on": ago(3), "applied_on": "2026-12-05"}, "late", 12, 13, 0),
        ({"received_on": ago(40), "applied_on": ago(10)}, "past", -25, 0, 0),
    ],
)
def test_deadline_is_worded_relative_to_today(
    frozen: Policy, answers: dict[str, str], key: str, last_day: int, acting: int, count: int
) -> None:
    """The days are counted from today on."""
    assert lines(frozen, "deadlines", **answers) == [last_day_text(key, last_day, acting, count)]


def last_day_text(key: str, last_day: int, acting: int = 0, count: int = 0) -> str:
    days = {"date": TODAY + timedelta(last_day), "acting": TODAY + timedelta(acting)}
    return say(f"timeline.last_day_{key}", count=count, **days)


def test_two_deadlines_name_the_safe_day(frozen: Policy) -> None:
    safe = say("result.safe_day", date=date(2026, 11, 26))
    assert texts(explanation_of(frozen, product="unknown").texts)[0] == safe


def test_two_deadlines_name_their_answers(frozen: Policy) -> None:
    assert lines(frozen, "deadlines", product="unknown") == [
        say("result.last_day_if", answers="“A factory special product”", text=last_day_text("future", 4, 0, 4)),
        say("result.last_day_if", answers="“A standard product”", text=last_day_text("future", 12, 0, 12)),
    ]


def test_past_deadline_leaves_no_safe_day(frozen: Policy) -> None:
    late = explanation_of(frozen, product="unknown", received_on=ago(10))
    assert texts(late.texts)[0] == say("result.safe_now")


def test_remedies_are_worded_as_a_choice(frozen: Policy) -> None:
    granted = task(explanation_of(frozen).after, "remedies")
    assert granted.title == frozen.messages.say(
        "result.choose", remedies="the product sent to you again or your money back"
    )
    assert texts(granted.texts) == [say("result.costs", costs="The platform bears all costs")]


def test_open_case_says_what_to_find_out_and_how(frozen: Policy) -> None:
    first, second, *_ = explanation_of(frozen, problem="unknown", cause="unknown").now
    assert [first.title, second.title] == [frozen.questions["problem"].ask, frozen.questions["cause"].ask]
    assert texts(first.texts) == [frozen.questions["problem"].if_unsure]
    assert [item.href for item in (*first.links, *second.links)] == ["#problem", "#cause"]
    assert texts(task(explanation_of(frozen, cause="unknown").now, "next").texts) == [say("result.next_open")]


def test_branches_say_which_answer_leads_where(frozen: Policy) -> None:
    branches = task(explanation_of(frozen, product="unknown", received_on=ago(9)).now, "product").items
    assert [(item.text, item.note) for item in branches] == [
        ("“A standard product”", frozen.outcomes["eligible"].title),
        ("“A factory special product”", frozen.outcomes["expired"].title),
    ]


def test_branches_name_the_days_of_a_date(frozen: Policy) -> None:
    branches = task(explanation_of(frozen, received_on="unknown").now, "received_on").items
    assert [(item.text, item.note) for item in branches] == [
        (say("branch.between", first=date(2026, 11, 7), last=TODAY), frozen.outcomes["eligible"].title),
        (say("branch.until", last=date(2026, 11, 6)), frozen.outcomes["expired"].title),
        ("“It has not arrived”", frozen.outcomes["review"].title),
    ]


def test_refused_case_lists_no_passed_checks(frozen: Policy) -> None:
    assert lines(frozen, "ruled_out", cause="war") == []
    assert "The time to apply" in lines(frozen, "ruled_out")


def test_order_not_received_is_not_asked_for_impossible_proof(frozen: Policy) -> None:
    arriving = explanation_of(frozen, received_on="not_received")
    assert texts(task(arriving.now, "proof").items) == ["A description of the problem"]
    assert [section.id for section in arriving.sections if section.id == "reminders"] == []
    assert [item.note for step in arriving.after for item in step.texts] == [None, None]


def test_sections_have_headings_and_items_have_texts(frozen: Policy) -> None:
    checker = Checker(frozen)
    for example in frozen.examples.values():
        explanation = explain(frozen, checker.decide(dict(example.answers), example.today))
        assert explanation.sections
        assert all(section.heading and section.items for section in explanation.sections)
        assert all(item.text for section in explanation.sections for item in section.items)


def test_refused_case_ends_its_tasks_with_the_next_step(frozen: Policy) -> None:
    for answers, outcome in (({"cause": "war"}, "excluded"), ({"received_on": ago(100)}, "expired")):
        refused = explanation_of(frozen, **answers)
        assert refused.tone == "bad"
        assert texts(refused.now[-1].texts) == [frozen.outcomes[outcome].next.strip()]


def test_refusal_without_a_last_day_quotes_its_clause(frozen: Policy) -> None:
    assert explanation_of(frozen, cause="war").quotes == ("force_majeure",)
    assert explanation_of(frozen, received_on=ago(100)).quotes == ()
    assert explanation_of(frozen).quotes == ()


def test_late_case_leads_to_its_dates(frozen: Policy) -> None:
    dates = task(explanation_of(frozen, received_on=ago(20)).now, "dates")
    assert texts(dates.texts) == [say("task.dates_text", date=date(2026, 11, 17))]
    assert [item.href for item in dates.links] == ["#received_on", "#applied_on"]


def test_past_application_day_is_noted_and_shows_no_past_dates(frozen: Policy) -> None:
    past = explanation_of(frozen, received_on=ago(20), applied_on=ago(10))
    assert texts(past.texts)[-1] == say("result.applied", date=TODAY - timedelta(10))
    assert {item.note for step in past.after for item in step.texts} == {None}
    assert len(explanation_of(frozen, applied_on="2026-11-30").texts) == 1


def test_provided_proof_is_shown_as_ready(frozen: Policy) -> None:
    proof = task(explanation_of(frozen, proof=["description"]).now, "proof")
    notes = {item.text: item.note for item in proof.items}
    assert notes["A description of the problem"] == say("result.provided")
    assert [*notes.values()].count(say("result.provided")) == 1


def test_open_case_marks_possible_proof(frozen: Policy) -> None:
    certain, possible = (task(explanation_of(frozen, cause=cause).now, "proof") for cause in ("none", "unknown"))
    assert texts(certain.items) == texts(possible.items)
    assert {item.note for item in certain.items} == {None}
    assert {item.note for item in possible.items} == {say("result.possible_proof")}


def test_estimate_shows_its_calculation(frozen: Policy) -> None:
    [item] = items_of(frozen, "estimates", order_total="100", paid="80", affected_total=["10", "23.45"])
    assert item.text == "Estimated refund: 26.76"
    assert item.note == say("result.exact", of="80.00", that="33.45", whole="100.00", result="26.76")
    assert [(line.label, line.amount) for line in item.receipt] == [
        ("What was the list price of all goods in the order?", "100.00"),
        ("What did you pay for the goods?", "80.00"),
        (say("form.item", number=1), "10.00"),
        (say("form.item", number=2), "23.45"),
        ("What is the list price of each item with the problem?", "33.45"),
        ("Estimated refund", "26.76"),
    ]
    [rounded] = items_of(frozen, "estimates", order_total="3", paid="1", affected_total="1")
    assert rounded.note == say("result.rounded", of="1.00", that="1.00", whole="3.00", result="0.33")
    assert [line.amount for line in rounded.receipt] == ["3.00", "1.00", "1.00", "0.33"]


def test_shop_addresses_are_links(frozen: Policy) -> None:
    shop = dataclasses.replace(frozen.shop, contact="help@shop.example", apply_at="https://shop.example/apply")
    policy = dataclasses.replace(frozen, shop=shop)
    links = [item.href for item in task(explanation_of(policy).now, "next").addresses]
    assert links == ["https://shop.example/apply", "mailto:help@shop.example"]
    refused = task(explanation_of(policy, cause="war").now, "next").addresses
    assert [item.href for item in refused] == ["mailto:help@shop.example"]


def test_missing_address_is_said_once(frozen: Policy) -> None:
    assert texts(task(explanation_of(frozen).now, "next").addresses) == [say("frame.no_address")]


def test_note_at_a_step_without_a_heading_of_its_own_stands_with_the_open_points(frozen: Policy) -> None:
    clause = frozen.clauses["money_back"]
    [(id_, step)] = clause.steps.items()
    [(name, note)] = clause.interpretations.items()
    worded = dataclasses.replace(
        clause,
        steps={id_: dataclasses.replace(step, at="remedies")},
        interpretations={name: dataclasses.replace(note, at=id_)},
    )
    explanation = explanation_of(dataclasses.replace(frozen, clauses={**frozen.clauses, "money_back": worded}))
    assert step.text.strip() in texts(task(explanation.after, "remedies").texts)
    assert id_ not in [task.id for task in explanation.after]
    assert note.text.strip() in [item.text for part in explanation.sections for item in part.items]
