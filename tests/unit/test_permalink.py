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
from checker.answers.kinds.kind import StoredAnswer
from checker.web.api import answer
from checker.web.dialog import follow_answers
from checker.web.permalink import VERSION, read, version, write
from tests.support.words import say

TODAY = date(2026, 11, 22)
ANSWERS: dict[str, StoredAnswer] = {
    "problem": "quality",
    "received_on": "2026-11-19",
    "product": "unknown",
    "cause": "none",
    "proof": ["description", "product_pictures"],
}
AMOUNTS: dict[str, StoredAnswer] = {"order_total": "80", "paid": "60.50", "affected_total": ["5", "15"]}


def open_link(checker: Checker, link: object) -> Any:
    digest = checker.policy.digest
    return json.loads(answer(json.dumps({"link": link, "today": TODAY.isoformat(), "digest": digest}), checker))


def pairs(**answers: StoredAnswer) -> list[list[str]]:
    return [[name, text] for name, given in answers.items() for text in ([given] if isinstance(given, str) else given)]


def as_json(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[*pair] for pair in pairs]


def test_permalink_round_trips_the_answers(checker: Checker, frozen: Policy) -> None:
    reached = follow_answers(checker, ANSWERS | AMOUNTS, TODAY).answers.stored
    assert read(frozen, as_json(write(frozen, reached, amounts=True))) == (ANSWERS | AMOUNTS, version(frozen))


def test_permalink_contains_amounts_only_on_request(frozen: Policy) -> None:
    assert read(frozen, as_json(write(frozen, ANSWERS | AMOUNTS)))[0] == ANSWERS


def test_permalink_opens_the_same_verdict(checker: Checker, frozen: Policy) -> None:
    first = open_link(checker, as_json(write(frozen, ANSWERS)))
    assert first["verdict"] == checker.decide(ANSWERS, TODAY).to_json()
    assert open_link(checker, first["links"]["plain"]) == first
    assert first["notices"] == []


def test_permalink_of_another_version_is_noted_and_answered_anew(checker: Checker) -> None:
    reply = open_link(checker, [*pairs(**ANSWERS), [VERSION, "0.9-00000000"]])
    assert reply["notices"] == [say("notice.changed")]
    assert reply["verdict"] == checker.decide(ANSWERS, TODAY).to_json()


def test_amount_with_a_comma_is_one_amount(checker: Checker) -> None:
    case = {"problem": "quality", "received_on": "2026-11-19", "product": "standard", "cause": "none"}
    assert open_link(checker, pairs(**case, affected_total="12,50"))["answers"]["affected_total"] == ["12.50"]


def test_permalink_without_a_version_prefills_answers(checker: Checker) -> None:
    reply = open_link(checker, pairs(received_on="2026-11-19", product="standard"))
    assert (reply["step"], reply["notices"], reply["errors"]) == ("problem", [], [])
    assert reply["answers"] == {"received_on": "2026-11-19", "product": "standard"}


def test_unknown_answers_in_a_permalink_are_dropped_with_a_notice(checker: Checker) -> None:
    link = pairs(problem="quality", received_on="2026-11-19", product="golden", cause="none", proof=["a", "b"])
    reply = open_link(checker, link)
    assert (reply["step"], reply["errors"]) == ("product", [])
    assert reply["answers"] == {"problem": "quality", "received_on": "2026-11-19", "cause": "none"}
    assert reply["notices"] == [say("notice.dropped")]


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
def test_hostile_permalink_leads_to_the_first_question(checker: Checker, link: object) -> None:
    reply = open_link(checker, link)
    assert (reply["step"], reply["errors"], reply["answers"]) == ("problem", [], {})


@given(link=st.lists(st.lists(st.sampled_from([*ANSWERS, VERSION]) | st.text(), max_size=3), max_size=9))
def test_random_permalink_gets_a_response(frozen: Policy, link: object) -> None:
    assert "step" in open_link(Checker(frozen), link)
