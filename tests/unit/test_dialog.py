"""From one question to the next: what is asked, what counts, and what a mistake does."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from checker import Checker, Policy
from checker.answers.kinds import is_step
from checker.answers.kinds.kind import StoredAnswer
from checker.answers.parse import UNKNOWN
from checker.web.dialog import answer_text, answers_in_words, follow_answers, longest_path, progress, readable_answers
from macros.analysis.load import load
from tests.support.case_enumeration import cells
from tests.support.paths import POLICIES
from tests.support.words import say

TODAY = date(2026, 11, 22)
type Answers = dict[str, StoredAnswer]

BROKEN: Answers = {"problem": "quality", "received_on": "2026-11-19", "product": "standard", "cause": "none"}


@pytest.mark.parametrize(
    ("answers", "step"),
    [
        ({}, "problem"),
        ({"problem": "quality"}, "received_on"),
        ({"problem": "unknown"}, "received_on"),
        ({"problem": "quality", "received_on": "19 nov 2026"}, "product"),
        ({"problem": "quality", "received_on": "not_received"}, "cause"),
        (BROKEN, None),
        ({"problem": "change_of_mind"}, None),
        ({"problem": "return_logistics"}, "cause"),
        # A later answer waits until its question is asked.
        ({"received_on": "2026-11-19", "product": "standard", "cause": "none"}, "problem"),
    ],
)
def test_next_step_is_the_first_open_question_that_matters(
    checker: Checker, answers: dict[str, object], step: str | None
) -> None:
    assert follow_answers(checker, answers, TODAY).step == step


def test_broken_standard_product_needs_at_most_five_answers(checker: Checker) -> None:
    assert len(follow_answers(checker, BROKEN, TODAY).answers.stored) <= 5


def test_irrelevant_answers_are_ignored_until_they_matter_again(checker: Checker) -> None:
    changed = BROKEN | {"problem": "change_of_mind"}
    assert follow_answers(checker, changed, TODAY).answers.stored == {"problem": "change_of_mind"}
    assert follow_answers(checker, BROKEN | {"problem": "shortage"}, TODAY).answers.stored == BROKEN | {
        "problem": "shortage"
    }


def test_walk_does_not_depend_on_the_order_of_answers(checker: Checker) -> None:
    backwards = dict(reversed(BROKEN.items()))
    assert [*follow_answers(checker, backwards, TODAY).answers.stored] == [*BROKEN]


def test_dates_in_a_walk_are_normalized(checker: Checker) -> None:
    typed = BROKEN | {"received_on": " 19 Nov 26 ", "applied_on": "20 11 2026"}
    stored = follow_answers(checker, typed, TODAY).answers.stored
    assert (stored["received_on"], stored["applied_on"]) == ("2026-11-19", "2026-11-20")


def test_invalid_answer_stops_the_walk_at_its_question(checker: Checker) -> None:
    reached = follow_answers(checker, BROKEN | {"received_on": "31 11 2026"}, TODAY)
    assert (reached.step, [error.question for error in reached.errors]) == ("received_on", ["received_on"])
    assert reached.answers.stored == {"problem": "quality"}


def test_contradicting_dates_are_an_error_of_the_latest_answer(checker: Checker) -> None:
    answers = BROKEN | {"applied_on": "2026-11-01"}
    applied = follow_answers(checker, answers, TODAY, ["applied_on"])
    assert (applied.step, applied.answers.stored) == ("applied_on", {"problem": "quality", "received_on": "2026-11-19"})
    assert [(error.question, error.message) for error in applied.errors] == [
        ("applied_on", say("error.before", question=checker.policy.questions["received_on"].ask))
    ]
    received = follow_answers(checker, answers, TODAY, ["received_on"])
    assert (received.step, received.answers.stored) == (
        "received_on",
        {"problem": "quality", "applied_on": "2026-11-01"},
    )
    assert [error.question for error in received.errors] == ["received_on"]
    assert ("applied_on", "1 November 2026") in answers_in_words(checker.policy, received.answers.stored)


def test_invalid_amount_does_not_block_the_result(checker: Checker) -> None:
    amounts: Answers = {"order_total": "10.00", "paid": "a lot", "affected_total": ["5", "15"]}
    reached = follow_answers(checker, BROKEN | amounts, TODAY)
    assert reached.step is None
    assert [error.question for error in reached.errors] == ["paid", "affected_total"]
    assert reached.answers.stored == BROKEN | {"order_total": "10.00"}


def test_proof_and_amounts_are_part_of_the_result(checker: Checker) -> None:
    more: Answers = {"proof": ["description"], "order_total": "80", "paid": "60", "affected_total": ["5", "15"]}
    assert follow_answers(checker, BROKEN | more, TODAY).answers.stored == BROKEN | more


def test_every_walk_ends_at_the_verdict_of_all_its_answers(checker: Checker) -> None:
    policy = checker.policy
    asked = {name: [*question.offered, "unknown"] for name, question in policy.questions.items() if is_step(question)}
    asked["received_on"] += [(TODAY - timedelta(days)).isoformat() for days in (0, 7, 8, 15, 16)]
    cases = [dict(zip(asked, answers, strict=True)) for answers in product(*asked.values())]
    assert cases
    for case in cases:
        reached = follow_answers(checker, case, TODAY)
        assert reached.step is None
        assert reached.answers.stored.items() <= case.items()
        verdict, whole = checker.decide(reached.answers.stored, TODAY), checker.decide(case, TODAY)
        assert verdict.possible == whole.possible, case


def test_answers_are_shown_in_the_words_of_the_form(frozen: Policy) -> None:
    assert [*answers_in_words(frozen, BROKEN, TODAY)] == [
        ("problem", "It is damaged, faulty or not as described"),
        ("received_on", "19 November 2026"),
        ("product", "A standard product"),
        ("cause", "No, or not that I know of"),
        ("applied_on", "Today, 22 November 2026"),
    ]
    assert ("applied_on", "20 November 2026") in answers_in_words(frozen, BROKEN | {"applied_on": "2026-11-20"}, TODAY)
    assert answer_text(frozen, "product", "unknown") == "I don’t know"
    assert answer_text(frozen, "received_on", "not_received") == "It has not arrived"
    assert answer_text(frozen, "proof", ["description"]) == "A description of the problem"
    assert answer_text(frozen, "proof", []) == "nothing yet"


def test_stored_answers_unknown_to_the_policy_are_dropped(frozen: Policy) -> None:
    stored = BROKEN | {"product": "golden", "nonsense": "1", "paid": "a lot", "received_on": "2027-01-01"}
    assert readable_answers(frozen, stored, TODAY) == {"problem": "quality", "cause": "none"}


def test_empty_application_day_is_no_answer(checker: Checker) -> None:
    walked = follow_answers(checker, {**BROKEN, "applied_on": " "}, TODAY)
    assert (walked.answers.stored, walked.step, walked.errors) == (BROKEN, None, ())


# ---- progress


@pytest.fixture(params=sorted(POLICIES.glob("*.yaml")), ids=lambda path: path.stem)
def any_checker(request: pytest.FixtureRequest) -> Checker:
    """A checker of each of the test policies."""
    return Checker(load(request.param))


def test_total_is_reached_by_who_knows_no_answer(any_checker: Checker) -> None:
    questions = any_checker.policy.questions
    nothing_known = {name: UNKNOWN for name, question in questions.items() if is_step(question)}
    path = follow_answers(any_checker, nothing_known, TODAY)
    assert path.step is None
    assert set(path.totals.values()) == {longest_path(any_checker)} == {len(path.totals)}


def test_no_path_is_longer_than_the_total_at_any_of_its_questions(any_checker: Checker) -> None:
    policy = any_checker.policy
    lengths = set[int]()
    for case in cells(policy, TODAY):
        path = follow_answers(any_checker, case, TODAY)
        answered = [name for name in path.answers.stored if is_step(policy.questions[name])]
        assert [*path.totals] == answered + [path.step] * bool(path.step), case
        totals = [*path.totals.values()]
        assert totals == sorted(totals, reverse=True), case
        assert totals[-1] >= len(totals), case
        lengths.add(len(totals))
    assert max(lengths) == longest_path(any_checker)


def test_progress_counts_the_questions_that_an_answer_has_spared(checker: Checker) -> None:
    path = follow_answers(checker, {"problem": "return_logistics"}, TODAY)
    assert progress(checker.policy, path) == {
        "problem": {"position": 1, "total": 4, "text": say("form.progress", position=1, total=4)},
        "cause": {"position": 2, "total": 2, "text": say("form.progress_last", position=2, total=2)},
    }
