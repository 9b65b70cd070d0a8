"""Explanations: every sentence fits the case, and none promises more than the policy."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest

from checker import Checker, Policy
from checker.explain.explanation import Item, explain
from tests.support.words import say

TODAY = date(2026, 11, 22)


def explanation_of(policy: Policy, section: str, **answers: object) -> list[Item]:
    case = {"problem": "quality", "received_on": ago(3), "product": "standard", "cause": "none"} | answers
    verdict = Checker(policy).decide(case, TODAY)
    return [item for each in explain(policy, verdict).sections if each.id == section for item in each.items]


def lines(policy: Policy, section: str, **answers: object) -> list[str]:
    return [item.text for item in explanation_of(policy, section, **answers)]


def step_texts(policy: Policy, *steps: str) -> list[str]:
    return [policy.steps[name].text.strip() for name in steps]


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
    assert lines(frozen, "deadlines", product="unknown")[-1] == say("result.safe_day", date=date(2026, 11, 26))


def test_two_deadlines_name_their_answers(frozen: Policy) -> None:
    assert lines(frozen, "deadlines", product="unknown")[:-1] == [
        say("result.last_day_if", answers="“A factory special product”", text=last_day_text("future", 4, count=4)),
        say("result.last_day_if", answers="“A standard product”", text=last_day_text("future", 12, count=12)),
    ]


def test_past_deadline_leaves_no_safe_day(frozen: Policy) -> None:
    assert lines(frozen, "deadlines", product="unknown", received_on=ago(10))[-1] == say("result.safe_now")


def test_remedies_are_worded_as_a_choice(frozen: Policy) -> None:
    assert lines(frozen, "grants") == [
        say("result.choose", remedies="the product sent to you again or your money back"),
        "The platform bears all costs",
    ]


def test_open_case_says_what_to_find_out_and_how(frozen: Policy) -> None:
    items = explanation_of(frozen, "open", problem="unknown", cause="unknown")
    assert [item.text for item in items] == [frozen.questions["problem"].ask, frozen.questions["cause"].ask]
    assert all(item.note for item in items)
    assert lines(frozen, "next", cause="unknown")[0] == say("result.next_open")


ADDRESSES = {"apply_at": "https://shop.example/apply", "contact": "help@shop.example"}


@pytest.mark.parametrize(
    ("entered", "more", "expected"),
    [
        ([], {}, [("frame.no_address", True)]),
        ([], {"cause": "war"}, [("frame.no_address", True)]),
        (["contact"], {}, [("result.apply_at_missing", True), ("result.contact", False)]),
        (["contact"], {"cause": "war"}, [("result.contact", False)]),
        (["apply_at"], {}, [("result.apply_at", False), ("result.contact_missing", True)]),
        (["apply_at"], {"cause": "war"}, [("result.contact_missing", True)]),
        (["apply_at", "contact"], {}, [("result.apply_at", False), ("result.contact", False)]),
    ],
)
def test_addresses_that_are_missing_are_named_where_they_are_needed(
    frozen: Policy, entered: list[str], more: dict[str, Any], expected: list[tuple[str, bool]]
) -> None:
    addresses = {name: ADDRESSES[name] if name in entered else "" for name in ADDRESSES}
    policy = dataclasses.replace(frozen, shop=dataclasses.replace(frozen.shop, **addresses))
    items = explanation_of(policy, "next", **more)[1:]
    texts = [say(key, address=addresses.get(key.removeprefix("result."))) for key, _ in expected]
    assert [item.text for item in items] == texts
    assert [item.missing for item in items] == [missing for _, missing in expected]


def test_refused_case_lists_no_passed_checks(frozen: Policy) -> None:
    assert lines(frozen, "ruled_out", cause="war") == []
    assert "The time to apply" in lines(frozen, "ruled_out")


def test_order_not_received_is_not_asked_for_impossible_proof(frozen: Policy) -> None:
    arriving = {"received_on": "not_received"}
    assert lines(frozen, "proof", **arriving) == ["A description of the problem"]
    assert lines(frozen, "reminders", **arriving) == []
    texts = step_texts(frozen, "ask_service", "decision")
    assert [item.note for item in explanation_of(frozen, "steps", **arriving)] == texts


def test_sections_have_headings_and_items_have_texts(frozen: Policy) -> None:
    checker = Checker(frozen)
    for example in frozen.examples.values():
        explanation = explain(frozen, checker.decide(dict(example.answers), example.today))
        assert explanation.sections
        assert all(section.heading and section.items for section in explanation.sections)
        assert all(item.text for section in explanation.sections for item in section.items)


def test_refused_case_ends_with_the_remaining_options(frozen: Policy) -> None:
    for answers in ({"cause": "war"}, {"received_on": ago(100)}):
        verdict = Checker(frozen).decide(
            {"problem": "quality", "received_on": ago(3), "product": "standard", "cause": "none"} | answers, TODAY
        )
        explanation = explain(frozen, verdict)
        [*_, last] = [section.id for section in explanation.sections if not section.folded]
        assert (explanation.tone, last) == ("bad", "next")


def test_open_case_starts_with_the_safe_day(frozen: Policy) -> None:
    case = {"problem": "quality", "received_on": ago(3), "product": "unknown", "cause": "unknown"}
    explanation = explain(frozen, Checker(frozen).decide(case, TODAY))
    assert explanation.text.endswith(say("result.safe_day", date=date(2026, 11, 26)))


def test_open_question_is_linked(frozen: Policy) -> None:
    items = explanation_of(frozen, "open", received_on="unknown", product="unknown")
    assert [(item.href, item.clause) for item in items] == [("#received_on", None), ("#product", None)]


def test_past_application_day_is_noted_and_shows_no_past_dates(frozen: Policy) -> None:
    past = {"received_on": ago(20), "applied_on": ago(10)}
    assert lines(frozen, "next", **past)[0] == say("result.applied", date=date(2026, 11, 12))
    texts = step_texts(frozen, "apply", "review_starts", "decision", "money_arrives")
    assert [item.note for item in explanation_of(frozen, "steps", **past)] == texts
    assert lines(frozen, "next", applied_on="2026-11-30")[0] == frozen.outcomes["eligible"].next.strip()


def test_provided_proof_is_shown_as_ready(frozen: Policy) -> None:
    notes = {item.text: item.note for item in explanation_of(frozen, "proof", proof=["description"])}
    assert notes["A description of the problem"] == say("result.provided")
    assert list(notes.values()).count(say("result.provided")) == 1


def test_open_case_lists_possible_proof(frozen: Policy) -> None:
    assert lines(frozen, "proof", cause="unknown") == []
    assert lines(frozen, "possible_proof", cause="unknown") == lines(frozen, "proof")


def test_interpretations_are_shown_with_their_clauses(frozen: Policy) -> None:
    checker = Checker(frozen)
    for example in frozen.examples.values():
        verdict = checker.decide(dict(example.answers), example.today)
        sections = explain(frozen, verdict).sections
        for section in sections:
            assert {reading.clause for reading in section.interpretations} <= {item.clause for item in section.items}
        readings = [reading.text for section in sections for reading in section.interpretations]
        readings += [item.text for section in sections if section.id == "interpretations" for item in section.items]
        notes = {name: note for clause in frozen.clauses.values() for name, note in clause.interpretations.items()}
        assert sorted(readings) == sorted(notes[name].text.strip() for name in verdict.interpretations)


def test_estimate_shows_its_calculation(frozen: Policy) -> None:
    [item] = explanation_of(frozen, "estimates", order_total="100", paid="80", affected_total=["10", "23.45"])
    assert item.text == say("result.estimate", title="Estimated refund", amount="26.76")
    assert item.note == (
        "What was the list price of all goods in the order? 100.00\n"
        "What did you pay for the goods? 80.00\n"
        "What is the list price of each item with the problem? 10.00 + 23.45 = 33.45\n"
        + say("result.exact", of="80.00", that="33.45", whole="100.00", result="26.76")
    )
    [rounded] = explanation_of(frozen, "estimates", order_total="3", paid="1", affected_total="1")
    assert rounded.note is not None
    assert rounded.note.endswith("So: 1.00 × 1.00 ÷ 3.00 = 0.33, rounded to two places.")


def test_interpretations_of_clauses_not_cited_have_their_own_section(frozen: Policy) -> None:
    clause = frozen.clauses["several_reasons"]
    [(name, reading)] = clause.interpretations.items()
    worded = dataclasses.replace(
        clause, interpretations={name: dataclasses.replace(reading, when={"outcome": "eligible"})}
    )
    policy = dataclasses.replace(frozen, clauses={**frozen.clauses, "several_reasons": worded})
    answers = {"problem": "quality", "received_on": ago(1), "product": "standard", "cause": "none"}
    assert lines(policy, "interpretations", **answers) == [reading.text]


def test_shop_addresses_are_links(frozen: Policy) -> None:
    shop = dataclasses.replace(frozen.shop, contact="help@shop.example", apply_at="https://shop.example/apply")
    policy = dataclasses.replace(frozen, shop=shop)
    items = explanation_of(policy, "next", problem="quality", received_on=ago(1), product="standard", cause="none")
    links = [item.href for item in items if item.href]
    assert links == ["https://shop.example/apply", "mailto:help@shop.example"]
