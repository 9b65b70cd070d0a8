"""Any answers give a verdict or an error that names the question: a table of bad answers first, then everything."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import AnswerError, AnswerErrors, Checker, Policy, Verdict
from checker.browser import answer
from checker.verdict import dumps

TODAY = date(2026, 11, 22)

HIGHER = (
    "This amount is higher than 10, your answer to “What was the list price of all goods in the order?”. Check both."
)

BAD: list[tuple[object, list[tuple[str | None, str]]]] = [
    ([], [(None, "The answers must be one JSON object: question names and answers.")]),
    ({"prodct": "standard"}, [("prodct", "There is no question “prodct”. Did you mean “product”?")]),
    ({"zzz": 1}, [("zzz", "There is no question “zzz”.")]),
    (
        {"product": "standart"},
        [
            (
                "product",
                "“standart” is not an answer to this question. Choose one of: standard, factory_special or unknown.",
            )
        ],
    ),
    ({"product": 5}, [("product", "Choose one of the answers: standard, factory_special or unknown.")]),
    ({"product": ["standard"]}, [("product", "Choose one of the answers: standard, factory_special or unknown.")]),
    ({"received_on": "3 nov"}, [("received_on", "“3 nov” is not a date. Write it as year-month-day.")]),
    ({"received_on": "20261103"}, [("received_on", "“20261103” is not a date. Write it as year-month-day.")]),
    ({"received_on": 20261103}, [("received_on", "Give the whole date: day, month and year.")]),
    (
        {"received_on": "2026-02-30"},
        [("received_on", "“2026-02-30” is not a day of the calendar. Check the day and the month.")],
    ),
    ({"received_on": "2026-11-23"}, [("received_on", "This day is still to come. Give a day up to 22 November 2026.")]),
    (
        {"received_on": "2026-11-20", "applied_on": "2026-11-19"},
        [("received_on", "This day is after the day you apply, 19 November 2026. Check both dates.")],
    ),
    ({"applied_on": "9999-12-31"}, [("applied_on", "This date is too far away to count from. Check the year.")]),
    ({"proof": "description"}, [("proof", "Give a list of what you have.")]),
    ({"proof": ["a letter"]}, [("proof", "“a letter” is not on the list of proof.")]),
    ({"proof": [{}]}, [("proof", "“{}” is not on the list of proof.")]),
    (
        {"paid": "12.345"},
        [
            (
                "paid",
                "“12.345” is not an amount. Write figures alone, with at most two places after the point.",
            )
        ],
    ),
    (
        {"paid": "-1"},
        [
            (
                "paid",
                "“-1” is not an amount. Write figures alone, with at most two places after the point.",
            )
        ],
    ),
    (
        {"paid": "NaN"},
        [
            (
                "paid",
                "“NaN” is not an amount. Write figures alone, with at most two places after the point.",
            )
        ],
    ),
    ({"paid": 12.5}, [("paid", "Write the amount as text, in figures.")]),
    (
        {"order_total": "0"},
        [("order_total", "This amount is zero, so no share of it can be worked out. Check it.")],
    ),
    (
        {"order_total": "10", "paid": "11", "affected_total": "12"},
        [
            ("paid", HIGHER),
            ("affected_total", HIGHER),
        ],
    ),
    (
        {"product": 1, "problem": 2, "x": 3},
        [
            (
                "problem",
                "Choose one of the answers: quality, shortage, wrong_item, return_logistics, other, change_of_mind "
                "or unknown.",
            ),
            ("product", "Choose one of the answers: standard, factory_special or unknown."),
            ("x", "There is no question “x”."),
        ],
    ),
]


@pytest.mark.parametrize(("answers", "errors"), BAD, ids=[dumps(answers) for answers, _ in BAD])
def test_a_bad_answer_is_explained_and_its_question_named(
    frozen: Policy, answers: object, errors: list[tuple[str | None, str]]
) -> None:
    with pytest.raises(AnswerErrors) as caught:
        Checker(frozen).decide(answers, TODAY)
    assert [(error.question, error.message) for error in caught.value.errors] == errors


def test_a_long_answer_is_cut_in_the_message_about_it(frozen: Policy) -> None:
    with pytest.raises(AnswerErrors) as caught:
        Checker(frozen).decide({"received_on": "9" * 10**6}, TODAY)
    assert len(caught.value.errors[0].message) < 100


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(date.isoformat),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_any_answers_on_any_day_give_a_verdict_or_errors(frozen: Policy, data: st.DataObject) -> None:
    def raw(name: str) -> st.SearchStrategy[object]:
        question = frozen.questions[name]
        fitting = [*(question.choices or ()), *(question.or_ or ()), "unknown", "12.30", "0", "2026-11-20"]
        return st.sampled_from(fitting) | JSON

    names = st.sampled_from([*frozen.questions])
    answers = data.draw(
        st.one_of(JSON, st.lists(names, unique=True).flatmap(lambda ns: st.fixed_dictionaries({n: raw(n) for n in ns})))
    )
    today = data.draw(st.dates())
    verdict, errors = decided_or_refused(Checker(frozen), answers, today)
    assert verdict.possible if verdict else errors and all(error.message for error in errors)


def decided_or_refused(
    checker: Checker, answers: object, today: date
) -> tuple[Verdict | None, tuple[AnswerError, ...]]:
    try:
        return checker.decide(answers, today), ()
    except AnswerErrors as refusal:
        return None, refusal.errors


@given(
    request=st.text()
    | JSON.map(dumps)
    | st.dictionaries(st.sampled_from(["answers", "today", "digest"]), JSON).map(dumps)
)
@settings(max_examples=200, deadline=None)
def test_any_message_to_the_worker_gets_an_answer_in_json(frozen: Policy, request: str) -> None:
    assert answer(request, Checker(frozen)).startswith(('{"errors":[{', '{"updated":true}', '{"verdict":{'))


def test_a_page_of_another_digest_gets_no_answer(frozen: Policy) -> None:
    request = {"answers": {"problem": "quality"}, "today": "2026-11-22"}
    checker = Checker(frozen)
    assert answer(dumps(request | {"digest": "another"}), checker) == '{"updated":true}'
    assert answer(dumps(request | {"digest": frozen.digest}), checker).startswith('{"verdict":{')
