"""The windows of clauses: their lengths, their conditions in words, and what is not drawn."""

from __future__ import annotations

from typing import Any

import pytest

from checker import Checker, Policy
from checker.engine.nodes import LIMIT
from macros.pages.condition_text import Conditions
from macros.pages.window_figures import window_figures
from macros.pages.windows import MORE, windows
from macros.policyfile.schema import MODEL
from tests.support.brute_force import QUESTIONS, made_up
from tests.support.day_by_day import DayByDay
from tests.support.markup import render_pages
from tests.support.window_reader import all_differences
from tests.support.words import say

MEMBERS = {
    "answer": "one choice",
    "choices": {
        "gold": {"title": "Gold", "in words": "gold members"},
        "silver": {"title": "Silver", "in words": "silver members"},
        "none": {"title": "None", "in words": "others"},
    },
}
OPENED = {"answer": "date", "counted to": "applied", "or": {"sealed": {"title": "Sealed", "in words": "sealed goods"}}}
QUESTIONS_HERE = {
    **{name: QUESTIONS[name] for name in ("received", "kind", "applied")},
    "member": MEMBERS,
    "opened": OPENED,
}
OUTCOMES = {"ask": "neutral", "no": "bad", "yes": "good", "some": "neutral", "late": "bad"}
VALUES = {
    "short": "3 days",
    "usual": "5 days",
    "long": "9 days",
    "by_member": {"by": "member", "gold": "9 days", "silver": "5 days", "none": "5 days"},
}


def tree_of(clauses: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A policy of rules and grants by clause, as it is written."""
    part = {"title": "t", "topic": "all", "text": "t"}
    return made_up(
        outcomes=OUTCOMES,
        values=VALUES,
        questions={name: {"ask": name, **question} for name, question in QUESTIONS_HERE.items()},
        clauses={name: part | clause for name, clause in clauses.items()},
        remedies={"money": "your money back", "repair": "a repair"},
        costs={"shop": "the shop pays", "customer": "you pay"},
    )


def policy_of(clauses: dict[str, dict[str, Any]]) -> Policy:
    return MODEL.validate_python(tree_of(clauses))


def rule(outcome: str, **when: Any) -> dict[str, Any]:
    return {"outcome": outcome, "when": when}


def within(value: str) -> dict[str, str]:
    return {"within": value}


REST = {"rules": [rule("late")]}
WINDOWS: dict[str, tuple[dict[str, dict[str, Any]], dict[str, list[str]]]] = {
    "one for all": (
        {"time": {"rules": [rule("no", received={"longer ago than": "usual"})]}, "rest": {"rules": [rule("yes")]}},
        {"time": ["5 days"]},
    ),
    "by the answer that a value depends on": (
        {"time": {"rules": [rule("yes", received=within("by_member"))]}, "rest": REST},
        {"time": ["9 days for gold members", "5 days for silver members and others"]},
    ),
    "a second one by a second question": (
        {
            "time": {
                "rules": [rule("yes", received=within("usual")), rule("yes", received=within("long"), member="gold")]
            },
            "rest": REST,
        },
        {"time": ["9 days for gold members", "5 days for silver members and others"]},
    ),
    "further conditions": (
        {"time": {"rules": [rule("yes", received=within("usual"), kind=["k1", "k2"], member="gold")]}, "rest": REST},
        {"time": ["5 days for gold members | Except with the answer “k3” to “kind”."]},
    ),
    "all but some": (
        {"time": {"rules": [rule("yes", received=within("usual"), member=["silver", "none"])]}, "rest": REST},
        {"time": ["5 days | Except: gold members."]},
    ),
    "either of two conditions": (
        {
            "time": {
                "rules": [
                    rule("yes", received=within("usual"), kind="k1"),
                    rule("yes", received=within("usual"), member="gold"),
                ]
            },
            "rest": REST,
        },
        {"time": ["5 days | Only with the answer “k1” to “kind”. | Only for: gold members."]},
    ),
    "tiers of outcomes": (
        {
            "time": {"rules": [rule("yes", received=within("usual")), rule("some", received=within("long"))]},
            "rest": REST,
        },
        {"time": ["5 days: yes", "9 days: some"]},
    ),
    "tiers of which a stronger clause hides one from some": (
        {
            "early": {"rules": [rule("no", received=within("usual"), kind="k1")]},
            "time": {"rules": [rule("yes", received=within("usual")), rule("some", received=within("long"))]},
            "rest": REST,
        },
        {"time": ["5 days: yes | Except with the answer “k1” to “kind”.", "9 days: some"]},
    ),
    "tiers in two clauses": (
        {
            "first": {"rules": [rule("yes", received=within("usual"))]},
            "second": {"rules": [rule("some", received=within("long"))]},
            "rest": REST,
        },
        {"first": ["5 days"], "second": ["9 days"]},
    ),
    "a grant that ends before the outcome": (
        {
            "time": {
                "rules": [rule("yes", received=within("long"))],
                "grants": [
                    {"when": {"outcome": "yes"}, "costs": "customer", "remedies": ["money"]},
                    {"when": {"outcome": "yes", "received": within("usual")}, "costs": "shop"},
                ],
            },
            "no": {"rules": [rule("no", kind="k1")]},
            "rest": REST,
        },
        {"time": ["5 days: the shop pays", "9 days: yes"]},
    ),
    "a grant that another clause gives for longer to some": (
        {
            "time": {"rules": [rule("yes")]},
            "money": {"grants": [{"when": {"outcome": "yes", "received": within("usual")}, "remedies": ["money"]}]},
            "gold": {"grants": [{"when": {"member": "gold"}, "remedies": ["money"]}]},
        },
        {"money": ["5 days | Except: gold members."]},
    ),
    "two dates": (
        {
            "time": {
                "rules": [rule("yes", received=within("usual"), opened=within("short")), rule("no", opened="sealed")]
            },
            "rest": REST,
        },
        {
            "time": [
                "5 days | " + say("pages.within", question="opened", length="3 days"),
                "3 days | " + say("pages.within", question="received", length="5 days"),
            ]
        },
    ),
    "a clause that decides beside a stronger one": (
        {
            "no": {"rules": [rule("no", kind="k1")]},
            "time": {"rules": [rule("yes", received=within("usual"))]},
            "rest": REST,
        },
        {"time": ["5 days"]},
    ),
    "none where a clause refuses within a time": (
        {"early": {"rules": [rule("no", received=within("usual"))]}, "rest": {"rules": [rule("yes")]}},
        {},
    ),
    "none where the outcome improves": (
        {"time": {"rules": [rule("yes", received={"longer ago than": "usual"}), rule("late")]}},
        {},
    ),
    "none where one remedy replaces another": (
        {
            "time": {
                "rules": [rule("yes")],
                "grants": [
                    {"when": {"received": within("usual")}, "remedies": ["repair"]},
                    {"when": {"received": {"longer ago than": "usual"}}, "remedies": ["money"]},
                ],
            }
        },
        {},
    ),
    "none where both outcomes are bad": (
        {"time": {"rules": [rule("no", received=within("usual")), rule("late")]}},
        {},
    ),
    "none for a rule that never decides": (
        {"never": {"rules": [rule("some", received=within("usual"))]}, "rest": {"rules": [rule("yes")]}},
        {},
    ),
    "a clause after which some get worse and some better": (
        {
            "time": {"rules": [rule("ask", received=within("usual"))]},
            "rest": {"rules": [rule("yes", kind="k1"), rule("late")]},
        },
        {"time": ["5 days | Except with the answer “k1” to “kind”."]},
    ),
    "a clause after which others give the same to some": (
        {
            "time": {"rules": [rule("yes", received=within("usual"))]},
            "gold": {"rules": [rule("yes", received=within("long"), member="gold")]},
            "rest": REST,
        },
        {"time": ["5 days | Except: gold members."], "gold": ["9 days for gold members"]},
    ),
}


def labels(policy: Policy) -> dict[str, list[str]]:
    """The windows of each clause in words, each with its conditions."""
    figures = window_figures(Checker(policy).compiled, Conditions(policy))
    return {
        clause: [
            " | ".join(
                [
                    ": ".join(part.striptags() for part in (text.label, text.ends) if part),
                    *(" ".join(each.striptags() for each in case) for case in text.alternatives),
                ]
            )
            for figure in own
            for text in figure.texts
        ]
        for clause, own in figures.items()
    }


@pytest.mark.parametrize("name", WINDOWS)
def test_windows_are_drawn_with_their_conditions(name: str) -> None:
    clauses, expected = WINDOWS[name]
    assert labels(policy_of(clauses)) == expected


@pytest.mark.parametrize("name", WINDOWS)
def test_windows_are_those_of_a_day_by_day_search(name: str) -> None:
    clauses, _ = WINDOWS[name]
    assert all_differences(DayByDay(tree_of(clauses)), render_pages(policy_of(clauses))) == []


def test_policy_that_is_too_large_has_no_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = Checker(policy_of(WINDOWS["one for all"][0])).compiled
    assert windows(compiled)
    with monkeypatch.context() as paths:
        paths.setattr("macros.pages.windows.MAX_PATHS", 0)
        assert windows(compiled) == {}
    monkeypatch.setattr("checker.engine.nodes.STEPS", (compiled.store._steps + 1) / (MORE * LIMIT))
    assert windows(compiled) == {}
