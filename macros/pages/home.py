"""The ways from the home page and from the clauses into the check, and the steps that follow a good outcome."""

from __future__ import annotations

from collections.abc import Mapping

from checker import Checker
from checker.answers.kinds import kind_of
from checker.engine.compile import CompiledPolicy
from checker.engine.nodes import FAILS
from checker.policy import Comparison, Policy, Question, as_ids, as_list
from checker.web.dialog import follow_answers


def first_question(checker: Checker) -> str | None:
    """The question that the check asks first; None if every case has the same result."""
    return follow_answers(checker, {}, checker.policy.valid_from).step


def first_choices(question: Question) -> Mapping[str, str]:
    """The titles of all answers to a question, by id; empty if other answers are possible."""
    return {value: question.offered[value].title for value in kind_of(question).options(question)}


def implied_answers(policy: Policy, clause: str) -> Mapping[str, str]:
    """The answers of a customer who asks about a clause: those without which its only rule cannot hold."""
    rules = policy.clauses[clause].rules
    ways = as_list(rules[0].when) if len(rules) == 1 else ()
    if len(ways) != 1:
        return {}
    tests = {name: as_ids(test) for name, test in ways[0].items() if not isinstance(test, Comparison)}
    return {name: ids[0] for name, ids in tests.items() if len(ids) == 1}


def certain_steps(compiled: CompiledPolicy) -> list[str]:
    """The steps that follow in every case with a good outcome; none if no case has one."""
    store, outcomes = compiled.store, compiled.policy.outcomes
    good = [(compiled.outcome, compiled.rank[id_]) for id_, outcome in outcomes.items() if outcome.tone == "good"]
    reached = [decided for decided in good if store.witness([decided]) is not None]
    return [
        step
        for step, when in compiled.parts["steps"].items()
        if reached and all(store.witness([(when, FAILS), decided]) is None for decided in reached)
    ]
