"""What a policy shows in each case, as diagrams: the outcome, and each thing that is said with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from operator import or_

from checker.engine.compile import OUTCOME, CompiledPolicy
from checker.engine.diagram import FAILS, HOLDS, Node, Store
from checker.engine.parts import ESTIMATES
from checker.policy import Policy
from macros.diff.alignment import Alignment

CLAUSES, LAST_DAY, DATES = "clauses", "last day", "dates"

type Key = tuple[str, str]
"""What kind of thing is shown, and its id in the new version; the id of the outcome is empty."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that a verdict shows, or does not show: then its value is None."""

    node: Node
    values: Mapping[int, object]
    """What each leaf stands for, in ids of the new version."""

    @classmethod
    def where(cls, holds: Node, value: object = True) -> Shown:
        """Something that is shown where a condition holds."""
        return cls(holds, {HOLDS: value, FAILS: None})


def shown(cases: CompiledPolicy, alignment: Alignment) -> Iterator[tuple[Key, Shown]]:
    """All that the verdicts of a policy show, under the new ids."""
    policy = cases.policy
    outcomes = {rank: alignment.new_id("outcomes", outcome) for rank, outcome in enumerate(cases.outcomes)}
    yield (OUTCOME, ""), Shown(cases.outcome, {**outcomes, cases.undecided: None})
    for part, conditions in cases.parts.items():
        for id_ in getattr(policy, part):
            if (node := conditions.get(id_)) is not None:
                value = _formula(policy, id_, alignment) if part == ESTIMATES else True
                yield (part, alignment.new_id(part, id_)), Shown.where(node, value)
    for name, step in policy.steps.items():
        waits = tuple(
            (policy.values[wait.wait], alignment.new_id("questions", wait.after)) for wait in step.expect.values()
        )
        if waits:
            dates = waits, policy.calendar
            yield (DATES, alignment.new_id("steps", name)), Shown.where(cases.parts["steps"][name], dates)
    yield from _deciding(cases, alignment)
    yield from _last_days(cases)


def _formula(policy: Policy, estimate: str, alignment: Alignment) -> tuple[str, ...]:
    return tuple(alignment.new_id("questions", question) for question in policy.estimates[estimate].share.questions)


def _deciding(cases: CompiledPolicy, alignment: Alignment) -> Iterator[tuple[Key, Shown]]:
    """Where each clause is the reason: one of its rules holds, and its outcome is the one that wins."""
    store = cases.store
    for clause in cases.policy.clauses:
        asked: dict[int, list[Node]] = {}
        for rule in cases.rules:
            if rule.clause == clause:
                asked.setdefault(rule.rank, []).append(rule.when)
        wins = [
            store.apply(max, [store.apply(min, whens, FAILS), _is(cases, rank)], HOLDS) for rank, whens in asked.items()
        ]
        if wins:
            yield (CLAUSES, alignment.new_id(CLAUSES, clause)), Shown.where(store.apply(min, wins, FAILS))


def _is(cases: CompiledPolicy, rank: int) -> Node:
    return cases.store.map_terminals(cases.outcome, lambda terminal: HOLDS if terminal == rank else FAILS)


def _last_days(cases: CompiledPolicy) -> Iterator[tuple[Key, Shown]]:
    """For each date, by its level, the numbers of days after which the outcome becomes another.

    Customers see the next of them as their last day. The date itself is no part of the case any more.
    """
    store = cases.store
    for number, variable in enumerate(cases.variables):
        spans = [store.restrict(cases.outcome, number, span) for span in range(len(variable.starts))]
        ends = [
            store.map_terminals(_differ(store, one, other), (1 << span).__mul__)
            for span, (one, other) in enumerate(pairwise(spans))
        ]
        node = store.apply(or_, ends, 0)
        values = {
            marks: tuple(start - 1 for span, start in enumerate(variable.starts[1:]) if marks >> span & 1) or None
            for marks in store.terminals(node, [each.every for each in cases.variables])
        }
        if variable.starts:
            yield (LAST_DAY, str(number)), Shown(node, values)


def _differ(store: Store, one: Node, other: Node) -> Node:
    return pair(store, one, other, lambda now, then: int(now != then))


def pair(store: Store, one: Node, other: Node, terminal: Callable[[int, int], int]) -> Node:
    """The diagram that decides ``terminal`` of what two diagrams decide; their leaves are small numbers."""
    every = [range(size) for size in store.sizes]
    width = 1 + max(store.terminals(one, every))
    marks = store.apply(
        or_,
        [
            store.map_terminals(one, lambda terminal: 1 << terminal),
            store.map_terminals(other, lambda terminal: 1 << width << terminal),
        ],
        0,
    )
    low = (1 << width) - 1
    return store.map_terminals(
        marks, lambda both: terminal((both & low).bit_length() - 1, (both >> width).bit_length() - 1)
    )
