"""Conditions in words, on the frozen policy."""

import pytest

from checker import Policy
from checker.policy import Test, When
from macros.conditions import Conditions

ASK = "“What went wrong?”"
DAY = "“On which day did your order reach you?”"
SENTENCES: list[tuple[When, str]] = [
    ({}, "always"),
    ({"problem": "shortage"}, f"{ASK} is “Something is missing”"),
    ({"outcome": ("eligible", "review")}, "the outcome is “You can apply” or “The platform decides case by case”"),
    ({"received_on": "not_received"}, f"{DAY} is “It has not arrived”"),
    ({"problem": Test(not_="shortage")}, f"{ASK} is not “Something is missing”"),
    (
        {"received_on": Test(longer_ago_than="window")},
        f"{DAY} is more than 15 days (standard products) or 7 days (factory special products) ago",
    ),
    ({"received_on": Test(within="payout")}, f"{DAY} is at most 1–2 working days ago"),
    (
        {"problem": "other", "outcome": "review"},
        f"{ASK} is “Something else is wrong” and the outcome is “The platform decides case by case”",
    ),
    (
        ({"problem": "shortage"}, {"outcome": "carrier"}),
        f"{ASK} is “Something is missing” or the outcome is “The carrier's rules decide”",
    ),
    (({"problem": "shortage"}, {}), "always"),
]


@pytest.mark.parametrize(("when", "sentence"), SENTENCES)
def test_a_condition_reads_like_a_sentence(when: When, sentence: str, frozen: Policy) -> None:
    assert Conditions(frozen).sentence(when) == sentence


OUTCOMES: list[tuple[When, tuple[str, ...]]] = [
    ({"outcome": ("eligible", "review")}, ("review", "eligible")),
    ({"outcome": Test(not_=("excluded", "expired", "carrier"))}, ("review", "eligible")),
    ({"problem": "other"}, ("excluded", "carrier", "expired", "review", "eligible")),
    (({"outcome": "carrier"}, {"outcome": "excluded"}), ("excluded", "carrier")),
]


@pytest.mark.parametrize(("when", "outcomes"), OUTCOMES)
def test_the_outcomes_of_a_condition_stand_in_the_policys_order(
    when: When, outcomes: tuple[str, ...], frozen: Policy
) -> None:
    assert Conditions(frozen).outcomes(when) == outcomes


def test_under_an_outcome_only_the_parts_that_can_hold_are_left(frozen: Policy) -> None:
    conditions = Conditions(frozen)
    when = ({"outcome": "carrier"}, {"outcome": "review", "problem": "other"})
    assert conditions.in_outcome(when, "review") == ({"outcome": "review", "problem": "other"},)
    assert conditions.in_outcome(when, "expired") is None
    assert conditions.beside_outcome(when) is None
    assert conditions.beside_outcome(when[1]) == f"{ASK} is “Something else is wrong”"
