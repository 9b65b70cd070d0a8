"""Conditions: every `when` of the policy names questions and answers that there are, and compares what can be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from checker.engine.compile import ANY, OUTCOME
from checker.engine.parts import COSTS, REMEDIES
from checker.policy import Comparison, Condition, Policy, When, as_list, key
from macros.policyfile import figures
from macros.policyfile.errors import Path, Problem, known, twice
from macros.policyfile.suggestions import no_answer

_ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)

CONDITIONAL = ("rules", "grants", "proof", "steps", "reminders", "interpretations", "estimates")
"""The parts of a clause that have a `when`."""


def in_whens(policy: Policy) -> Iterator[Problem]:
    """All that does not fit in the policy's conditions."""
    for path, when in whens(policy):
        yield from _in_when(path, when, policy)


def whens(policy: Policy) -> Iterator[tuple[Path, When]]:
    """Every ``when`` of the policy with its path."""
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


def conditions(path: Path, when: When) -> Iterator[tuple[Path, Condition]]:
    """The conditions of which any one is enough."""
    if isinstance(when, tuple):
        yield from (((*path, number), condition) for number, condition in enumerate(when))
    else:
        yield path, when


def compared_values(when: When) -> Iterator[str]:
    """The values that a condition compares dates with."""
    for condition in as_list(when):
        tests = (test for test in condition.values() if isinstance(test, Comparison))
        yield from (name for test in tests for name in (test.longer_ago_than, test.within) if name)


def _in_when(path: Path, when: When, policy: Policy) -> Iterator[Problem]:
    if when == ():
        yield Problem(path, "is an empty list, so it never holds. Write a condition.")
    decided = _decided(path, policy)
    for here, condition in conditions(path, when):
        for name, test in condition.items():
            if name in decided:
                yield from _test((*here, name), name, test, decided[name], policy, counted=False)
            elif name == OUTCOME:
                message = "a rule decides the outcome, so it cannot ask for it. Name questions only."
                yield Problem((*here, name), message, at_key=True)
            elif name in policy.questions:
                yield from _asked((*here, name), name, test, policy)
            else:
                yield from known((*here, name), "question", name, [*decided, *policy.questions], at_key=True)


def _decided(path: Path, policy: Policy) -> dict[str, Collection[str]]:
    """What a condition here may ask for besides the answers: nothing in a rule, which is there to decide it."""
    if path[0] == "invariants":
        return {OUTCOME: policy.outcomes, REMEDIES: [ANY, *policy.remedies], COSTS: [ANY, *policy.costs]}
    return {} if path[2] == "rules" else {OUTCOME: policy.outcomes}


def _asked(path: Path, name: str, test: str | tuple[str, ...] | Comparison, policy: Policy) -> Iterator[Problem]:
    question = policy.questions[name]
    if question.is_amount or question.answer == "proof":
        what = {"amount": "an amount", "amounts": "a list of amounts"}.get(question.answer, question.answer)
        message = f'the answer to "{name}" is {what}, which no condition can compare. Name another question.'
        yield Problem(path, message, at_key=True)
    elif question.answer == "date" and question.counted_to is None:
        message = f'the days of "{name}" are not counted. Give that question the line "counted to: …" first.'
        yield Problem(path, message, at_key=True)
    else:
        counted = question.answer == "date"
        yield from _test(path, name, test, question.offered, policy, counted=counted)


def _test(
    path: Path,
    name: str,
    test: str | tuple[str, ...] | Comparison,
    possible: Collection[str],
    policy: Policy,
    *,
    counted: bool,
) -> Iterator[Problem]:
    if not isinstance(test, Comparison):
        yield from _choices(path, name, test, possible, policy)
        return
    given = [field for field in ("not_", "longer_ago_than", "within") if getattr(test, field) is not None]
    if len(given) != 1:
        yield Problem(path, "must have exactly one of the keys not, longer ago than, within.")
    for field in given:
        here = (*path, key(field))
        if field == "not_":
            yield from _choices(here, name, test.not_ or (), possible, policy)
        elif not counted:
            yield Problem(here, f'only days can be compared like this, and "{name}" is no date.', at_key=True)
        else:
            yield from _days(here, getattr(test, field), policy)


def _choices(
    path: Path, name: str, choices: str | tuple[str, ...], possible: Collection[str], policy: Policy
) -> Iterator[Problem]:
    if choices == ():
        yield Problem(path, "is an empty list. Name at least one answer.")
    listed = [(path, choices)] if isinstance(choices, str) else [((*path, n), c) for n, c in enumerate(choices)]
    for here, choice in listed:
        if choice not in possible:
            what = {OUTCOME: OUTCOME, REMEDIES: "remedy", COSTS: "bearer of costs"}.get(name)
            if what:
                yield from known(here, what, choice, possible)
            else:
                yield Problem(here, no_answer(policy, name, choice))
    if not isinstance(choices, str):
        yield from twice(path, choices)


def _days(path: Path, name: str, policy: Policy) -> Iterator[Problem]:
    """A date is compared with a value; what figures can be compared, the values are asked themselves."""
    yield from names_value(path, name, policy)


def names_value(path: Path, name: str, policy: Policy) -> Iterator[Problem]:
    """A problem where no value has the name: a length of time itself stands there, perhaps."""
    if _ID.fullmatch(name):
        yield from known(path, "value", name, policy.values)
        return
    figure = figures.read(name)
    same = [each for each, text in policy.values.items() if isinstance(text, str) and figures.read(text) == figure]
    remedy = (
        f'Write "{same[0]}", which is {policy.values[same[0]]}.'
        if figure and same
        else "Enter it under `values`, and write its name here."
    )
    yield Problem(path, f'must be the name of a value, and "{name}" is none. {remedy}')
