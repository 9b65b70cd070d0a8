"""The first questions of the check page, which shows them before the checker has started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checker import Checker
from checker.answers.kinds import kind_of
from checker.answers.parse import UNKNOWN
from checker.web.dialog import Progress, follow_answers, progress


@dataclass(frozen=True, slots=True)
class Step:
    """A question on the way to a result."""

    question: str
    progress: Progress


def first_step(checker: Checker) -> Step | None:
    """The first question; None if every case has the same result."""
    return _step(checker, {})


def next_steps(checker: Checker) -> dict[str, Step]:
    """The question after each answer to the first one.

    Answers that lead to the result are left out. Empty if the first question takes typed answers, which may be invalid.
    """
    if not (first := first_step(checker)):
        return {}
    question = checker.policy.questions[first.question]
    if not (options := kind_of(question).options(question)):
        return {}
    steps = {value: _step(checker, {first.question: value}) for value in (*options, UNKNOWN)}
    return {value: step for value, step in steps.items() if step}


def _step(checker: Checker, answers: Mapping[str, str]) -> Step | None:
    path = follow_answers(checker, answers, checker.policy.valid_from)
    return Step(path.step, progress(checker.policy, path)[path.step]) if path.step else None
