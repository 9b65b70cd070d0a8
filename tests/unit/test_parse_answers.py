"""Answers: valid ones are read, and invalid ones are errors that name the question."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from checker import AnswerError, AnswerErrors, Checker, Policy
from checker.answers.parse import LATEST_TODAY, parse_answers, parse_today
from checker.verdict import dumps
from tests.support.words import MESSAGES

TODAY = date(2026, 11, 22)

TOTAL = "What was the list price of all goods in the order?"
ANY_DATE = {"date": MESSAGES.say("error.any_date"), "answers": "“It has not arrived” or “I don’t know”"}
THIRTIETH = {"day": 30, "month": "February", "year": 2026}
SHARE = {"whole": "10.00", "question": TOTAL}


def message(key: str, **names: Any) -> str:
    return MESSAGES.say(f"error.{key}", **names)


BAD: list[tuple[object, list[tuple[str | None, str]]]] = [
    ([], [(None, message("answers_object"))]),
    ({"prodct": "standard"}, [("prodct", message("did_you_mean", question="prodct", near="product"))]),
    ({"zzz": 1}, [("zzz", message("unknown_question", question="zzz"))]),
    ({"product": "standart"}, [("product", message("choice", given="standart"))]),
    ({"product": 5}, [("product", message("choice_text"))]),
    ({"product": ["standard"]}, [("product", message("choice_text"))]),
    ({"product": " "}, [("product", message("choice_blank", unknown="I don’t know"))]),
    ({"received_on": ""}, [("received_on", message("date_blank", **ANY_DATE))]),
    ({"received_on": "3 nov"}, [("received_on", message("date_missing", parts=message("year_part")))]),
    ({"received_on": 20261103}, [("received_on", message("date_whole"))]),
    ({"received_on": "2026-02-30"}, [("received_on", message("no_such_day", **THIRTIETH))]),
    ({"received_on": "23 nov 2026"}, [("received_on", message("future", day=date(2026, 11, 23), date=TODAY))]),
    (
        {"received_on": "2026-11-20", "applied_on": "19 11 2026"},
        [
            (
                "received_on",
                message(
                    "after",
                    day=date(2026, 11, 20),
                    date=date(2026, 11, 19),
                    question="On which day do you apply?",
                ),
            )
        ],
    ),
    ({"applied_on": "9999-12-31"}, [("applied_on", message("date_far", year=9999))]),
    ({"applied_on": []}, [("applied_on", message("date_whole"))]),
    ({"proof": "description"}, [("proof", message("proof_list"))]),
    ({"proof": ["a letter"]}, [("proof", message("proof_item", given="a letter"))]),
    ({"proof": [{}]}, [("proof", message("proof_list"))]),
    ({"paid": "-1"}, [("paid", message("amount", given="-1"))]),
    ({"paid": 12.5}, [("paid", message("amount_text"))]),
    ({"paid": ["12.50"]}, [("paid", message("amount_text"))]),
    (
        {"affected_total": ["5", "x"]},
        [("affected_total", message("amount_item", number=2, message=message("amount", given="x")))],
    ),
    ({"order_total": "0", "paid": "1", "affected_total": "1"}, [("order_total", message("share_zero"))]),
    (
        {"order_total": "10", "paid": "11", "affected_total": "12,5"},
        [
            ("paid", message("share_above", amount="11.00", **SHARE)),
            ("affected_total", message("share_above", amount="12.50", **SHARE)),
        ],
    ),
    (
        {"order_total": "10", "affected_total": ["6", "5"]},
        [("affected_total", message("share_above_sum", amount="11.00", **SHARE))],
    ),
    (
        {"product": 1, "problem": 2, "x": 3},
        [
            ("problem", message("choice_text")),
            ("product", message("choice_text")),
            ("x", message("unknown_question", question="x")),
        ],
    ),
]


@pytest.mark.parametrize(("answers", "errors"), BAD, ids=[dumps(answers) for answers, _ in BAD])
def test_invalid_answer_is_explained_with_its_question(
    frozen: Policy, answers: object, errors: list[tuple[str | None, str]]
) -> None:
    with pytest.raises(AnswerErrors) as caught:
        Checker(frozen).decide(answers, TODAY)
    assert [(error.question, error.message) for error in caught.value.errors] == errors


def test_error_of_an_unknown_id_lists_the_ids(frozen: Policy) -> None:
    with pytest.raises(AnswerErrors) as caught:
        Checker(frozen).decide({"product": "standart", "paid": "x"}, TODAY)
    product, paid = (error.to_json() for error in caught.value.errors)
    assert product["choices"] == ["standard", "factory_special", "unknown"]
    assert paid.keys() == {"question", "message"}


@pytest.mark.parametrize("blank", ["", " \u3000", [], ["", None]])
def test_empty_amount_is_no_answer(frozen: Policy, blank: object) -> None:
    answers = parse_answers(frozen, {"affected_total": blank}, TODAY)
    assert answers == parse_answers(frozen, {}, TODAY)


def test_latest_possible_today_is_accepted(frozen: Policy) -> None:
    assert parse_answers(frozen, {}, LATEST_TODAY).dates == {"applied_on": LATEST_TODAY}
    with pytest.raises(AnswerErrors) as error:
        parse_answers(frozen, {}, LATEST_TODAY + timedelta(days=1))
    assert error.value.errors == (AnswerError(None, MESSAGES.say("error.today")),)


def test_empty_date_with_a_default_is_today(frozen: Policy) -> None:
    answers = parse_answers(frozen, {"applied_on": " "}, TODAY)
    assert answers.dates == {"applied_on": TODAY}
    assert answers.stored == {}


def test_unknown_answer_is_stored_as_such_or_as_its_default(frozen: Policy) -> None:
    answers = parse_answers(frozen, {"product": "unknown", "proof": "unknown"}, TODAY)
    assert answers.stored == {"product": "unknown", "proof": []}


def test_a_list_of_amounts_is_read_without_its_empty_entries(frozen: Policy) -> None:
    answers = parse_answers(frozen, {"affected_total": ["12.50", "", "1 000"], "paid": "1,5"}, TODAY)
    assert answers.amounts == {"affected_total": (Decimal("12.50"), Decimal(1000)), "paid": (Decimal("1.5"),)}


def test_refund_of_a_list_is_the_refund_of_its_sum(frozen: Policy) -> None:
    case = {"problem": "quality", "received_on": "20 nov 2026", "product": "standard", "cause": "none"}
    amounts = {"order_total": "80", "paid": "60"}
    parts, whole = (
        Checker(frozen).decide(case | amounts | {"affected_total": affected}, TODAY).to_json()
        for affected in (["12.00", "8.00"], "20")
    )
    assert parts["estimates"] == {"refund": "15.00"}
    assert parts == whole


def test_error_in_two_estimates_is_named_once(frozen: Policy) -> None:
    clause = frozen.clauses["discounts"]
    twice = dataclasses.replace(clause, estimates={**clause.estimates, "again": clause.estimates["refund"]})
    policy = dataclasses.replace(frozen, clauses={**frozen.clauses, "discounts": twice})
    with pytest.raises(AnswerErrors) as caught:
        parse_answers(policy, {"order_total": "0", "paid": "1"}, TODAY)
    assert [error.question for error in caught.value.errors] == ["order_total"]


def test_long_answer_is_cut_in_its_error_message(frozen: Policy) -> None:
    with pytest.raises(AnswerErrors) as caught:
        Checker(frozen).decide({"product": "9" * 10**6}, TODAY)
    assert len(caught.value.errors[0].message) < 100


@pytest.mark.parametrize("day", [None, 20261122, "22.11.2026", "2026-11-31", "2026-11-22T00:00", ""])
def test_invalid_today_is_an_error_without_question(day: object) -> None:
    with pytest.raises(AnswerErrors) as error:
        parse_today(day, MESSAGES)
    assert error.value.to_json() == {"errors": [{"question": None, "message": MESSAGES.say("error.today")}]}
    assert parse_today("2026-11-22", MESSAGES) == date(2026, 11, 22)


def test_answer_errors_are_one_line_each() -> None:
    errors = AnswerErrors([AnswerError("one", "This."), AnswerError(None, "That.")])
    assert str(errors) == "one: This.\nNone: That."
