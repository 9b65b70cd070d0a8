"""Labels: some answers to a question in a few words."""

from __future__ import annotations

from collections.abc import Iterable

from checker.messages import Messages
from checker.policy import Question


def labels(
    question: Question, choices: Iterable[str], days: Iterable[tuple[int, int | None]], messages: Messages
) -> tuple[str, ...]:
    """Some answers in words: days that a date lies back, as least and most, and choices."""
    return (
        *(_day_range(least, most, messages) for least, most in days),
        *(question.offered[choice].phrase for choice in choices),
    )


def _day_range(least: int, most: int | None, messages: Messages) -> str:
    say = messages.say
    if most is None:
        return say("days_ago.over", count=least - 1) if least else say("days_ago.any")
    if least == most:
        return say("days_ago.exact", count=least) if least else say("days_ago.today")
    return say("days_ago.between", least=least, most=most) if least else say("days_ago.up_to", count=most)
