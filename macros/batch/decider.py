"""The decisions of many cases: outcome, outcomes still possible, clauses and last day, as the checker decides them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf

import numpy as np

from checker.answers.parse import Answers
from checker.decide import Checker
from checker.engine.compile import CompiledPolicy
from checker.engine.diagram import Store
from checker.engine.evaluate import Evaluation
from checker.engine.nodes import Node
from checker.verdict import Verdict
from macros.batch.deadlines import Deadlines
from macros.batch.reasons import Reasons
from macros.batch.values import NO_DAY, Values, day_number
from macros.batch.walk import WIDEST, WORK, Blocks, Codes, Component, TooManyStatesError, Walk

CELLS = 1 << 22
"""About the most cells of the tables of one diagram's walk, 16 MiB."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision without its last day, which depends on the dates."""

    outcome: str | None
    possible: tuple[str, ...]
    clauses: tuple[str, ...]

    @classmethod
    def of(cls, verdict: Verdict) -> Decision:
        """The decision of a verdict."""
        return cls(verdict.outcome, verdict.possible, tuple(reason.clause for reason in verdict.reasons))


@dataclass(frozen=True, slots=True)
class Decided:
    """The decisions of many cases."""

    decisions: Codes
    """For each case the number of its decision, in ``Decider.decisions``."""
    last_days: Codes
    """For each case its last day, the earliest that is possible; NO_DAY without one."""


class _Ended(Evaluation):
    """The evaluation of a case whose diagrams have been walked already."""

    def __init__(self, compiled: CompiledPolicy, terminals: Mapping[Node, Collection[int]]) -> None:
        super().__init__(compiled, Answers({}, {}))
        self._ends = terminals

    def terminals(self, diagram: Node) -> set[int]:
        return set(self._ends[diagram])


class Decider:
    """Decides many cases by one policy."""

    def __init__(self, checker: Checker, *, work: float = WORK) -> None:
        """With little ``work``, the rules are walked one by one. Tests use that."""
        self.checker = checker
        compiled = checker.compiled
        widest = min(max(CELLS // len(compiled.store), 1), WIDEST)
        self._blocks = Blocks(compiled.store.sizes, widest)
        self._dates = [number for number, variable in enumerate(compiled.variables) if variable.first_days]
        self._deadlines = [
            Deadlines(compiled, self._blocks, question)
            for question in dict.fromkeys(compiled.variables[number].counted_to for number in self._dates)
        ]
        self._outcome = self._walk([compiled.outcome])
        self._ranks = np.zeros(0, np.uint16)
        self._possible: dict[tuple[int, ...], int] = {}
        self._nodes = [*dict.fromkeys([compiled.outcome, *(rule.when for rule in compiled.rules)])]
        self._together: Walk | None = self._walk(self._nodes, work)
        self._by_end = np.full(0, -1, np.int32)
        self._reasons = Reasons(compiled)
        self.decisions: list[Decision] = []
        """The decisions met so far."""
        self._ids: dict[Decision, int] = {}
        self._hard: dict[tuple[int, ...], int] = {}

    @property
    def possible(self) -> list[tuple[str, ...]]:
        """The sets of outcomes met by ``outcomes`` so far, by number: one outcome, or those still possible."""
        return [*map(self._named, self._possible)]

    def outcomes(self, values: Values) -> Codes:
        """For each case the number of its outcome, or of its possible outcomes, in ``possible``."""
        ends = self._outcome(self._blocks.codes(values.codes, len(values)))
        if len(self._ranks) < len(self._outcome.ends):
            new = [component.terminals(self._store) for (component,) in self._outcome.ends[len(self._ranks) :]]
            numbers = [self._possible.setdefault(ranks, len(self._possible)) for ranks in new]
            self._ranks = np.append(self._ranks, np.array(numbers, np.uint16))
        return self._ranks.take(ends, mode="clip")

    def __call__(self, values: Values, today: date) -> Decided:
        """The decisions of the cases."""
        codes = self._blocks.codes(values.codes, len(values))
        decisions = self._decided(values, codes)
        last_days = np.full(len(values), NO_DAY, np.int32)
        hard = self._open_beside_dates(values)
        for deadlines in self._deadlines:
            days, is_hard = deadlines(values, codes)
            hard |= is_hard
            earlier = (days != NO_DAY) & ((last_days == NO_DAY) | (days < last_days))
            np.copyto(last_days, days, where=earlier)
        for case in np.flatnonzero(hard).tolist():
            last_days[case] = self._hard_last_day(values, case, today)
        return Decided(decisions, last_days)

    def by_itself(self, answers: Answers, today: date) -> tuple[int, int]:
        """The number of the decision of one case, and its last day."""
        verdict = self.checker.decide(answers, today)
        deadlines = verdict.deadlines
        return self._id(Decision.of(verdict)), day_number(deadlines[0].last_day) if deadlines else NO_DAY

    @property
    def _store(self) -> Store:
        return self.checker.compiled.store

    def _named(self, ranks: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.checker.compiled.outcomes[rank] for rank in ranks)

    def _walk(self, nodes: Sequence[Node], work: float = inf) -> Walk:
        walk = Walk(self._store, self._blocks, work=work)
        walk.start(tuple(Component.start([node]) for node in nodes))
        return walk

    def _decided(self, values: Values, codes: Sequence[Codes]) -> Codes:
        """The number of each case's decision: from one walk of all diagrams, while that has few states."""
        if self._together:
            try:
                return self._of_ends(self._together, self._together(codes))
            except TooManyStatesError:
                self._together = None
        outcomes = self.outcomes(values)
        decisions = np.zeros(len(values), np.int32)
        for number, ranks in enumerate(self._possible):
            rows = np.flatnonzero(outcomes == number)
            if len(ranks) > 1:
                decisions[rows] = self._id(self._decision(ranks, {}))
            elif len(rows):
                for terminals, group in self._reasons.groups(ranks[0], values.codes, rows):
                    decisions[group] = self._id(self._decision(ranks, terminals))
        return decisions

    def _of_ends(self, walk: Walk, ends: Codes) -> Codes:
        new = []
        for state in walk.ends[len(self._by_end) :]:
            terminals = {
                node: component.terminals(self._store) for node, component in zip(self._nodes, state, strict=True)
            }
            new.append(self._id(self._decision(terminals[self._nodes[0]], terminals)))
        self._by_end = np.append(self._by_end, np.array(new, np.int32))
        return self._by_end.take(ends, mode="clip")

    def _decision(self, ranks: Sequence[int], terminals: Mapping[Node, Collection[int]]) -> Decision:
        """The decision where these outcomes are possible: the checker's reasons at the terminals of the rules."""
        possible = self._named(ranks)
        outcome = possible[0] if len(possible) == 1 else None
        reasons = _Ended(self.checker.compiled, terminals).reasons(outcome)
        return Decision(outcome, possible, tuple(reason.clause for reason in reasons))

    def _open_beside_dates(self, values: Values) -> Codes:
        """A mask of the cases with an open date beside a date: whether they have a last day, the checker must say."""
        if len(self._dates) < 2:
            return np.zeros(len(values), np.bool_)
        variables = self.checker.compiled.variables
        is_open = np.logical_or.reduce([values.codes[number] == variables[number].size for number in self._dates])
        dates = [values.days[variables[number].question] != NO_DAY for number in self._dates]
        return np.asarray(is_open & np.logical_or.reduce(dates))

    def _hard_last_day(self, values: Values, case: int, today: date) -> int:
        """The last day of one case, by the checker; cases with the same answers at the same distances share it."""
        days = [int(column[case]) for column in values.days.values()]
        first = min(day for day in days if day != NO_DAY)
        key = (*(int(column[case]) for column in values.codes), *(day - first if day != NO_DAY else -1 for day in days))
        if key not in self._hard:
            last_day = self.by_itself(values.answers(case, self.checker.compiled.variables), today)[1]
            self._hard[key] = NO_DAY if last_day == NO_DAY else last_day - first
        distance = self._hard[key]
        return NO_DAY if distance == NO_DAY else first + distance

    def _id(self, decision: Decision) -> int:
        number = self._ids.setdefault(decision, len(self.decisions))
        if number == len(self.decisions):
            self.decisions.append(decision)
        return number
