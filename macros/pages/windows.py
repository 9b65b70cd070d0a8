"""The windows of a policy: for how many days something holds because of a clause, and in which cases.

A clause has a window of N days where the decision gets worse from day N to day N + 1 because of the clause. A change of
the outcome comes from a rule that decides on one side only. A change under one outcome comes from a grant that holds on
one side only, and gives there what the other side lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial, reduce
from itertools import islice
from operator import ne, or_

from checker.engine.compile import OUTCOME, CompiledPolicy, VariableSpace
from checker.engine.cover import MAX_PATHS, CoverTooLargeError, Cube, cover
from checker.engine.diagram import FAILS, HOLDS, LIMIT, Node, Store, TooLargeError
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
        marks = [store.map_terminals(compiled.outcome, lambda rank: 1 << rank & self._outcomes)]
        for name, node in granted.items():
            marks.append(store.map_terminals(node, {HOLDS: self._marks[name], FAILS: 0}.__getitem__))
        self._decision = store.apply(or_, marks, 0)
        self._restrict, self._never = cache(store.restrict), store.terminal(FAILS)

    def windows(self, clause: str) -> dict[str, list[Window]]:
        """The windows of a clause, by the question of their date."""
        causes, found = [*self._causes(clause)], dict[str, list[Window]]()
        for number, variable in enumerate(self._variables):
            edges = [edge for value in range(variable.oldest) if (edge := self._edge(causes, number, value))]
            if edges:
                worse = self._store.apply(min, [edge.worse for edge in edges], FAILS)
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
        apply, where, sides = self._store.apply, self._where, self._sides
        moved = [(cause, both) for cause in causes if len({*(both := sides(cause.when, number, value))}) > 1]
        if not moved:
            return None
        speaking = apply(min, [where(ne, *both) for _, both in moved], FAILS)
        before, after = (self._store.masked(side, speaking, 0) for side in sides(self._decision, number, value))
        changed = [where(partial(self._shows, cause.gives), *both, before, after) for cause, both in moved]
        is_worse, is_better = where(self._is_worse, before, after), where(self._is_worse, after, before)
        own = [apply(max, [is_worse, each], HOLDS) for each in changed]
        if not (guilty := [cause for (cause, _), each in zip(moved, own, strict=True) if each != self._never]):
            return None
        worse, better = apply(min, own, FAILS), apply(max, [is_better, apply(min, changed, FAILS)], HOLDS)
        asked = apply(min, [where(ne, *sides(cause.answers, number, value)) for cause in guilty], FAILS)
        shared = [
            where(partial(self._keeps, cause.gives), *both, before, after) for cause, both in moved if cause in guilty
        ]
        terminals = self._terminals(worse, before, after)
        ended = reduce(or_, (self._ended(one, other) for holds, one, other in terminals if holds == HOLDS))
        return _Edge(
            days=self._variables[number].first_days[value + 1] - 1,
            worse=worse,
            free=self._without(asked, better, *shared),
            ends=tuple(name for name, mark in self._marks.items() if mark & ended),
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

    def _shows(self, gives: int, was: int, is_: int, before: int, after: int) -> bool:
        """Whether a condition holds on one side alone, and the decision on that side alone has what it gives."""
        if was == is_:
            return False
        ended = self._ended(before, after) if was == HOLDS else self._ended(after, before)
        return gives & ended > 0

    def _keeps(self, gives: int, was: int, is_: int, before: int, after: int) -> bool:
        """Whether a condition holds on one side alone, and the decision on both sides has something that it gives."""
        return was != is_ and gives & before & after > 0

    def _cubes(self, edge: _Edge, worse: Node) -> list[Cube]:
        """The cases of an edge, and such in which no edge makes it worse: as few cubes as it takes."""
        allowed = self._store.apply(min, [edge.worse, self._without(edge.free, worse)], FAILS)
        paths = [*islice(self._store.paths(edge.worse), MAX_PATHS + 1)]
        if len(paths) > MAX_PATHS:
            raise CoverTooLargeError
        return [cube for cube, _ in cover(self._store, allowed, [path for path in paths if path[1] == HOLDS])]

    def _sides(self, diagram: Node, number: int, value: int) -> tuple[Node, Node]:
        """A diagram on both sides of an edge."""
        return self._restrict(diagram, number, value), self._restrict(diagram, number, value + 1)

    def _where(self, predicate: Callable[..., bool], *diagrams: Node) -> Node:
        """The condition that holds where the predicate holds for the terminals of the diagrams."""
        return self._store.map_terminals(
            self._together(*diagrams),
            lambda terminal: HOLDS if predicate(*self._apart(terminal, len(diagrams))) else FAILS,
        )

    def _without(self, condition: Node, *others: Node) -> Node:
        """The condition that holds where the first one holds and none of the others."""
        return self._where(lambda one, *rest: one == HOLDS and HOLDS not in rest, condition, *others)

    def _terminals(self, *diagrams: Node) -> Iterator[tuple[int, ...]]:
        """The terminals that the diagrams reach together."""
        domains = [variable.domain for variable in self._variables]
        for terminal in self._store.terminals(self._together(*diagrams), domains):
            yield self._apart(terminal, len(diagrams))

    def _together(self, *diagrams: Node) -> Node:
        """One diagram of several: each has some bits of the terminals, none of which another has."""
        store, width = self._store, len(self._marks)
        shifted = [store.map_terminals(diagram, (1 << place * width).__mul__) for place, diagram in enumerate(diagrams)]
        return store.apply(or_, shifted, 0)

    def _apart(self, terminal: int, count: int) -> tuple[int, ...]:
        width = len(self._marks)
        return tuple(terminal >> place * width & (1 << width) - 1 for place in range(count))
