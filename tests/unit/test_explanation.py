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


def ago(days: int) -> str:
    return (TODAY - timedelta(days)).isoformat()


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ({"received_on": ago(3)}, "Last day to apply: 4 December 2026. You have 12 days left."),
        ({"received_on": ago(14)}, "Last day to apply: 23 November 2026. You have 1 day left."),
        ({"received_on": ago(15)}, "Last day to apply: 22 November 2026. Today is the last day: send it now."),
        ({"received_on": ago(16)}, "The last day to apply was 21 November 2026."),
        # Who applied on another day, or means to, is told of that day and never of days left from today.
        (
            {"received_on": ago(20), "applied_on": ago(5)},
            "Last day to apply: 17 November 2026. If you apply on 17 November 2026, that is in time.",
        ),
        (
            {"received_on": ago(3), "applied_on": "2026-11-30"},
            "Last day to apply: 4 December 2026. If you apply on 30 November 2026, that is in time.",
        ),
        (
            {"received_on": ago(3), "applied_on": "2026-12-05"},
            "Last day to apply: 4 December 2026. On 5 December 2026 it would be too late.",
        ),
        ({"received_on": ago(40), "applied_on": ago(10)}, "The last day to apply was 28 October 2026."),
    ],
)
def test_deadline_is_worded_relative_to_today(frozen: Policy, answers: dict[str, str], line: str) -> None:
    assert lines(frozen, "deadlines", **answers) == [line]


def test_two_deadlines_name_the_safe_day(frozen: Policy) -> None:
    assert lines(frozen, "deadlines", product="unknown")[-1] == "To be safe, apply by 26 November 2026."


def test_two_deadlines_name_their_answers(frozen: Policy) -> None:
    assert lines(frozen, "deadlines", product="unknown")[:-1] == [
        "“A factory special product”: Last day to apply: 26 November 2026. You have 4 days left.",
        "“A standard product”: Last day to apply: 4 December 2026. You have 12 days left.",
    ]


def test_past_deadline_leaves_no_safe_day(frozen: Policy) -> None:
    assert lines(frozen, "deadlines", product="unknown", received_on=ago(10))[-1] == (
        "One of these days is over, so it may be too late already. To be safe, send your application now."
    )


def test_remedies_are_worded_as_a_choice(frozen: Policy) -> None:
    assert lines(frozen, "grants") == [
        "You choose: the product sent to you again or your money back",
        "The platform bears all costs",
    ]


def test_open_case_says_what_to_find_out_and_how(frozen: Policy) -> None:
    items = explanation_of(frozen, "open", problem="unknown", cause="unknown")
    assert [item.text for item in items] == [frozen.questions["problem"].ask, frozen.questions["cause"].ask]
    assert all(item.note for item in items)
    assert lines(frozen, "next", cause="unknown")[0].startswith("Find out what you can")


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
    assert [(item.text, item.missing) for item in items] == [
        *zip(texts, (missing for _, missing in expected), strict=True)
    ]


def test_refused_case_lists_no_passed_checks(frozen: Policy) -> None:
    assert lines(frozen, "ruled_out", cause="war") == []
    assert "The time to apply" in lines(frozen, "ruled_out")


def test_order_not_received_is_not_asked_for_impossible_proof(frozen: Policy) -> None:
    arriving = {"received_on": "not_received"}
    assert lines(frozen, "proof", **arriving) == ["A description of the problem"]
    assert lines(frozen, "reminders", **arriving) == []
    assert [item.note for item in explanation_of(frozen, "steps", **arriving)] == [None, None]


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
    assert explanation.text.endswith("To be safe, apply by 26 November 2026.")


def test_open_question_is_linked(frozen: Policy) -> None:
    items = explanation_of(frozen, "open", received_on="unknown", product="unknown")
    assert [(item.href, item.clause) for item in items] == [("#received_on", None), ("#product", None)]


def test_past_application_day_is_noted_and_shows_no_past_dates(frozen: Policy) -> None:
    past = {"received_on": ago(20), "applied_on": ago(10)}
    assert lines(frozen, "next", **past)[0].startswith("This is the answer for the day 12 November 2026.")
    assert {item.note for item in explanation_of(frozen, "steps", **past)} == {None}
    assert not lines(frozen, "next", applied_on="2026-11-30")[0].startswith("This is the answer for the day")


def test_provided_proof_is_shown_as_ready(frozen: Policy) -> None:
    notes = {item.text: item.note for item in explanation_of(frozen, "proof", proof=["description"])}
    assert notes["A description of the problem"] == "You have it ready."
    assert list(notes.values()).count("You have it ready.") == 1


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
    assert item.text == "Estimated refund: 26.76"
    assert item.note == (
        "What was the list price of all goods in the order? 100.00\n"
        "What did you pay for the goods? 80.00\n"
        "What is the list price of each item with the problem? 10.00 + 23.45 = 33.45\n"
        "So: 80.00 × 33.45 ÷ 100.00 = 26.76."
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
