"""The order of questions keeps diagrams small, and changes nothing else."""

from __future__ import annotations

import pytest

from bench.generate import grouped, unstructured
from checker import Checker, Policy
from checker.engine import ordering
from checker.engine.compile import CompiledPolicy, PolicyTooComplexError
from checker.engine.nodes import LIMIT
from checker.engine.ordering import ordered
from macros.analysis.proof import prove


def test_most_used_questions_come_first() -> None:
    rules = [["kind", "b"], ["kind", "c"], ["kind", "c", "b"], ["e", "d"]]
    assert ordered(["a", "b", "c", "d", "e", "kind"], rules)[:3] == ["kind", "d", "e"]


def test_ordering_contains_every_question_once() -> None:
    rules = [["a", "f"], ["f", "b"], ["b", "e"], ["c"], []]
    assert sorted(ordered([*"abcdef"], rules)) == [*"abcdef"]
    assert ordered([*"abc"], []) == [*"abc"]


def test_questions_of_one_rule_are_close_together() -> None:
    rules = [["a", "x"], ["b", "y"], ["c", "z"], ["a", "x"]]
    order = ordered([*"abcxyz"], rules)
    assert abs(order.index("a") - order.index("x")) == 1


def test_questions_of_each_rule_are_adjacent_if_possible() -> None:
    rules = [["b", "f"], ["e", "f"], ["a", "e"], ["a", "c", "d"]]
    order = ordered([*"abcdef"], rules)
    for rule in rules:
        places = sorted(map(order.index, rule))
        assert places[-1] - places[0] == len(rule) - 1


def test_questions_that_no_move_improves_stay() -> None:
    assert ordered([*"abcd"], [["a"], ["b", "d"], ["b", "c"], ["a", "c", "d"]]) == [*"abcd"]


def test_thousand_grouped_rules_stay_far_below_the_node_limit() -> None:
    assert len(CompiledPolicy(grouped(1000)).store) < 30_000


def test_thousand_grouped_rules_are_proved() -> None:
    assert prove(CompiledPolicy(grouped(1000))).rules == 1000


def test_too_long_proof_names_the_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = grouped(100)
    cases = CompiledPolicy(policy)
    monkeypatch.setattr("checker.engine.nodes.STEPS", 0)
    with pytest.raises(PolicyTooComplexError) as caught:
        prove(cases)
    assert {*caught.value.questions} <= {*policy.questions}


def test_unstructured_rules_name_the_questions() -> None:
    policy = unstructured(300)
    with pytest.raises(PolicyTooComplexError) as caught:
        CompiledPolicy(policy)
    assert len(caught.value.questions) == 3
    assert str(caught.value).endswith(f"most of them by the questions {', '.join(caught.value.questions)}")
    assert {*caught.value.questions} <= {*policy.questions}


def test_too_complex_grants_name_the_questions(frozen: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """One step fewer than the policy takes: the rules fit, the last of the other parts does not."""
    monkeypatch.setattr("checker.engine.nodes.STEPS", (CompiledPolicy(frozen).store._steps - 1) / LIMIT)
    with pytest.raises(PolicyTooComplexError) as caught:
        Checker(frozen)
    assert caught.value.questions
    assert {*caught.value.questions} <= {*frozen.questions}


def test_too_many_questions_are_named() -> None:
    with pytest.raises(PolicyTooComplexError):
        CompiledPolicy(unstructured(2, questions=3000, width=2900))


def test_ordering_stops_after_the_move_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "ROUNDS", 1)
    rules = [["first", "fourth"], ["first", "third"], ["second"], ["second"], ["third"]]
    assert ordered(["first", "second", "third", "fourth"], rules) == ["second", "third", "first", "fourth"]
