"""The parts of the verdicts of a policy as diagrams: the outcome, and everything that is shown with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import or_

from checker.engine.compile import OUTCOME, CompiledPolicy
from checker.engine.diagram import Store
from checker.engine.nodes import FAILS, HOLDS, Node
from checker.engine.parts import ESTIMATES
from checker.engine.timeline import end_of_time
from macros.diff.alignment import Alignment

CLAUSES, LAST_DAY, DATES = "clauses", "last day", "dates"

type Key = tuple[str, str]
"""The kind of a part and its new id, which is empty for the outcome."""


@dataclass(frozen=True, slots=True)
class VerdictPart:
    """A part of the verdict; its value is None in the cases that do not have it."""

    node: Node
    values: Mapping[int, object]
    """The value of each terminal, in ids of the new version."""

    @classmethod
    def where(cls, holds: Node, value: object = True) -> VerdictPart:
        """A part with one value in the cases of a condition."""
        return cls(holds, {HOLDS: value, FAILS: None})


def verdict_parts(compiled: CompiledPolicy, alignment: Alignment) -> Iterator[tuple[Key, VerdictPart]]:
    """The parts of the verdicts of a policy, under the new ids."""
    policy = compiled.policy
    outcomes = {rank: alignment.new_id("outcomes", outcome) for rank, outcome in enumerate(compiled.outcomes)}
    yield (OUTCOME, ""), VerdictPart(compiled.outcome, {**outcomes, compiled.undecided: None})
    for part, conditions in compiled.parts.items():
        for id_ in getattr(policy, part):
            if (node := conditions.get(id_)) is not None:
                value: object = True
                if part == ESTIMATES:
                    value = tuple(alignment.new_id("questions", name) for name in policy.estimates[id_].share.questions)
                yield (part, alignment.new_id(part, id_)), VerdictPart.where(node, value)
    for name, step in policy.steps.items():
        waits = tuple(
            (policy.values[wait.wait], alignment.new_id("questions", wait.after)) for wait in step.expect.values()
        )
        if waits:
            dates = waits, policy.calendar
            yield (DATES, alignment.new_id("steps", name)), VerdictPart.where(compiled.parts["steps"][name], dates)
    yield from _reasons(compiled, alignment)
    yield from _last_days(compiled)


def _reasons(compiled: CompiledPolicy, alignment: Alignment) -> Iterator[tuple[Key, VerdictPart]]:
    """The cases in which each clause is a reason: one of its rules holds, and the outcome of this rule wins."""
    store = compiled.store
    has_outcome = [compiled.condition({OUTCOME: outcome}) for outcome in compiled.outcomes]
    for clause in compiled.policy.clauses:
        rules = [rule for rule in compiled.rules if rule.clause == clause]
        if wins := [store.apply(max, [rule.when, has_outcome[rule.rank]], HOLDS) for rule in rules]:
            yield (CLAUSES, alignment.new_id(CLAUSES, clause)), VerdictPart.where(store.apply(min, wins, FAILS))


def _last_days(compiled: CompiledPolicy) -> Iterator[tuple[Key, VerdictPart]]:
    """For each date, by the number of its variable, the days that it leaves, where customers are shown a last day.

    The date itself is restricted away. Dates that are counted to the same day move together, and are left out.
    """
    store, width = compiled.store, compiled.undecided + 1
    is_bad = [outcome.tone == "bad" for outcome in compiled.policy.outcomes.values()] + [True]
    ends = [variable.counted_to for variable in compiled.variables]
    for number, variable in enumerate(compiled.variables):
        if not variable.first_days or ends.count(variable.counted_to) > 1:
            continue
        cofactors = [store.restrict(compiled.outcome, number, index) for index in range(len(variable.first_days))]
        marks = (
            store.map_terminals(cofactor, (1 << place * width).__lshift__) for place, cofactor in enumerate(cofactors)
        )

        def end(terminal: int, places: int = len(cofactors) * width) -> int:
            """The first of the cofactors after the last day, by the marks of their outcomes; 0 without a last day."""
            ranks = [place % width for place in range(places) if terminal >> place & 1]
            return end_of_time(ranks, [is_bad[rank] for rank in ranks]) or 0

        node = store.map_terminals(store.apply(or_, marks, 0), end)
        days = {place: first - 1 for place, first in enumerate(variable.first_days)}
        yield (LAST_DAY, str(number)), VerdictPart(node, {**days, 0: None})


def product(store: Store, one: Node, other: Node, terminal: Callable[[int, int], int]) -> Node:
    """The product of two diagrams: its terminals are ``terminal`` of theirs, which are small numbers."""
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
