"""What a policy shows in each case, as diagrams: the outcome, and each thing that is said with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from operator import or_

from checker.engine.compile import OUTCOME, Cases
from checker.engine.diagram import FAILS, HOLDS, Node, Store
from macros.diff.alignment import Names, things

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


def shown(cases: Cases, names: Names) -> Iterator[tuple[Key, Shown]]:
    """All that the verdicts of a policy show, under the new ids."""
    policy, condition = cases.policy, cases.condition
    outcomes = {rank: names.new("outcomes", outcome) for rank, outcome in enumerate(cases.outcomes)}
    yield (OUTCOME, ""), Shown(cases.outcome, {**outcomes, cases.undecided: None})
    for part, granted in (("remedies", policy.remedies), ("costs", policy.costs)):
        for name in granted:
            yield (part, names.new(part, name)), Shown.where(condition({part: name}))
    for part in ("proof", "steps", "reminders", "interpretations"):
        for name, thing in things(policy, part).items():
            if thing.when is not None:
                yield (part, names.new(part, name)), Shown.where(condition(thing.when))
    for name, estimate in things(policy, "estimates").items():
        share = estimate.share
        formula = tuple(names.new("questions", part) for part in (share.of, share.that, share.is_of))
        yield ("estimates", names.new("estimates", name)), Shown.where(condition(estimate.when), formula)
    for name, step in things(policy, "steps").items():
        waits = tuple((policy.values[wait.wait], names.new("questions", wait.after)) for wait in step.expect.values())
        if waits:
            yield (DATES, names.new("steps", name)), Shown.where(condition(step.when), (waits, policy.calendar))
    yield from _deciding(cases, names)
    yield from _last_days(cases)


def _deciding(cases: Cases, names: Names) -> Iterator[tuple[Key, Shown]]:
    """Where each clause is the reason: one of its rules holds, and its outcome is the one that wins."""
    store = cases.store
    for clause in cases.policy.clauses:
        asked: dict[int, list[Node]] = {}
        for rule in cases.rules:
            if rule.clause == clause:
                asked.setdefault(rule.rank, []).append(rule.when)
        wins = [
            store.merge(max, [store.merge(min, whens, FAILS), _is(cases, rank)], HOLDS) for rank, whens in asked.items()
        ]
        if wins:
            yield (CLAUSES, names.new(CLAUSES, clause)), Shown.where(store.merge(min, wins, FAILS))


def _is(cases: Cases, rank: int) -> Node:
    return cases.store.relabel(cases.outcome, lambda leaf: HOLDS if leaf == rank else FAILS)


def _last_days(cases: Cases) -> Iterator[tuple[Key, Shown]]:
    """For each date, by its level, the numbers of days after which the outcome becomes another.

    Customers see the next of them as their last day. The date itself is no part of the case any more.
    """
    store = cases.store
    for number, level in enumerate(cases.levels):
        spans = [store.fix(cases.outcome, number, span) for span in range(len(level.starts))]
        ends = [
            store.relabel(_differ(store, one, other), (1 << span).__mul__)
            for span, (one, other) in enumerate(pairwise(spans))
        ]
        node = store.merge(or_, ends, 0)
        values = {
            marks: tuple(start - 1 for span, start in enumerate(level.starts[1:]) if marks >> span & 1) or None
            for marks in store.leaves(node, [each.every for each in cases.levels])
        }
        if level.starts:
            yield (LAST_DAY, str(number)), Shown(node, values)


def _differ(store: Store, one: Node, other: Node) -> Node:
    return pair(store, one, other, lambda now, then: int(now != then))


def pair(store: Store, one: Node, other: Node, leaf: Callable[[int, int], int]) -> Node:
    """The diagram that decides ``leaf`` of what two diagrams decide; their leaves are small numbers."""
    every = [range(size) for size in store.sizes]
    width = 1 + max(store.leaves(one, every))
    marks = store.merge(
        or_, [store.relabel(one, lambda leaf: 1 << leaf), store.relabel(other, lambda leaf: 1 << width << leaf)], 0
    )
    low = (1 << width) - 1
    return store.relabel(marks, lambda both: leaf((both & low).bit_length() - 1, (both >> width).bit_length() - 1))
