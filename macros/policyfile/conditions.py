"""The policy's conditions: an iterator over every `when`, and checks of the names and comparisons in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from checker.answers.kinds import kind_of
from checker.engine.compile import ANY, OUTCOME
from checker.engine.parts import COSTS, REMEDIES
from checker.policy import Comparison, Condition, Policy, When, as_list, key
from macros.policyfile import figures
from macros.policyfile.errors import KeyPath, Problem, duplicates, unknown_name
from macros.policyfile.suggestions import unknown_answer_message

ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
"""An id of the policy: small and plain, so that it can stand in addresses, answers and braces."""

CONDITIONAL = ("rules", "grants", "proof", "steps", "reminders", "interpretations", "estimates")
"""The parts of a clause that have a `when`."""

DECIDED = {OUTCOME: "outcome", REMEDIES: "remedy", COSTS: "bearer of costs"}
"""The names in conditions that are no questions, each with what its ids name."""

type _Requirement = str | tuple[str, ...] | Comparison
"""The value of a name in a condition: an answer, several, or a comparison."""


def problems(policy: Policy) -> Iterator[Problem]:
    """The problems of the policy's conditions."""
    for path, when in whens(policy):
        yield from _when_problems(path, when, policy)


def whens(policy: Policy) -> Iterator[tuple[KeyPath, When]]:
    """Every `when` of the policy with its path."""
    for name, clause in policy.clauses.items():
        for part in CONDITIONAL:
            items: Any = getattr(clause, part)
            for step, item in items.items() if isinstance(items, Mapping) else enumerate(items):
                if item.when is not None:
                    yield ("clauses", name, part, step, "when"), item.when
    for name, invariant in policy.invariants.items():
        for part in ("when", "always"):
            if (when := getattr(invariant, part)) is not None:
                yield ("invariants", name, part), when


def conditions(path: KeyPath, when: When) -> Iterator[tuple[KeyPath, Condition]]:
    """The alternative conditions of a `when`, each with its path."""
    if isinstance(when, tuple):
        yield from (((*path, number), condition) for number, condition in enumerate(when))
    else:
        yield path, when


def compared_values(when: When) -> Iterator[str]:
    """The values that a condition compares dates with."""
    for condition in as_list(when):
        for comparison in condition.values():
            if isinstance(comparison, Comparison):
                yield from filter(None, (comparison.longer_ago_than, comparison.within))


def _when_problems(path: KeyPath, when: When, policy: Policy) -> Iterator[Problem]:
    if when == ():
        yield Problem(path, "is an empty list, so it never holds. Write a condition.")
    decided = _decided_names(path, policy)
    for here, condition in conditions(path, when):
        for name, required in condition.items():
            if name in decided:
                yield from _comparison_problems((*here, name), name, required, decided[name], policy, counted=False)
            elif name in DECIDED:
                yield Problem((*here, name), _undecided_message(name, str(path[2])), at_key=True)
            elif name in policy.questions:
                yield from _question_problems((*here, name), name, required, policy)
            else:
                yield from unknown_name((*here, name), "question", name, [*decided, *policy.questions], at_key=True)


def _decided_names(path: KeyPath, policy: Policy) -> dict[str, Collection[str]]:
    """The decided things that a condition may name, with their values: those that are decided before it."""
    if path[2] == "rules":
        return {}
    if path[2] == "grants":
        return {OUTCOME: policy.outcomes}
    return {OUTCOME: policy.outcomes, REMEDIES: [ANY, *policy.remedies], COSTS: [ANY, *policy.costs]}


def _undecided_message(name: str, part: str) -> str:
    """The message about a decided thing in a condition that helps to decide it."""
    if name == OUTCOME:
        return "a rule decides the outcome, so it cannot ask for it. Name questions only."
    if part == "rules":
        return f"{name} follow from the outcome, so a rule cannot ask for them. Name questions only."
    return f"a grant decides {name}, so it cannot ask for them. Name questions and the outcome only."


def _question_problems(path: KeyPath, name: str, required: _Requirement, policy: Policy) -> Iterator[Problem]:
    question = policy.questions[name]
    kind = kind_of(question)
    if kind.domain(question) is None and not kind.counts_days:
        what = {"amount": "an amount", "amounts": "a list of amounts"}.get(question.answer, question.answer)
        message = f'the answer to "{name}" is {what}, which no condition can compare. Name another question.'
        yield Problem(path, message, at_key=True)
    elif kind.domain(question) is None:
        message = f'the days of "{name}" are not counted. Give that question the line "counted to: …" first.'
        yield Problem(path, message, at_key=True)
    else:
        yield from _comparison_problems(path, name, required, question.offered, policy, counted=kind.counts_days)


def _comparison_problems(
    path: KeyPath, name: str, required: _Requirement, possible: Collection[str], policy: Policy, *, counted: bool
) -> Iterator[Problem]:
    if not isinstance(required, Comparison):
        yield from _choice_problems(path, name, required, possible, policy)
        return
    keys = [field for field in ("not_", "longer_ago_than", "within") if getattr(required, field) is not None]
    if len(keys) != 1:
        yield Problem(path, "must have exactly one of the keys not, longer ago than, within.")
    for field in keys:
        here = (*path, key(field))
        if field == "not_":
            yield from _choice_problems(here, name, required.not_ or (), possible, policy)
        elif not counted:
            yield Problem(here, f'only days can be compared like this, and "{name}" is no date.', at_key=True)
        else:
            yield from unknown_value(here, getattr(required, field), policy)


def _choice_problems(
    path: KeyPath, name: str, choices: str | tuple[str, ...], possible: Collection[str], policy: Policy
) -> Iterator[Problem]:
    if choices == ():
        yield Problem(path, "is an empty list. Name at least one answer.")
    listed = [(path, choices)] if isinstance(choices, str) else [((*path, n), c) for n, c in enumerate(choices)]
    for here, choice in listed:
        if choice not in possible:
            if name in DECIDED:
                yield from unknown_name(here, DECIDED[name], choice, possible)
            else:
                yield Problem(here, unknown_answer_message(policy, name, choice))
    if not isinstance(choices, str):
        yield from duplicates(path, choices)


def unknown_value(path: KeyPath, name: str, policy: Policy) -> Iterator[Problem]:
    """A problem if no value has the name, which may be a duration written in place."""
    if ID.fullmatch(name):
        yield from unknown_name(path, "value", name, policy.values)
        return
    figure = figures.read(name)
    same = [value for value, text in policy.values.items() if isinstance(text, str) and figures.read(text) == figure]
    advice = (
        f'Write "{same[0]}", which is {policy.values[same[0]]}.'
        if figure and same
        else "Enter it under `values`, and write its name here."
    )
    yield Problem(path, f'must be the name of a value, and "{name}" is none. {advice}')
