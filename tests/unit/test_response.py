"""Responses of the checker to a page: the next question or the result, with errors, notices and links."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest

from checker import Checker
from checker.explain.explanation import explain
from checker.web.dialog import follow_answers
from checker.web.permalink import VERSION, version, write
from checker.web.response import Case, respond
from tests.support.words import say
from tests.unit.test_dialog import BROKEN, Answers

TODAY = "2026-11-22"
AMOUNTS: Answers = {"order_total": "80", "paid": "60", "affected_total": ["5", "15"]}
MORE: Answers = {"proof": ["description"], **AMOUNTS}


def response_to(checker: Checker, answers: object, **more: object) -> dict[str, Any]:
    return respond(checker, {"answers": answers, "today": TODAY, **more})


def test_response_to_a_complete_case_contains_all_fields(checker: Checker) -> None:
    policy = checker.policy
    verdict = checker.decide(BROKEN | MORE, date.fromisoformat(TODAY))
    assert response_to(checker, BROKEN | MORE) == {
        "answers": BROKEN | MORE,
        "step": None,
        "given": [
            {
                "question": "problem",
                "name": policy.questions["problem"].name,
                "answer": "It is damaged, faulty or not as described",
            },
            {
                "question": "received_on",
                "name": policy.questions["received_on"].name,
                "answer": "19 November 2026",
            },
            {"question": "product", "name": policy.questions["product"].name, "answer": "A standard product"},
            {
                "question": "cause",
                "name": policy.questions["cause"].name,
                "answer": "No, or not that I know of",
            },
        ],
        "progress": {
            name: {"position": position, "total": 4, "text": say("form.progress", position=position, total=4)}
            for position, name in enumerate(["problem", "received_on", "product"], 1)
        }
        | {"cause": {"position": 4, "total": 4, "text": say("form.progress_last", position=4, total=4)}},
        "errors": [],
        "notices": [],
        "offers": ["prepare", "refund", "amounts", "calendar"],
        "links": {
            "plain": [*write(policy, BROKEN | MORE)],
            "amounts": [*write(policy, BROKEN | MORE, amounts=True)],
        },
        "stamp": say("result.stamp", today=date(2026, 11, 22), version="1.0", valid_from=date(2026, 11, 22)),
        "verdict": verdict.to_json(),
        "explanation": explain(policy, verdict).to_json(),
    }


def test_late_case_names_today_as_the_day_of_acting(checker: Checker) -> None:
    late = response_to(checker, BROKEN | {"received_on": "2026-11-01"})["given"]
    today = say("form.today", date=date(2026, 11, 22))
    assert late[-1] == {"question": "applied_on", "name": checker.policy.questions["applied_on"].name, "answer": today}


def test_response_to_an_open_case_names_the_next_question(checker: Checker) -> None:
    response = response_to(checker, {"problem": "quality"}, asked=["problem"])
    assert (response["step"], response["errors"], response["answers"]) == ("received_on", [], {"problem": "quality"})
    assert [each["question"] for each in response["given"]] == ["problem"]


def test_typed_date_is_normalized_in_the_response(checker: Checker) -> None:
    typed = {"problem": "quality", "received_on": " 19 nov 26 "}
    assert response_to(checker, typed, asked=["received_on"])["answers"]["received_on"] == "2026-11-19"


# ---- what is wrong, and who hears of it


@pytest.mark.parametrize(
    ("wrong", "step"),
    [
        ({"received_on": "31 11 2026"}, "received_on"),
        ({"received_on": ""}, "received_on"),
        ({"product": "golden"}, "product"),
        ({"paid": "a lot"}, None),
    ],
)
def test_invalid_latest_answer_is_an_error_and_dropped(
    checker: Checker, wrong: dict[str, str], step: str | None
) -> None:
    [name] = wrong
    response = response_to(checker, BROKEN | wrong, asked=[name])
    assert [error["question"] for error in response["errors"]] == [name]
    assert (response["step"], response["notices"]) == (step, [])
    assert response["answers"] == {key: answer for key, answer in BROKEN.items() if key != name}


@pytest.mark.parametrize("wrong", [{"received_on": "31 11 2026"}, {"product": "golden"}, {"paid": ["a lot"]}])
def test_invalid_stored_answer_is_dropped_with_a_notice(checker: Checker, wrong: dict[str, object]) -> None:
    response = response_to(checker, BROKEN | wrong)
    assert (response["errors"], response["notices"]) == ([], [say("notice.dropped")])
    assert response["answers"] == {name: answer for name, answer in BROKEN.items() if name not in wrong}


def test_blank_amount_is_an_error_only_if_an_estimate_is_requested(checker: Checker) -> None:
    blank = {"order_total": "80", "paid": " ", "affected_total": ["", " "]}
    asked = response_to(checker, BROKEN | blank, asked=[*blank])
    questions = checker.policy.questions
    assert asked["errors"] == [
        {"question": name, "message": say("error.amount_blank", question=questions[name].ask)}
        for name in ("paid", "affected_total")
    ]
    assert response_to(checker, BROKEN | blank, asked=["proof"])["errors"] == []


def test_invalid_amount_is_named_once(checker: Checker) -> None:
    response = response_to(checker, BROKEN | {"order_total": "a lot"}, asked=["order_total"])
    assert len(response["errors"]) == 1


def test_irrelevant_answers_are_returned_for_later(checker: Checker) -> None:
    changed = BROKEN | {"problem": "change_of_mind"}
    response = response_to(checker, changed, asked=["problem"])
    assert (response["answers"], response["step"]) == (changed, None)
    assert [each["question"] for each in response["given"]] == ["problem"]
    assert response["links"]["plain"] == [*write(checker.policy, {"problem": "change_of_mind"})]


def test_answers_to_unknown_questions_are_dropped(checker: Checker) -> None:
    assert response_to(checker, BROKEN | {"nonsense": "1"})["answers"] == BROKEN


# ---- links, and another problem of the same order


def test_permalink_replaces_the_answers_and_notes_another_version(checker: Checker) -> None:
    answers = "".join(f"{name}={text}&" for name, text in write(checker.policy, BROKEN) if name != VERSION)
    today, older = f"{VERSION}={version(checker.policy)}", f"{VERSION}=0.9-00000000"
    wrong = "paid=a+lot&"
    damaged = say("notice.damaged", names=say("pages.quote", text=checker.policy.questions["paid"].name))
    for link, notices in (
        (answers + today, []),
        (answers + older, [say("notice.changed")]),
        (answers, []),
        (wrong + answers, [damaged]),
        (wrong + answers + today, [damaged]),
        (wrong + answers + older, [say("notice.changed"), say("notice.dropped")]),
        (answers + today[:-1], [say("notice.cut")]),
    ):
        response = response_to(checker, {"problem": "other"}, link=link)
        assert (response["answers"], response["notices"], response["errors"]) == (BROKEN, notices, []), link
        response = response_to(checker, BROKEN | MORE, link=link, known=True)
        assert (response["answers"], response["notices"], response["errors"]) == (BROKEN | MORE, notices, []), link


def test_answers_for_another_problem_keep_those_of_the_order(checker: Checker) -> None:
    response = response_to(checker, BROKEN | MORE, another=True)
    order = {name for name, question in checker.policy.questions.items() if question.about == "order"}
    assert response["answers"] == {name: answer for name, answer in (BROKEN | MORE).items() if name in order}
    assert (response["step"], response["given"]) == ("problem", [])


# ---- what can be done with it


@pytest.mark.parametrize(
    ("answers", "offers"),
    [
        ({}, []),
        (BROKEN, ["prepare", "refund", "calendar"]),
        (BROKEN | AMOUNTS, ["prepare", "refund", "amounts", "calendar"]),
        (BROKEN | {"received_on": "2026-07-01"}, []),
        ({"problem": "change_of_mind"}, []),
    ],
)
def test_offers_are_only_the_possible_actions(checker: Checker, answers: object, offers: list[str]) -> None:
    assert [each for each in response_to(checker, answers)["offers"] if answers] == offers


@pytest.mark.parametrize("answers", [None, 5, ["quality"], "quality"])
def test_answers_that_are_no_object_are_ignored(checker: Checker, answers: object) -> None:
    assert response_to(checker, answers) == response_to(checker, {})


# ---- what becomes of an address


def pairs(checker: Checker, answers: dict[str, Any], *, amounts: bool = False) -> str:
    stored = follow_answers(checker, answers, date.fromisoformat(TODAY)).answers.stored
    return urlencode([*write(checker.policy, stored, amounts=amounts)])


@pytest.mark.parametrize(
    ("link", "cases", "index"),
    [
        (BROKEN | MORE, [(BROKEN | MORE, False)], 0),
        (BROKEN, [(BROKEN | AMOUNTS, False)], 0),
        (BROKEN | AMOUNTS, [(BROKEN, False), (BROKEN | AMOUNTS, False)], 1),
        (BROKEN, [(BROKEN | {"proof": ["description"]}, False)], None),
        (BROKEN, [(BROKEN | {"proof": ["description"]}, True)], 0),
        (BROKEN, [(BROKEN | {"product": "unknown"}, True)], None),
        ({}, [({}, False), ({}, True)], None),
        (BROKEN, [(None, True), (BROKEN, False)], 1),
    ],
)
def test_case_of_a_link_is_known_by_its_answers(
    checker: Checker, link: dict[str, Any], cases: list[tuple[Any, bool]], index: int | None
) -> None:
    listed = [{"answers": answers, "visited": visited} for answers, visited in cases]
    parameters = {"link": pairs(checker, link, amounts=True), "today": TODAY}
    assert Case(checker, parameters).known(listed) == index


@pytest.mark.parametrize(
    ("answers", "opened", "says_so"), [({}, "check-result", True), ({}, "problem", False), (BROKEN, "product", False)]
)
def test_address_without_answers_is_named_where_there_are_none(
    checker: Checker, answers: dict[str, Any], opened: str, says_so: bool
) -> None:
    notices = response_to(checker, answers, opened=opened)["notices"]
    assert notices == ([say("notice.no_answers")] if says_so else [])


@pytest.mark.parametrize(("flag", "key"), [("lost", "notice.lost"), ("unstored", "notice.unstored")])
@pytest.mark.parametrize(("value", "says_so"), [(True, True), (False, False), ("true", False)])
def test_fault_of_the_store_is_named(checker: Checker, flag: str, key: str, value: object, says_so: bool) -> None:
    notices = response_to(checker, BROKEN, **{flag: value})["notices"]
    assert notices == ([say(key)] if says_so else [])


def test_address_of_the_request_asks_for_the_missing_answers_first(checker: Checker) -> None:
    assert response_to(checker, {"problem": "quality"}, opened="check-prepare")["notices"] == [say("prepare.first")]
    assert response_to(checker, BROKEN, opened="check-prepare")["notices"] == []
