"""The diagram against brute force on random small policies: what is decided, asked, dated, changed and proved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checker import Checker, Policy, Verdict
from checker.engine.compile import CompiledPolicy
from checker.verdict import Answered, Decision
from macros.analysis.proof import prove
from macros.policyfile.conditions import conditions, whens
from tests.support.brute_force import DAYS, TODAY, ByHand, Case, answers, cases, domains, policies
from tests.support.fuzzing import random_inputs

MANY = random_inputs(500)
TONES = ("good", "neutral", "bad")


@given(policy=policies(gapless=True))
@MANY
def test_complete_case_has_outcome_dates_and_grants_of_the_oracle(policy: Policy) -> None:
    checker, by_hand = Checker(policy), ByHand(policy)
    for case in cases(policy):
        verdict = checker.decide(answers(case), TODAY)
        assert (shown_timeline(verdict), decided(verdict)) == by_hand.displayed(case), case
        days = [((deadline.last_day - TODAY).days, deadline.then) for deadline in verdict.deadlines]
        assert days == [(day - since(case), then) for day, then in filter(None, [by_hand.last_day(case)])], case
        deciding = {
            name
            for name, clause in policy.clauses.items()
            for rule in clause.rules
            if rule.outcome == verdict.outcome and by_hand.holds(rule.when, case)
        }
        assert {reason.clause for reason in verdict.reasons} == deciding, "the reasons are the rules that match"
        assert checker.compiled.decide(case) == verdict.outcome, "the short way leads to the same outcome"


@given(policy=policies(gapless=True), data=st.data())
@MANY
def test_open_case_has_outcomes_and_questions_of_its_completions(policy: Policy, data: st.DataObject) -> None:
    space, by_hand = domains(policy), ByHand(policy)
    answered = {name: data.draw(st.sampled_from(["known", "unknown", "open"]), label=name) for name in space}
    known = {name: data.draw(st.sampled_from(space[name])) for name in space if answered[name] == "known"}
    unknown = dict.fromkeys((name for name in space if answered[name] == "unknown"), "unknown")
    verdict = Checker(policy).decide(answers(known) | unknown, TODAY)
    completions = [(case, by_hand.displayed(case)) for case in cases(policy, known)]
    assert set(verdict.possible) == {decision[0] for _, (_, decision) in completions}
    expected = (by_hand.last_day(case) for case, _ in completions if "received" in known)
    assert {((deadline.last_day - TODAY).days, deadline.then) for deadline in verdict.deadlines} == {
        (day - since(known), then) for day, then in filter(None, expected)
    }
    asked = (name for name in space if answered[name] == "open" and matters(name, known, completions))
    assert verdict.ask == next(asked, None)


def since(case: Case) -> int:
    """The days since the date of a case whose deadline is known."""
    days = case["received"]
    assert isinstance(days, int)
    return days


def shown_timeline(verdict: Verdict) -> tuple[tuple[int, object], ...]:
    """The only timeline of a complete case, as brute force gives it."""
    assert len(verdict.timelines) <= 1
    return tuple(
        ((stretch.first - stretch.counted_from).days if number else 0, decided(stretch.decision))
        for timeline in verdict.timelines
        for number, stretch in enumerate(timeline.stretches)
    )


def decided(shown: Decision | Verdict) -> tuple[object, ...]:
    proof = shown.needed if isinstance(shown, Verdict) else shown.proof
    return shown.outcome, {*shown.remedies}, shown.costs, proof, shown.steps


def matters(name: str, known: Case, completions: Sequence[tuple[Case, tuple[object, object]]]) -> bool:
    """Whether two completions that differ in this answer alone show different things."""
    groups: dict[tuple[object, ...], set[tuple[object, object]]] = {}
    for case, (timeline, decision) in completions:
        rest = tuple(answer for question, answer in case.items() if question != name)
        groups.setdefault(rest, set()).add((timeline if "received" in known else (), decision))
    return any(len(group) > 1 for group in groups.values())


@given(policy=policies(gapless=True), data=st.data())
@MANY
def test_counterfactuals_are_those_of_an_exhaustive_search(policy: Policy, data: st.DataObject) -> None:
    everything, by_hand = [*cases(policy)], ByHand(policy)
    case = data.draw(st.sampled_from(everything))
    nearest: dict[str | None, tuple[int, list[Case]]] = {}
    for other in everything:
        changed = sum(case[name] != other[name] for name in case)
        best, ties = nearest.get(by_hand.outcome(other), (changed, []))
        if changed <= best:
            nearest[by_hand.outcome(other)] = (changed, [other, *(ties if changed == best else [])])
    parts: dict[str | None, list[Case]] = {}
    for change in Checker(policy).counterfactuals(answers(case), TODAY):
        if all(answer.question != "applied" for answer in change.answers):
            moved = {answer.question: {*answer.choices} or days(answer) for answer in change.answers}
            parts.setdefault(change.outcome, []).extend(
                other for other in everything if all(other[name] in moved.get(name, {case[name]}) for name in case)
            )
    assert {decided: keys(others) for decided, others in parts.items()} == {
        decided: keys(others) for decided, (_, others) in nearest.items() if decided != by_hand.outcome(case)
    }


def days(answer: Answered) -> set[str | int]:
    """The days back from today that an answer's dates stand for."""
    least = (TODAY - answer.last).days if answer.last else 0
    return {day for day in DAYS if least <= day and (answer.first is None or day <= (TODAY - answer.first).days)}


def keys(some: list[Case]) -> set[tuple[object, ...]]:
    return {tuple(case.values()) for case in some}


@given(policy=policies(gapless=False))
@MANY
def test_proof_problems_are_those_of_case_enumeration(policy: Policy) -> None:
    proof, by_hand = prove(CompiledPolicy(policy)), ByHand(policy)
    named = {problem.path for problem in proof.problems}
    everything = [(case, by_hand.outcome(case)) for case in cases(policy)]
    assert (("clauses",) in named) == any(decided is None for _, decided in everything)
    for name, clause in policy.clauses.items():
        for number, rule in enumerate(clause.rules):
            alive = any(decided == rule.outcome and by_hand.matches(rule.when, case) for case, decided in everything)
            assert (("clauses", name, "rules", number) in named) == (not alive)
    for path, when in whens(policy):
        if "rules" not in path and path[-1] != "always":
            for here, condition in conditions(path, when):
                assert (here in named) == (not any(by_hand.holds(condition, case) for case, _ in everything))
    for name, invariant in policy.invariants.items():
        if invariant.always is not None:
            fitting = [case for case, _ in everything if by_hand.holds(invariant.when, case)]
            holds = all(by_hand.holds(invariant.always, case) for case in fitting)
        else:
            holds = not any(worse_if_sooner(by_hand, case, decided) for case, decided in everything)
        assert (name in proof.invariants) == holds, name


def worse_if_sooner(by_hand: ByHand, case: Case, decided: str | None) -> bool:
    """Whether a day later the case would be decided, and better. A gap is no outcome to compare with."""
    received = case["received"]
    if not isinstance(received, int) or received + 1 not in DAYS or decided is None:
        return False
    later = by_hand.outcome(case | {"received": received + 1})
    tones = {name: TONES.index(outcome.tone) for name, outcome in by_hand.policy.outcomes.items()}
    return later is not None and tones[decided] > tones[later]


@given(policy=policies(gapless=False))
@MANY
def test_dead_questions_and_equivalent_answers_are_those_of_case_enumeration(policy: Policy) -> None:
    proof, by_hand = prove(CompiledPolicy(policy)), ByHand(policy)
    dead = {path[1] for problem in proof.problems if (path := problem.path)[0] == "questions"}
    parts: list[Any] = [
        part
        for clause in policy.clauses.values()
        for part in (*clause.grants, *clause.proof.values(), *clause.steps.values())
    ]
    by_case: dict[tuple[object, ...], tuple[object, ...]] = {}
    for case in cases(policy):
        by_case[tuple(case.values())] = by_hand.outcome(case), *(by_hand.holds(part.when, case) for part in parts)

    def alike(name: str, one: str | int, other: str | int) -> bool:
        return all(
            by_case[tuple(case.values())] == by_case[tuple((case | {name: other}).values())]
            for case in cases(policy, {name: one})
        )

    for name, values in domains(policy).items():
        assert (name in dead) == all(alike(name, values[0], value) for value in values)
    for name, choices in proof.equivalent_values:
        assert all(alike(name, choices[0], choice) for choice in choices)
