"""The whole space of cases of a policy, as answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

from checker import Policy
from checker.answers.kinds import is_step
from checker.answers.parse import UNKNOWN
from checker.engine.variables import variables

TODAY = date(2026, 11, 22)

type Answers = dict[str, Any]


def every_answer(policy: Policy, today: date = TODAY) -> Iterator[tuple[str, list[str]]]:
    """Each question that is asked, with its answers: of the days, each first and last one of an equal span."""
    first_days = {variable.question: variable.first_days for variable in variables(policy)}
    for name, question in policy.questions.items():
        if is_step(question):
            days = sorted({max(day - off, 0) for day in first_days.get(name, ()) for off in (0, 1)})
            yield name, [*question.offered, UNKNOWN, *((today - timedelta(day)).isoformat() for day in days)]


def ways(policy: Policy, today: date = TODAY) -> list[list[tuple[str, list[str]]]]:
    """No question, the first one, the first two, … each with all its answers."""
    asked = [*every_answer(policy, today)]
    return [asked[:number] for number in range(len(asked) + 1)]


def cells(policy: Policy, today: date = TODAY) -> list[Answers]:
    """Every case, and before it every way that leads there: no question answered, the first, the first two, …"""
    return [
        dict(zip((name for name, _ in asked), answers, strict=True))
        for asked in ways(policy, today)
        for answers in product(*(answers for _, answers in asked))
    ]


def with_proof_and_amounts(cells: Iterable[Answers], policy: Policy) -> Iterator[Answers]:
    """The same, each with another part of the proof at hand, and with amounts whose shares are uneven."""
    items = [*policy.proof]
    shares = [estimate.share for estimate in policy.estimates.values()]
    for number, cell in enumerate(cells):
        more: Answers = {}
        for name, question in policy.questions.items():
            if question.answer == "proof":
                more[name] = [item for place, item in enumerate(items) if number >> place & 1]
        for share in shares:
            amounts = {share.of: 70 + number % 30, share.is_of: 100, share.that: number % 100 + 1}
            for name, amount in amounts.items():
                more[name] = [f"{amount}"] if policy.questions[name].answer == "amounts" else f"{amount}"
        yield cell | more
