"""Last days of many cases, each as a number of days after one of the case's dates.

The checker follows a case over its days of acting, which are counted from the case's dates. So the last day depends on
the distances between the dates, and on the other answers by their walk through the outcome's diagram on each of those
days. Which day it is, the checker's own timeline says, once for each kind of case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from checker.engine.compile import CompiledPolicy
from checker.engine.timeline import MOST_STATES, Cuts, Timelines, cuts
from checker.verdict import Deadline, Stretch
from macros.batch.values import NO_DAY, Values
from macros.batch.walk import Blocks, Codes, Component, Walk

HARD = -2
"""The mark of a case with so many open answers that the checker must decide it by itself."""


@dataclass(frozen=True, slots=True)
class LastDay:
    """A last day as days after the date that answers a question."""

    question: str
    days: int


class Deadlines:
    """The last days by one question of the day of acting."""

    def __init__(self, compiled: CompiledPolicy, blocks: Blocks, question: str) -> None:
        self._compiled, self._question = compiled, question
        self._counted = [n for n, variable in enumerate(compiled.variables) if variable.counted_to == question]
        self._most_days = max(compiled.variables[number].first_days[-1] for number in self._counted)
        self._timelines = Timelines(compiled)
        self._walk = Walk(compiled.store, blocks, most=max(MOST_STATES // (len(compiled.variables) + 1), 1))
        self._situations: dict[tuple[int, ...], int] = {}
        self._cuts: list[Cuts | None] = []
        self._dates: list[dict[str, date]] = []
        self._starts = np.zeros(0, np.intp)
        self._last_days: list[LastDay | None] = [None]
        self._ids: dict[LastDay | None, int] = {None: 0}
        self._results = np.full((0, 0), -1, np.int32)

    def __call__(self, values: Values, codes: Sequence[Codes]) -> tuple[Codes, Codes]:
        """The last day of each case, NO_DAY without one; and a mask of the cases that are HARD."""
        situations = self.situations(values)
        ends = self._walk(codes, self._starts[situations])
        results = self._lookup(ends, situations)
        is_hard = results == HARD
        results[is_hard] = 0
        days = np.full(len(ends), NO_DAY, np.int32)
        offsets = np.array([last.days if last else 0 for last in self._last_days], np.int32)
        for number in self._counted:
            question = self._compiled.variables[number].question
            own = np.array([bool(last and last.question == question) for last in self._last_days])
            np.copyto(days, values.days[question] + offsets[results], where=own[results])
        return days, is_hard

    def situations(self, values: Values) -> Codes:
        """A number for each case, the same where the dates lie alike: all that the cuts of its timeline depend on."""
        end = values.days[self._question]
        if len(self._counted) == 1:
            [number] = self._counted
            size = len(self._compiled.variables[number].first_days)
            keys = np.minimum(values.codes[number], size).astype(np.intp)
        else:
            keys = self._distances(values, end)
        return self._numbered(values, np.asarray(keys))

    def _distances(self, values: Values, end: Codes) -> Codes:
        """The days between the dates, up to the most that matter, as one number."""
        backs = []
        for number in self._counted:
            day = values.days[self._compiled.variables[number].question]
            backs.append(np.where(day == NO_DAY, np.iinfo(np.int64).max, end.astype(np.int64) - day))
        least = np.minimum.reduce(backs)
        most = self._most_days + 1
        keys = np.minimum(least, most)
        for back in backs:
            distance = np.where(back == np.iinfo(np.int64).max, most + 1, np.minimum(back - least, most))
            keys = keys * (most + 2) + distance
        return np.asarray(keys)

    def _numbered(self, values: Values, keys: Codes) -> Codes:
        if len(keys) and keys.min() >= 0 and keys.max() < 1 << 16:
            seen = np.bincount(keys, minlength=1)
            unique = np.flatnonzero(seen)
            numbers = np.zeros(len(seen), np.intp)
            numbers[unique] = [self._situation(values, keys, int(key)) for key in unique]
            return numbers[keys]
        unique, inverse = np.unique(keys, return_inverse=True)
        return np.array([self._situation(values, keys, int(key)) for key in unique], np.intp)[inverse]

    def _situation(self, values: Values, keys: Codes, key: int) -> int:
        """The number of a situation; a new one is learnt from the first case that is in it."""
        number = self._situations.get((key,))
        if number is None:
            number = self._situations[key,] = len(self._situations)
            dates = values.dates(int(np.argmax(keys == key)))
            cut = next((cut for cut in cuts(self._compiled, dates) if cut.question == self._question), None)
            self._cuts.append(cut)
            self._dates.append(dates)
            cases: Sequence[Mapping[int, int]] = cut.values if cut else ()
            component = Component.start([self._compiled.outcome] * len(cases), cases)
            self._starts = np.append(self._starts, self._walk.start((component,)))
        return number

    def _lookup(self, ends: Codes, situations: Codes) -> Codes:
        shape = len(self._walk.ends), len(self._cuts)
        if shape[0] > self._results.shape[0] or shape[1] > self._results.shape[1]:
            grown = np.full(
                [max(2 * new, old) for new, old in zip(shape, self._results.shape, strict=True)], -1, np.int32
            )
            grown[: self._results.shape[0], : self._results.shape[1]] = self._results
            self._results = grown
        index = ends.astype(np.intp) * self._results.shape[1] + situations
        flat = self._results.reshape(-1)
        results = flat.take(index, mode="clip")
        if len(results) and (results == -1).any():
            for cell in np.unique(index[results == -1]).tolist():
                flat[cell] = self._result(*divmod(cell, self._results.shape[1]))
            results = flat.take(index, mode="clip")
        return results

    def _result(self, end: int, situation: int) -> int:
        [component] = self._walk.ends[end]
        cut = self._cuts[situation]
        if component.nodes is None:
            return HARD
        if cut is None or len(cut.days) == 1:
            return 0
        return self.id_of(self._earliest(component.nodes, cut, self._dates[situation]))

    def _earliest(self, nodes: Iterable[tuple[int, ...]], cut: Cuts, dates: Mapping[str, date]) -> LastDay | None:
        store = self._compiled.store
        terminals = [tuple(next(iter(store.terminals(node, ()))) for node in one) for one in nodes]
        timelines = (self._timelines.timeline(cut, one) for one in terminals)
        ends = [(line.deadline, line.stretches) for line in timelines if line and line.deadline]
        if not ends:
            return None
        return self._relative(*min(ends, key=lambda end: end[0].last_day), dates)

    def _relative(self, deadline: Deadline, stretches: Sequence[Stretch], dates: Mapping[str, date]) -> LastDay:
        start = next(stretch.counted_from for stretch in stretches if stretch.first > deadline.last_day)
        variables = (self._compiled.variables[number].question for number in self._counted)
        question = next(name for name in variables if dates.get(name) == start)
        return LastDay(question, (deadline.last_day - start).days)

    def id_of(self, last_day: LastDay | None) -> int:
        """The number of a last day."""
        number = self._ids.setdefault(last_day, len(self._last_days))
        if number == len(self._last_days):
            self._last_days.append(last_day)
        return number
