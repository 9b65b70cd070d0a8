"""The windows of a policy: for how many days something holds because of a clause, and in which cases.

A clause has a window of N days where the decision gets worse from day N to day N + 1 because of the clause. A change of
the outcome comes from a rule that decides on one side only. A change under one outcome comes from a grant that holds on
one side only, and gives there what the other side lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from operator import ne, or_

from checker.engine.compile import OUTCOME, CompiledPolicy, VariableSpace
from checker.engine.cover import MAX_PATHS, CoverTooLargeError, Cube, cover
from checker.engine.diagram import Store
from checker.engine.nodes import FAILS, HOLDS, LIMIT, Node, TooLargeError
from checker.engine.parts import COSTS, REMEDIES
from checker.engine.timeline import TONES
from checker.policy import as_list

MORE = 5
"""The limit of the diagrams in limits of a policy: each clause takes some of its own. It is reached within seconds."""


@dataclass(frozen=True, slots=True)
class Window:
    """A length of time with its conditions."""

    days: int
    cubes: tuple[Cube, ...]
    """The cases of the window: of the cases in which the clause has any, exactly those that are in one of the cubes."""
    ends: tuple[str, ...]
    """The outcomes, by id, and the remedies and costs, by kind and id, that end in some case."""


@dataclass(frozen=True, slots=True)
class _Cause:
    """A rule or grant."""

    when: Node
    answers: Node
    """Its condition without the outcome."""
    gives: int
    """The marks of what it gives."""


@dataclass(frozen=True, slots=True)
class _Edge:
    """A day after which the decision is worse because of a clause."""

    days: int
    worse: Node
    """The cases in which it is."""
    free: Node
    """Other cases for which its rules and grants ask, unless the clause makes it better, or others give the same."""
    ends: tuple[str, ...]


def windows(compiled: CompiledPolicy) -> Mapping[str, Mapping[str, Sequence[Window]]]:
    """The windows of each clause that has any, by the question of their date; none if the policy is too large."""
    try:
        finder = _Finder(compiled)
        found = {clause: finder.windows(clause) for clause in compiled.policy.clauses}
    except (TooLargeError, CoverTooLargeError):
        return {}
    return {clause: own for clause, own in found.items() if own}


class _Finder:
    """Finds the windows of one policy, in a store of its own, so that the limits hold for this work alone.

    A decision is a number with a bit for each of its marks: outcome, remedies, costs. A stronger mark is a lower bit.
    """

    def __init__(self, compiled: CompiledPolicy) -> None:
        policy, self._variables = compiled.policy, compiled.variables
        self._store = store = Store(compiled.store.sizes, MORE * LIMIT)
        self._compiled = compiled = CompiledPolicy(policy, VariableSpace(self._variables, store))
        granted = {f"{part}.{id_}": node for part in (REMEDIES, COSTS) for id_, node in compiled.parts[part].items()}
        self._marks = {name: 1 << place for place, name in enumerate([*policy.outcomes, *granted])}
        self._outcomes = (1 << len(policy.outcomes)) - 1
        self._costs = sum(mark for name, mark in self._marks.items() if name.startswith(f"{COSTS}."))
        self._tones = {1 << rank: TONES.index(outcome.tone) for rank, outcome in enumerate(policy.outcomes.values())}
        outcome = store.map_terminals(compiled.outcome, lambda rank: 1 << rank & self._outcomes)
        given = [
            store.map_terminals(node, {HOLDS: self._marks[name], FAILS: 0}.__getitem__)
            for name, node in granted.items()
        ]
        self._decision = store.apply(or_, [outcome, *given], 0)
        self._restrict, self._never = cache(store.restrict), store.terminal(FAILS)

    def windows(self, clause: str) -> dict[str, list[Window]]:
        """The windows of a clause, by the question of their date."""
        causes, found = [*self._causes(clause)], dict[str, list[Window]]()
        for number, variable in enumerate(self._variables):
            edges = [edge for value in range(variable.oldest) if (edge := self._edge(causes, number, value))]
            if edges:
                worse = self._any(edge.worse for edge in edges)
                found[variable.question] = [Window(e.days, tuple(self._cubes(e, worse)), e.ends) for e in edges]
        return found

    def _causes(self, clause: str) -> Iterator[_Cause]:
        condition = self._compiled.condition
        for rule in self._compiled.rules:
            if rule.clause == clause:
                yield _Cause(rule.when, rule.when, 1 << rule.rank)
        for grant in self._compiled.policy.clauses[clause].grants:
            answers = tuple(
                {name: test for name, test in way.items() if name != OUTCOME} for way in as_list(grant.when)
            )
            gives = [f"{REMEDIES}.{id_}" for id_ in grant.remedies] + [f"{COSTS}.{id_}" for id_ in [grant.costs] if id_]
            yield _Cause(condition(grant.when), condition(answers), sum(map(self._marks.__getitem__, gives)))

    def _edge(self, causes: Sequence[_Cause], number: int, value: int) -> _Edge | None:
        """The edge between two ranges of days; None if nothing gets worse there because of the causes."""
        where, sides = self._where, self._sides
        moved = {cause: both for cause in causes if len({*(both := sides(cause.when, number, value))}) > 1}
        speaking = self._any(where(ne, *both) for both in moved.values())
        before, after = (self._store.masked(side, speaking, 0) for side in sides(self._decision, number, value))
        own = {c: where(partial(self._ends, c.gives), *both, before, after) for c, both in moved.items()}
        guilty = [cause for cause, cases in own.items() if cases != self._never]
        if not guilty:
            return None
        worse = self._any(own.values())
        asked = self._any(where(ne, *sides(cause.answers, number, value)) for cause in guilty)
        no_end = (where(partial(self._is_no_end, c.gives), *moved[c], before, after) for c in guilty)
        ended = self._store.combine(
            lambda holds, *both: self._ended(*both) if holds == HOLDS else 0, [worse, before, after]
        )
        ends = self._store.terminals(ended, [variable.domain for variable in self._variables])
        return _Edge(
            days=self._variables[number].first_days[value + 1] - 1,
            worse=worse,
            free=self._without(asked, *no_end),
            ends=tuple(name for name, mark in self._marks.items() if any(mark & end for end in ends)),
        )

    def _ended(self, before: int, after: int) -> int:
        """The marks of a decision that another lacks: the outcome if it differs, else remedies and costs."""
        return before & ~after & self._outcomes or before & ~after

    def _is_worse(self, before: int, after: int) -> bool:
        """Whether the second decision is worse: by tone; with one outcome by remedies and costs, if they agree."""
        ends, begins = self._ended(before, after), self._ended(after, before)
        if (ends | begins) & self._outcomes:
            return self._tones.get(begins, 0) < self._tones.get(ends, 0)
        costs = ends & self._costs, begins & self._costs
        return begins == costs[1] and (costs[0] == costs[1] or 0 < costs[0] < costs[1])

    def _ends(self, gives: int, was: int, is_: int, before: int, after: int) -> bool:
        """Whether it gets worse because a condition holds on one side alone, whose decision alone has what it gives."""
        ended = self._ended(before, after) if was == HOLDS else self._ended(after, before)
        return was != is_ and gives & ended > 0 and self._is_worse(before, after)

    def _is_no_end(self, gives: int, was: int, is_: int, before: int, after: int) -> bool:
        """Whether a condition holds on one side alone, but others give the same on both, or it gets better thereby."""
        return was != is_ and (gives & before & after > 0 or self._ends(gives, is_, was, after, before))

    def _cubes(self, edge: _Edge, worse: Node) -> list[Cube]:
        """The cases of an edge, and such in which no edge makes it worse: as few cubes as it takes."""
        allowed = self._any([edge.worse, self._without(edge.free, worse)])
        paths = [*islice(self._store.paths(edge.worse), MAX_PATHS + 1)]
        if len(paths) > MAX_PATHS:
            raise CoverTooLargeError
        return [cube for cube, _ in cover(self._store, allowed, [path for path in paths if path[1] == HOLDS])]

    def _sides(self, diagram: Node, number: int, value: int) -> tuple[Node, Node]:
        """A diagram on both sides of an edge."""
        return self._restrict(diagram, number, value), self._restrict(diagram, number, value + 1)

    def _where(self, predicate: Callable[..., bool], *diagrams: Node) -> Node:
        """The condition that holds where the predicate holds for the terminals of the diagrams."""
        return self._store.combine(lambda *terminals: HOLDS if predicate(*terminals) else FAILS, diagrams)

    def _any(self, conditions: Iterable[Node]) -> Node:
        """The condition that holds where any of them does."""
        return self._store.apply(min, conditions, FAILS)

    def _without(self, condition: Node, *others: Node) -> Node:
        """The condition that holds where the first one holds and none of the others."""
        return self._where(lambda one, *rest: one == HOLDS and HOLDS not in rest, condition, *others)
