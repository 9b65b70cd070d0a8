"""Links that carry answers: what goes in comes out, and what nobody meant does no harm."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import Checker, Policy
from checker.web.api import answer
from checker.web.dialog import follow_answers
from checker.web.permalink import VERSION, Link, read, version, write

TODAY = date(2026, 11, 22)
ANSWERS = {
    "problem": "quality",
    "received_on": "2026-11-19",
    "product": "unknown",
    "cause": "none",
    "proof": ["description", "product_pictures"],
}
AMOUNTS = {"order_total": "80", "paid": "60.50", "affected_total": ["5", "15"]}


def opened(checker: Checker, link: object) -> Any:
    digest = checker.policy.digest
    return json.loads(answer(json.dumps({"link": link, "today": TODAY.isoformat(), "digest": digest}), checker))


def pairs(**answers: str | list[str]) -> list[list[str]]:
    return [[name, text] for name, given in answers.items() for text in ([given] if isinstance(given, str) else given)]


def as_json(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[*pair] for pair in pairs]


def test_a_link_brings_back_the_answers_it_was_made_of(checker: Checker, frozen: Policy) -> None:
    reached = follow_answers(checker, ANSWERS | AMOUNTS, TODAY).answers
    assert read(frozen, as_json(write(frozen, reached, amounts=True))) == Link(ANSWERS | AMOUNTS, version(frozen))


def test_amounts_are_left_out_unless_they_are_asked_for(frozen: Policy) -> None:
    assert read(frozen, as_json(write(frozen, ANSWERS | AMOUNTS))).answers == ANSWERS


def test_a_link_opens_to_the_verdict_it_was_copied_from(checker: Checker, frozen: Policy) -> None:
    first = opened(checker, as_json(write(frozen, ANSWERS)))
    assert first["verdict"] == checker.decide(ANSWERS, TODAY).to_json()
    assert opened(checker, first["links"]["plain"]) == first
    assert first["notices"] == []


def test_a_link_of_another_version_says_so_and_answers_by_the_policy_of_today(checker: Checker) -> None:
    reply = opened(checker, [*pairs(**ANSWERS), [VERSION, "0.9-00000000"]])
    assert reply["notices"] == [
        "The policy has changed since this link was made. This is the answer by the policy of today."
    ]
    assert reply["verdict"] == checker.decide(ANSWERS, TODAY).to_json()


def test_an_amount_with_a_comma_is_one_amount(checker: Checker) -> None:
    case = {"problem": "quality", "received_on": "2026-11-19", "product": "standard", "cause": "none"}
    assert opened(checker, pairs(**case, affected_total="12,50"))["answers"]["affected_total"] == ["12.50"]


def test_a_shop_prefills_what_it_knows_without_a_version(checker: Checker) -> None:
    reply = opened(checker, pairs(received_on="2026-11-19", product="standard"))
    assert (reply["step"], reply["notices"], reply["errors"]) == ("problem", [], [])
    assert reply["answers"] == {"received_on": "2026-11-19", "product": "standard"}


def test_answers_that_the_policy_does_not_know_are_left_out_and_said_to_be(checker: Checker) -> None:
    link = pairs(problem="quality", received_on="2026-11-19", product="golden", cause="none", proof=["a", "b"])
    reply = opened(checker, link)
    assert (reply["step"], reply["errors"]) == ("product", [])
    assert reply["answers"] == {"problem": "quality", "received_on": "2026-11-19", "cause": "none"}
    assert reply["notices"] == [
        "Some answers do not fit the policy of today. They were left out. Please answer those questions again."
    ]


@pytest.mark.parametrize(
    "link",
    [
        None,
        "problem=quality",
        [],
        [["", ""]],
        [["a", "1"]] * 1_000,
        [["problem", "quality" * 100_000]],
        [["problem", "<script>alert(1)</script>"]],
        [["received_on", "9999-99-99"], ["product", "\u202egnp.exe"]],
        [["__proto__", "1"], ["problem"], ["problem", 1], [["problem"], "quality"], {"problem": "quality"}, None],
    ],
)
def test_a_hostile_link_leads_to_the_first_question(checker: Checker, link: object) -> None:
    reply = opened(checker, link)
    assert (reply["step"], reply["errors"], reply["answers"]) == ("problem", [], {})


@given(link=st.lists(st.lists(st.sampled_from([*ANSWERS, VERSION]) | st.text(), max_size=3), max_size=9))
def test_any_link_gets_an_answer(frozen: Policy, link: object) -> None:
    assert "step" in opened(Checker(frozen), link)
