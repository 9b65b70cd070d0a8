"""Changes of a decision as statements: in which cases, in how many, and one of them as an example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from math import prod
from typing import Literal

from checker.engine.cover import CoverTooLargeError, Cube, cover
from checker.engine.diagram import Store
from checker.engine.nodes import Node
from checker.policy import Policy
from macros.diff.case_space import SharedVariable
from macros.diff.verdict_parts import LAST_DAY, Key

type Effect = Literal["worse", "better", "different"]
"""The meaning of a change for the customers in its cases."""

type Pair = tuple[object, object]
"""The value of a part of the verdict, before and after."""

type CaseAnswers = Mapping[str, str]
"""One answer for each question, as ``policy decide`` takes them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerSet:
    """Some of the answers to one question, any of which satisfies a statement."""

    question: str
    choices: tuple[str, ...]
    days: tuple[tuple[int, int | None], ...]
    """Days before the application, least and most; None for no end."""
    old_only: bool
    """Whether only the old version asks the question. Its ids are then the old ones, else the new ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """Some cases that share a change: those with all of these answers, whatever their other answers are."""

    answers: tuple[AnswerSet, ...]
    cases: int
    case: CaseAnswers
    """One of the cases; in the old version's ids if the new version cannot decide it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionChange:
    """All cases in which one part of the verdict changes from one value to another."""

    kind: str
    id: str
    before: object
    """None if the verdict did not have it."""
    after: object
    """None if the verdict no longer has it."""
    effect: Effect
    cases: int
    of: int
    """The number of all cases; fewer for a last day, as cases then do not include the day itself."""
    statements: tuple[Statement, ...]
    """Disjoint, and together exactly the cases of the change; empty if they would be too many to read."""
    case: CaseAnswers
    with_outcome: Pair | None = None
    """The change of the outcome in the same cases, if any."""


@dataclass(frozen=True, slots=True)
class ChangeBuilder:
    """Reads the changes off a diagram over the variables of two versions."""

    store: Store
    variables: Sequence[SharedVariable]
    old: Policy
    new: Policy
    today: date

    def changes(self, key: Key, node: Node, values: Sequence[Pair]) -> Iterator[DecisionChange]:
        """The change of each terminal from 1: terminal n stands for the nth pair of old and new value."""
        kind, name = key
        date_variable = self.variables[int(name)].variable if kind == LAST_DAY else None
        size = date_variable.size if date_variable else 1
        total = prod(self.store.sizes)
        cubes: list[tuple[Cube, int]] = []
        with suppress(CoverTooLargeError):
            cubes = cover(self.store, node, (path for path in self.store.paths(node) if path[1]))
        for terminal, (before, after) in enumerate(values, 1):
            own = sorted((cube for cube, end in cubes if end == terminal), key=lambda cube: -prod(map(len, cube)))
            yield DecisionChange(
                kind=kind,
                id=date_variable.question if date_variable else name,
                before=before,
                after=after,
                effect="different",
                cases=self._count(node, terminal) // size,
                of=total // size,
                statements=tuple(self._statement(cube, size) for cube in own),
                case=self._case(self.store.witness([(node, terminal)]) or {}),
            )

    def _count(self, node: Node, terminal: int) -> int:
        """The number of assignments with this terminal: a node has the mean of its children, without remainder."""
        total, sizes = prod(self.store.sizes), self.store.sizes
        return self.store.fold(
            node, lambda end: total if end == terminal else 0, lambda variable, counts: sum(counts) // sizes[variable]
        )

    def _statement(self, cube: Cube, size: int) -> Statement:
        order = [*self.new.questions, *self.old.questions]
        answers = [
            AnswerSet(
                question=pair.variable.question,
                choices=pair.variable.choices_of(values),
                days=tuple(pair.variable.day_ranges(values)),
                old_only=pair.new is None,
            )
            for pair, values in zip(self.variables, cube, strict=True)
            if len(values) < pair.variable.size
        ]
        answers.sort(key=lambda answer: (answer.old_only, order.index(answer.question)))
        case = self._case({number: min(values) for number, values in enumerate(cube)})
        return Statement(answers=tuple(answers), cases=prod(map(len, cube)) // size, case=case)

    def _case(self, values: Mapping[int, int]) -> CaseAnswers:
        """The answers of an assignment, with an answer to the questions that do not matter."""
        old_only = all(pair.new is None for pair in self.variables)
        answers: dict[str, str] = {}
        for number, pair in enumerate(self.variables):
            variable, value = pair.old if old_only else pair.new, values.get(number, 0)
            if variable and value < len(variable.first_days):
                day = self.today - timedelta(variable.first_days[value])
                answers |= {variable.question: day.isoformat(), variable.counted_to: self.today.isoformat()}
            elif variable:
                answers[variable.question] = variable.choices[value - len(variable.first_days)]
        return {name: answers[name] for name in (self.old if old_only else self.new).questions if name in answers}
