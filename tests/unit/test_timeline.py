"""Timelines of made-up cases: of what is shown beside the outcome, with open dates, and with too many open answers."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from checker import Checker, Policy
from checker.explain.explanation import explain
from checker.policy import Comparison, Condition, ProofItem, Step
from macros.analysis.load import load
from tests.support.paths import POLICIES

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
    assert texts(policy, "deadlines") == [(f"Until 7 December 2026: {soon}.", f"After that: {late}.", clause)]
    assert texts(policy, "changes", received_on="2026-11-01") == [
        (f"Until 16 November 2026 the answer was: {soon}.", None, None)
    ]


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
    proof = {stretch.decision.proof for timeline in verdict.timelines for stretch in timeline.stretches}
    assert any(proof) == is_whole


def test_too_many_open_answers_leave_no_timeline(frozen: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.engine.timeline.MOST_STATES", 0)
    assert Checker(frozen).decide({"problem": "quality", "received_on": "2026-11-22"}, TODAY).timelines == ()
