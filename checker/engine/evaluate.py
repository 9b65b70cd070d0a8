"""One set of answers in the case space: what is certain, what is open, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from itertools import product

from checker.answers.parse import Answers
from checker.engine.compile import CompiledPolicy
from checker.engine.diagram import FAILS, HOLDS, Node
from checker.verdict import Answered, Deadline, Reason, RuledOut


class Evaluation:
    """The diagrams of a policy, evaluated with one set of answers."""

    def __init__(self, compiled: CompiledPolicy, answers: Answers) -> None:
        self.compiled = compiled
        self.answers = answers
        self.values = compiled.values(answers)
        self._only = [values[0] for values in self.values] if all(len(values) == 1 for values in self.values) else None
        self._terminals: dict[Node, set[int]] = {}
        self._certain: dict[Node, bool] = {}

    def terminals(self, diagram: Node) -> set[int]:
        """The terminals that the diagram can still reach. Many conditions are the same node, so each is walked once."""
        terminals = self._terminals.get(diagram)
        if terminals is None:
            store = self.compiled.store
            terminals = {store.decide(diagram, self._only)} if self._only else store.terminals(diagram, self.values)
            self._terminals[diagram] = terminals
        return terminals

    def certain(self, when: Node) -> bool:
        """Whether the condition holds however the open questions turn out."""
        certain = self._certain.get(when)
        if certain is None:
            certain = self._certain[when] = self.terminals(when) == {HOLDS}
        return certain

    def possible(self, when: Node) -> bool:
        """Whether the condition holds in some of the cases that are still open."""
        return HOLDS in self.terminals(when)

    def holding(self, conditions: Mapping[str, Node]) -> Iterator[str]:
        """The names whose conditions are certain."""
        return (name for name, when in conditions.items() if self.certain(when))

    def reasons(self, outcome: str | None) -> Iterator[Reason]:
        """The clauses that decide. Where an open answer leaves none certain, those that may."""
        if outcome is None:
            return iter(())
        own = [rule for rule in self.compiled.rules if self.compiled.outcomes[rule.rank] == outcome]
        named = [rule.clause for rule in own if self.certain(rule.when)]
        named = named or [rule.clause for rule in own if self.possible(rule.when)]
        return (Reason(clause=clause, outcome=outcome) for clause in dict.fromkeys(named))

    def weaker(self, outcome: str | None) -> Iterator[Reason]:
        """The clauses that hold too and would decide otherwise, if they counted."""
        if outcome is None:
            return iter(())
        found = {
            (rule.clause, rule.rank): None
            for rule in self.compiled.rules
            if rule.rank > self.compiled.rank[outcome] and self.certain(rule.when)
        }
        return (Reason(clause=clause, outcome=self.compiled.outcomes[rank]) for clause, rank in found)

    def ruled_out(self, outcome: str | None) -> Iterator[RuledOut]:
        """The clauses of stronger outcomes that do not hold, with the questions that keep them from it."""
        if outcome is None:
            return
        for rule in self.compiled.rules:
            if rule.rank < self.compiled.rank[outcome] and self.terminals(rule.when) == {FAILS}:
                failing = [
                    [names for names, test in all_of if self.terminals(test) == {FAILS}] for all_of in rule.any_of
                ]
                because = dict.fromkeys(name for names in min(failing, key=len) for name in names)
                yield RuledOut(clause=rule.clause, outcome=self.compiled.outcomes[rule.rank], because=tuple(because))

    def support(self, diagrams: Iterable[Node]) -> set[int]:
        """The variables that can still change the terminal of one of the diagrams."""
        return self.compiled.store.support(diagrams, self.values)

    def moves_deadline(self, variable: int) -> bool:
        """Whether the variable's values lead to different last days."""
        return any(
            len(set(side_by_side.values())) > 1
            for counted in self._counted()
            for side_by_side in self._by_value(variable, counted)
        )

    def deadlines(self) -> list[Deadline]:
        """The last days that the open questions still allow, the earliest first."""
        found: list[Deadline] = []
        for counted in self._counted():
            timelines = self.compiled.store.cofactors(
                self.compiled.outcome, {counted: self._ranges(counted)}, self.values
            )
            deadlines = {last for timeline in timelines if (last := self._deadline(counted, timeline))}
            found += self._under_answers(counted, deadlines) if len(deadlines) > 1 else deadlines
        return sorted(found, key=lambda last: (last.last_day, self.compiled.rank[last.then]))

    def _counted(self) -> list[int]:
        """The variables of the questions that are answered with a date."""
        return [n for n, variable in enumerate(self.compiled.variables) if variable.question in self.answers.dates]

    @cached_property
    def _supports(self) -> dict[int, set[int]]:
        """The variables that the outcome depends on, whatever the date, for each answered date question."""
        return {
            counted: self.compiled.store.support(
                [self.compiled.outcome], [*self.values[:counted], self._ranges(counted), *self.values[counted + 1 :]]
            )
            for counted in self._counted()
        }

    def _ranges(self, counted: int) -> range:
        return range(len(self.compiled.variables[counted].first_days))

    def _by_value(self, variable: int, counted: int) -> Iterator[dict[int, Deadline | None]]:
        """The deadline for each value of an open variable: one mapping per assignment of the other variables."""
        if variable not in self._supports[counted]:
            return
        split: dict[int, Sequence[int]] = {variable: self.values[variable], counted: self._ranges(counted)}
        assignments = [*product(*(split[number] for number in sorted(split)))]
        position = sorted(split).index(variable)
        for terminals in self.compiled.store.cofactors(self.compiled.outcome, split, self.values):
            timelines: dict[int, list[int]] = {}
            for values, terminal in zip(assignments, terminals, strict=True):
                timelines.setdefault(values[position], []).append(terminal)
            yield {value: self._deadline(counted, timeline) for value, timeline in timelines.items()}

    def _under_answers(self, counted: int, deadlines: Iterable[Deadline]) -> Iterator[Deadline]:
        """The deadlines, each with the answers to the open questions that it takes."""
        values: dict[int, dict[Deadline, set[int]]] = {}
        for number, left in enumerate(self.values):
            for side_by_side in self._by_value(number, counted) if len(left) > 1 else ():
                for value, deadline in side_by_side.items():
                    if deadline:
                        values.setdefault(number, {}).setdefault(deadline, set()).add(value)
        for deadline in deadlines:
            answers = [
                Answered(
                    question=self.compiled.variables[variable].question,
                    choices=self.compiled.variables[variable].choices_of(by[deadline]),
                )
                for variable, by in values.items()
                if by[deadline] != set().union(*by.values())
            ]
            yield replace(deadline, given=tuple(answer for answer in answers if answer.choices))

    def _deadline(self, counted: int, timeline: Sequence[int]) -> Deadline | None:
        """The next change of the outcome on the timeline; if there is none, the last one before."""
        now = self.compiled.variables[counted].value_of(self._days(counted))
        for value in range(now + 1, len(timeline)):
            if timeline[value] != timeline[now]:
                return self._deadline_at(counted, value - 1, timeline[value])
        for value in reversed(range(now)):
            if timeline[value] != timeline[now]:
                return self._deadline_at(counted, value, timeline[now])
        return None

    def _deadline_at(self, counted: int, value: int, then: int) -> Deadline:
        last_day = self._end_of(counted, value)
        left = (last_day - self._received(counted)).days - self._days(counted)
        return Deadline(
            last_day=last_day,
            days_left=left if left >= 0 else None,
            then=self.compiled.outcomes[then],
            applied_on=self.answers.dates[self.compiled.variables[counted].counted_to],
            start=self._received(counted),
        )

    def _received(self, counted: int) -> date:
        return self.answers.dates[self.compiled.variables[counted].question]

    def _days(self, counted: int) -> int:
        return (self.answers.dates[self.compiled.variables[counted].counted_to] - self._received(counted)).days

    def _end_of(self, counted: int, value: int) -> date:
        """The last day of a range of days, which must not be the open-ended one."""
        return self._received(counted) + timedelta(self.compiled.variables[counted].first_days[value + 1] - 1)
