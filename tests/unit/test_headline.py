"""The headline of a result: its mood, the time that is left, and the day that matters most."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from checker import Checker, Policy
from checker.explain.headline import SOON, Headline, headline
from tests.support.words import say

TODAY = date(2026, 11, 22)
COVERED = {"problem": "quality", "product": "standard", "cause": "none"}


def of(policy: Policy, **answers: Any) -> Headline:
    return headline(policy, Checker(policy).decide(COVERED | answers, TODAY))


def ago(days: int) -> str:
    return (TODAY - timedelta(days)).isoformat()


@pytest.mark.parametrize(
    ("days_ago", "mood", "time"),
    [
        (0, "calm", say("headline.left", count=15)),
        (11, "calm", say("headline.left", count=SOON + 1)),
        (12, "soon", say("headline.left", count=SOON)),
        (14, "soon", say("headline.left", count=1)),
        (15, "today", say("headline.last_day")),
        (16, "over", None),
    ],
)
def test_mood_follows_the_days_left(frozen: Policy, days_ago: int, mood: str, time: str | None) -> None:
    result = of(frozen, received_on=ago(days_ago))
    assert (result.mood, result.time) == (mood, time)
    assert result.card
    assert result.card.day == TODAY + timedelta(15 - days_ago)
    assert result.card.is_over == (mood == "over")
    assert result.card.label == say("card.was" if mood == "over" else "card.last")


def test_several_last_days_lead_with_the_safe_one(frozen: Policy) -> None:
    result = of(frozen, received_on=ago(5), product="unknown")
    assert (result.mood, result.time) == ("soon", say("headline.left_safe", count=2))
    assert result.card
    assert (result.card.label, result.card.day) == (say("card.safe"), date(2026, 11, 24))
    assert (result.card.weekday, result.card.text) == ("Tuesday", "24 November 2026")


def test_open_outcome_asks_for_help_even_if_one_of_its_last_days_is_over(frozen: Policy) -> None:
    result = of(frozen, received_on=ago(9), product="unknown")
    assert (result.mood, result.title, result.time) == ("help", say("result.undecided"), None)
    assert result.card
    assert (result.card.label, result.card.is_over) == (say("card.was"), True)


def test_refusal_without_a_date_has_no_card(frozen: Policy) -> None:
    result = of(frozen, problem="change_of_mind")
    assert (result.mood, result.title) == ("over", frozen.outcomes["excluded"].title)
    assert result.card is None


def test_neutral_outcome_asks_for_help_until_its_last_day_is_near(frozen: Policy) -> None:
    assert of(frozen, problem="other", received_on=ago(2)).mood == "help"
    assert of(frozen, problem="other", received_on=ago(13)).mood == "soon"
    assert of(frozen, problem="return_logistics").mood == "help"


def test_day_of_acting_in_the_past_counts_no_days(frozen: Policy) -> None:
    result = of(frozen, received_on=ago(15), applied_on=ago(3))
    assert (result.mood, result.time) == ("calm", None)
