"""The order of questions keeps diagrams small, and changes nothing else."""

from __future__ import annotations

import pytest

from bench.generate import grouped, unstructured
from checker import Checker, Policy
from checker.engine import ordering
from checker.engine.compile import CompiledPolicy, PolicyTooComplexError
from checker.engine.diagram import LIMIT
from checker.engine.ordering import ordered
from macros.analysis.proof import prove


def test_what_most_rules_test_comes_first_then_what_the_others_test() -> None:
    rules = [["kind", "b"], ["kind", "c"], ["kind", "c", "b"], ["e", "d"]]
    assert ordered(["a", "b", "c", "d", "e", "kind"], rules)[:3] == ["kind", "d", "e"]


def test_every_question_keeps_its_place_in_the_order_once() -> None:
    rules = [["a", "f"], ["f", "b"], ["b", "e"], ["c"], []]
    assert sorted(ordered([*"abcdef"], rules)) == [*"abcdef"]
    assert ordered([*"abc"], []) == [*"abc"]


def test_questions_of_one_rule_come_close_together() -> None:
    rules = [["a", "x"], ["b", "y"], ["c", "z"], ["a", "x"]]
    order = ordered([*"abcxyz"], rules)
    assert abs(order.index("a") - order.index("x")) == 1


def test_the_questions_of_each_rule_stand_side_by_side_where_they_can() -> None:
    rules = [["b", "f"], ["e", "f"], ["a", "e"], ["a", "c", "d"]]
    order = ordered([*"abcdef"], rules)
    for rule in rules:
        places = sorted(map(order.index, rule))
        assert places[-1] - places[0] == len(rule) - 1


def test_questions_that_no_move_brings_closer_stay_where_they_are() -> None:
    assert ordered([*"abcd"], [["a"], ["b", "d"], ["b", "c"], ["a", "c", "d"]]) == [*"abcd"]


def test_a_thousand_rules_that_are_grouped_stay_far_below_the_limit() -> None:
    assert len(CompiledPolicy(grouped(1000)).store) < 30_000


def test_all_is_proved_of_a_thousand_rules_that_are_grouped() -> None:
    assert prove(grouped(1000)).rules == 1000


def test_a_proof_that_would_take_too_long_ends_with_the_questions_to_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = grouped(100)
    cases = CompiledPolicy(policy)
    monkeypatch.setattr("checker.engine.diagram.STEPS", 0)
    with pytest.raises(PolicyTooComplexError) as caught:
        prove(policy, cases)
    assert {*caught.value.questions} <= {*policy.questions}


def test_rules_without_any_structure_end_with_the_questions_to_look_at() -> None:
    policy = unstructured(300)
    with pytest.raises(PolicyTooComplexError) as caught:
        CompiledPolicy(policy)
    assert len(caught.value.questions) == 3
    assert str(caught.value).endswith(f"most of them by the questions {', '.join(caught.value.questions)}")
    assert {*caught.value.questions} <= {*policy.questions}


def test_what_is_granted_in_too_many_ways_ends_in_the_same_way(frozen: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """One step fewer than the policy takes: the rules fit, the last of the other parts does not."""
    monkeypatch.setattr("checker.engine.diagram.STEPS", (CompiledPolicy(frozen).store._steps - 1) / LIMIT)
    with pytest.raises(PolicyTooComplexError) as caught:
        Checker(frozen)
    assert caught.value.questions
    assert {*caught.value.questions} <= {*frozen.questions}


def test_more_questions_than_a_diagram_can_be_deep_end_in_the_same_way() -> None:
    with pytest.raises(PolicyTooComplexError):
        CompiledPolicy(unstructured(2, questions=3000, width=2900))


def test_the_moves_end_though_they_still_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "ROUNDS", 1)
    rules = [["first", "fourth"], ["first", "third"], ["second"], ["second"], ["third"]]
    assert ordered(["first", "second", "third", "fourth"], rules) == ["second", "third", "first", "fourth"]
