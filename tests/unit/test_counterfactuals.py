"""Counterfactuals, against brute force on the frozen policy."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from checker import Checker
from checker.explain.explanation import explain
from checker.verdict import Answered
from tests.support.oracle import CAUSES, PROBLEMS, WINDOWS, expected_outcome
from tests.support.words import say

TODAY = date(2026, 11, 22)
DAYS = {"soon": 3, "later": 10, "too late": 16, "not_received": None}
SPACE = {"problem": PROBLEMS, "received_on": tuple(DAYS), "product": tuple(WINDOWS), "cause": CAUSES}

type Cell = tuple[str, ...]


def answers(cell: Cell) -> dict[str, str]:
    days = DAYS[cell[1]]
    received = "not_received" if days is None else (TODAY - timedelta(days)).isoformat()
    return dict(zip(SPACE, cell, strict=True)) | {"received_on": received}


def outcome(cell: Cell) -> str:
    problem, received, product, cause = cell
    return expected_outcome(problem, DAYS[received], product, cause)


def by_hand(cell: Cell) -> dict[str, set[Cell]]:
    """For each other outcome the nearest cells that have it."""
    nearest: dict[str, tuple[int, set[Cell]]] = {}
    for other in itertools.product(*SPACE.values()):
        changed = sum(mine != theirs for mine, theirs in zip(cell, other, strict=True))
        best, cells = nearest.get(outcome(other), (changed, set()))
        if changed <= best:
            nearest[outcome(other)] = (changed, {other} | (cells if changed == best else set()))
    return {id_: cells for id_, (_, cells) in nearest.items() if id_ != outcome(cell)}


def moved(cell: Cell, changed: tuple[Answered, ...]) -> set[Cell]:
    """The cells that a change of answers leads to; each range of days must be whole."""
    options = {question: {answer} for question, answer in zip(SPACE, cell, strict=True)}
    for answer in changed:
        options[answer.question] = {*answer.choices}
        if not answer.choices:
            options[answer.question] = {
                name
                for name, days in DAYS.items()
                if days is not None
                and (answer.first is None or answer.first <= TODAY - timedelta(days))
                and (answer.last is None or TODAY - timedelta(days) <= answer.last)
            }
    return set(itertools.product(*(options[question] for question in SPACE)))


def test_counterfactuals_of_every_case_are_the_nearest_with_all_ties(checker: Checker) -> None:
    for cell in itertools.product(*SPACE.values()):
        moves: dict[str, set[Cell]] = {}
        for change in checker.counterfactuals(answers(cell), TODAY):
            if all(answer.question != "applied_on" for answer in change.answers):
                moves.setdefault(change.outcome, set()).update(moved(cell, change.answers))
        assert moves == by_hand(cell), cell


def test_application_day_shifts_the_count_like_the_day_of_receipt(checker: Checker) -> None:
    late = answers(("quality", "too late", "standard", "none"))
    applied = [
        answer
        for change in checker.counterfactuals(late, TODAY)
        for answer in change.answers
        if answer.question == "applied_on" and change.outcome == "eligible"
    ]
    assert applied == [Answered(question="applied_on", first=date(2026, 11, 6), last=date(2026, 11, 21))]


def test_explanation_names_only_changes_of_the_application_day(checker: Checker) -> None:
    for cell in itertools.product(*SPACE.values()):
        verdict = checker.decide(answers(cell), TODAY)
        assert {answer.question for change in verdict.changes for answer in change.answers} <= {"applied_on"}


def test_open_question_is_no_counterfactual(checker: Checker) -> None:
    late = answers(("quality", "too late", "standard", "none"))
    assert checker.decide(late | {"cause": "unknown"}, TODAY).changes == ()
    either = checker.decide(late | {"product": "unknown"}, TODAY).changes
    assert [answer.last for change in either for answer in change.answers] == [date(2026, 11, 13)], "the shorter window"


def test_missed_day_is_the_only_change_shown_as_a_date(checker: Checker) -> None:
    late = answers(("quality", "too late", "standard", "none"))
    explanation = explain(checker.policy, checker.decide(late, TODAY))
    assert [item.text for section in explanation.sections if section.id == "changes" for item in section.items] == [
        say("timeline.was", last=date(2026, 11, 21), what=checker.policy.outcomes["eligible"].title)
    ]
    early = answers(("quality", "soon", "standard", "none"))
    assert "changes" not in {section.id for section in explain(checker.policy, checker.decide(early, TODAY)).sections}
