"""Timelines of made-up cases: of what is shown beside the outcome, with open dates, and with too many open answers."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from checker import Checker, Policy
from checker.explain.explanation import explain
from checker.policy import Comparison, Condition, ProofItem, Step
from macros.analysis.load import load
from macros.policyfile.schema import MODEL
from tests.support.brute_force import QUESTIONS, made_up
from tests.support.paths import POLICIES
from tests.support.words import say

TODAY = date(2026, 11, 27)
CASE = {"problem": "return_logistics", "received_on": "2026-11-22", "product": "standard", "cause": "none"}


def with_parts(policy: Policy, **parts: object) -> Policy:
    """The policy, whose first clause has further parts."""
    name, clause = next(iter(policy.clauses.items()))
    return dataclasses.replace(policy, clauses={**policy.clauses, name: dataclasses.replace(clause, **parts)})  # type: ignore[arg-type]


def texts(policy: Policy, section: str, **answers: str) -> list[tuple[str, str | None, str | None]]:
    explanation = explain(policy, Checker(policy).decide(CASE | answers, TODAY))
    items = (item for part in explanation.sections if part.id == section for item in part.items)
    return [(item.text, item.note, item.clause) for item in items]


@pytest.fixture
def policy(frozen: Policy) -> Policy:
    """The frozen policy, in which a case of the carrier needs other proof, and has other steps, in the first days."""
    soon: Condition = {"outcome": "carrier", "received_on": Comparison(within="window")}
    late: Condition = {"outcome": "carrier", "received_on": Comparison(longer_ago_than="window")}
    proof = {"receipt": ProofItem(title="The receipt", when=soon), "label": ProofItem(title="The label", when=late)}
    steps = {"called": Step(title="The carrier calls you", text="It calls.", when=soon)}
    return with_parts(frozen, proof=proof, steps=steps)


def test_change_of_proof_and_steps_alone_is_said(policy: Policy) -> None:
    clause = next(iter(policy.clauses))
    soon = "you need The receipt; you do not need The label; this happens: The carrier calls you"
    late = "you need The label; you do not need The receipt; this does not happen: The carrier calls you"
    until = say("timeline.until", last=date(2026, 12, 7), before=soon)
    assert texts(policy, "deadlines") == [(until, say("timeline.then", after=late), clause)]
    was = say("timeline.was", last=date(2026, 11, 16), what=soon)
    assert texts(policy, "changes", received_on="2026-11-01") == [(was, None, None)]


def test_open_date_that_matters_leaves_no_timeline() -> None:
    checker = Checker(load(POLICIES / "parcels.yaml"))
    case = {"route": "inland", "sent_on": "2026-11-12"}
    assert checker.decide(case | {"seen_on": "2026-11-12"}, TODAY).timelines
    assert checker.decide(case | {"seen_on": "unknown"}, TODAY).timelines == ()


@pytest.mark.parametrize(("limit", "is_whole"), [(300, True), (15, False)])
def test_many_open_answers_are_followed_by_their_outcomes_alone(
    limit: int, is_whole: bool, frozen: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.engine.timeline.MOST_STATES", limit)
    verdict = Checker(frozen).decide({"received_on": "2026-11-22"}, TODAY)
    assert [deadline.last_day.isoformat() for deadline in verdict.deadlines] == ["2026-11-29", "2026-12-07"]
    decisions = [stretch.decision for timeline in verdict.timelines for stretch in timeline.stretches]
    assert any(decision.proof for decision in decisions) == is_whole


def test_too_many_open_answers_leave_no_timeline(frozen: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.engine.timeline.MOST_STATES", 0)
    assert Checker(frozen).decide({"problem": "quality", "received_on": "2026-11-22"}, TODAY).timelines == ()


LONG = {"longer ago than": "long"}
DATE = {"answer": "date", "counted to": "applied"}


def made(outcomes: dict[str, str], *clauses: dict[str, object], **questions: object) -> Checker:
    """A checker of clauses that compare the day of receipt with ten days."""
    asked = {"received": DATE, **questions, "applied": QUESTIONS["applied"]}
    part = {"title": "t", "topic": "all", "text": "t"}
    tree = made_up(
        values={"long": "10 days"},
        questions={name: {"ask": name, **question} for name, question in asked.items()},  # type: ignore[dict-item]
        outcomes=outcomes,
        clauses={f"c{number}": part | clause for number, clause in enumerate(clauses)},
    )
    return Checker(MODEL.validate_python(tree))


def rules(*pairs: tuple[object, str]) -> dict[str, object]:
    return {"rules": [{"when": when, "outcome": outcome} for when, outcome in pairs]}


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [("neutral", "good", "better"), ("bad", "neutral", "better"), ("good", "neutral", "worse"), ("good", "good", None)],
)
def test_effect_of_a_change_follows_the_tones(before: str, after: str, effect: str | None) -> None:
    checker = made({"late": after, "soon": before}, rules(({"received": LONG}, "late"), ({}, "soon")))
    [timeline] = checker.decide({"received": "2026-11-22"}, TODAY).timelines
    assert [stretch.effect for stretch in timeline.stretches] == [None, effect]


def test_earlier_days_without_an_outcome_have_none() -> None:
    checker = made({"late": "bad"}, rules(({"received": LONG}, "late")))
    [timeline] = checker.decide({"received": "2026-11-01"}, TODAY).timelines
    assert [stretch.decision.outcome for stretch in timeline.stretches] == [None, "late"]
    assert timeline.deadline is None


@pytest.mark.parametrize(("product", "timelines"), [("p1", 0), ("p2", 1)])
def test_open_date_leaves_the_timeline_if_it_does_not_matter(product: str, timelines: int) -> None:
    pairs = rules(({"bought": LONG, "product": "p1"}, "old"), ({"received": LONG}, "late"), ({}, "soon"))
    checker = made({"old": "bad", "late": "bad", "soon": "good"}, pairs, bought=DATE, product=QUESTIONS["product"])
    verdict = checker.decide({"received": "2026-11-22", "bought": "unknown", "product": product}, TODAY)
    assert len(verdict.timelines) == timelines


def test_grant_that_ends_beside_the_change_is_not_cited() -> None:
    """The first grant ends on the same day, but what it gives goes on by the last."""
    checker = made(
        {"soon": "good"},
        {"grants": [{"when": {"received": {"within": "long"}}, "remedies": ["money"]}]},
        {"grants": [{"when": {"received": {"within": "long"}}, "remedies": ["goods"]}]},
        {"grants": [{"when": {}, "remedies": ["money"]}], **rules(({}, "soon"))},
    )
    [timeline] = checker.decide({"received": "2026-11-22"}, TODAY).timelines
    assert [stretch.clause for stretch in timeline.stretches] == [None, "c1"]
