"""Links that carry answers: what goes in comes out, and what nobody meant does no harm."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import Checker, Policy
from checker.browser import answer
from checker.flow import walk
from checker.link import Link, read, version, write

TODAY = date(2026, 11, 22)
ANSWERS = {
    "problem": "quality",
    "received_on": "2026-11-19",
    "product": "unknown",
    "cause": "none",
    "proof": ["description", "product_pictures"],
}
AMOUNTS = {"order_total": "80", "paid": "60.50", "affected_total": ["5", "15"]}


@pytest.fixture(scope="module")
def checker(frozen: Policy) -> Checker:
    return Checker(frozen)


def opened(checker: Checker, link: object) -> Any:
    digest = checker.policy.digest
    return json.loads(answer(json.dumps({"link": link, "today": TODAY.isoformat(), "digest": digest}), checker))


def test_a_link_brings_back_the_answers_it_was_made_of(checker: Checker, frozen: Policy) -> None:
    reached = walk(checker, ANSWERS | AMOUNTS, TODAY).answers
    assert read(frozen, write(frozen, reached, amounts=True)) == Link(ANSWERS | AMOUNTS, version(frozen))


def test_amounts_are_left_out_unless_they_are_asked_for(frozen: Policy) -> None:
    link = write(frozen, ANSWERS | AMOUNTS)
    assert read(frozen, link).answers == ANSWERS
    assert "60" not in link.replace(version(frozen), "")


def test_a_link_opens_to_the_verdict_it_was_copied_from(checker: Checker, frozen: Policy) -> None:
    first = opened(checker, f"#{write(frozen, ANSWERS)}")
    assert first["verdict"] == checker.decide(ANSWERS, TODAY).to_json()
    assert opened(checker, f"#{first['links']['plain']}") == first
    assert first["notices"] == []


def test_a_link_of_another_version_says_so_and_answers_by_the_policy_of_today(checker: Checker, frozen: Policy) -> None:
    older = write(frozen, ANSWERS).replace(version(frozen), "0.9-00000000")
    reply = opened(checker, older)
    assert reply["notices"] == [
        "The policy has changed since this link was made. This is the answer by the policy of today."
    ]
    assert reply["verdict"] == checker.decide(ANSWERS, TODAY).to_json()


def test_an_amount_with_a_comma_is_one_amount(checker: Checker) -> None:
    reply = opened(checker, "problem=quality&received_on=2026-11-19&product=standard&cause=none&affected_total=12,50")
    assert reply["answers"]["affected_total"] == ["12.50"]


def test_a_shop_prefills_what_it_knows_without_a_version(checker: Checker) -> None:
    reply = opened(checker, "received_on=2026-11-19&product=standard")
    assert (reply["step"], reply["notices"], reply["errors"]) == ("problem", [], [])
    assert reply["answers"] == {"received_on": "2026-11-19", "product": "standard"}


def test_answers_that_the_policy_does_not_know_are_left_out_and_said_to_be(checker: Checker) -> None:
    reply = opened(
        checker, "problem=quality&received_on=2026-11-19&product=golden&cause=none&proof=a&proof=b&nonsense=1"
    )
    assert (reply["step"], reply["errors"]) == ("product", [])
    assert reply["notices"] == [
        "Some answers do not fit the policy of today. They were left out. Please answer those questions again."
    ]


@pytest.mark.parametrize(
    "link",
    [
        "",
        "#",
        "=",
        "&&&===",
        "problem=quality" * 100_000,
        "a=1&" * 1_000,
        "problem=<script>alert(1)</script>",
        "problem=%00%ff%fe",
        "received_on=9999-99-99&product=\u202egnp.exe",
        "__proto__=1&constructor=2",
    ],
)
def test_a_hostile_link_leads_to_the_first_question(checker: Checker, link: str) -> None:
    reply = opened(checker, link)
    assert (reply["step"], reply["errors"], reply["answers"]) == ("problem", [], {})


@given(link=st.text(max_size=300) | st.lists(st.tuples(st.sampled_from([*ANSWERS]), st.text())).map(str))
def test_any_link_gets_an_answer(checker: Checker, link: str) -> None:
    assert "step" in opened(checker, link)
