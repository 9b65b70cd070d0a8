"""Changes of what is shown, as statements: which cases, how many, and one of them to try."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from math import prod
from typing import Literal

from checker.engine.cover import Cube, cover
from checker.engine.diagram import Node, Store
from checker.engine.variables import Variable
from checker.policy import Policy
from macros.diff.case_space import Common
from macros.diff.verdict_parts import LAST_DAY, Key

MOST = 2_000
"""Ways through a diagram. Beyond them nobody would read the statements, and it would take long to find them."""

type Effect = Literal["worse", "better", "different"]
"""What a change means for the customers in its cases."""

type Answers = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a statement says of one question: some of its answers."""

    question: str
    choices: tuple[str, ...]
    days: tuple[tuple[int, int | None], ...]
    """How far back a date lies, least and most; None for no end."""
    gone: bool
    """The question and its answers stand in the old version alone; all else has the ids of the new one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """Some cases that share a change: those with all of these answers. Any others will do."""

    asked: tuple[Asked, ...]
    cases: int
    case: Answers
    """One of the cases, as ``policy decide`` takes it; in the old version where the new one cannot decide it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """All cases in which one thing that is shown becomes a certain other."""

    kind: str
    id: str
    before: object
    """None where it was not shown."""
    after: object
    """None where it is shown no more."""
    effect: Effect
    cases: int
    of: int
    """How many cases there are; fewer for a last day, as the day itself is none of its answers."""
    statements: tuple[Statement, ...]
    """Every case of the change is in one, and no other case; none where they would be too many to read."""
    case: Answers
    with_outcome: tuple[object, object] | None = None
    """The change of the outcome in the same cases, where there is one."""


@dataclass(frozen=True, slots=True)
class Board:
    """Levels and a store, and how their cases are said in answers."""

    store: Store
    variables: Sequence[Common]
    old: Policy
    new: Policy
    today: date

    def changes(self, key: Key, node: Node, became: Sequence[tuple[object, object]]) -> Iterator[tuple[int, Change]]:
        """For each leaf but 0 the change that it stands for: from 1 on those that are given."""
        kind, name = key
        aside = self.variables[int(name)] if kind == LAST_DAY else None
        split = aside.variable.size if aside else 1
        total = prod(self.store.sizes)
        paths = [*islice((path for path in self.store.paths(node) if path[1]), MOST + 1)]
        cubes = cover(self.store, node, paths) if len(paths) <= MOST else []
        for terminal, (was, becomes) in enumerate(became, 1):
            count = self._count(node, terminal)
            own = sorted((cube for cube, end in cubes if end == terminal), key=lambda cube: -prod(map(len, cube)))
            yield (
                terminal,
                Change(
                    kind=kind,
                    id=aside.variable.question if aside else name,
                    before=was,
                    after=becomes,
                    effect="different",
                    cases=count // split,
                    of=total // split,
                    statements=tuple(self._statement(cube, split) for cube in own),
                    case=self._case(self.store.witness([(node, terminal)]) or {}),
                ),
            )

    def _count(self, node: Node, terminal: int) -> int:
        """How many cases the diagram decides so: each level has the mean of its values, which leaves no fraction."""
        total, sizes = prod(self.store.sizes), self.store.sizes
        return self.store.fold(
            node, lambda end: total if end == terminal else 0, lambda variable, counts: sum(counts) // sizes[variable]
        )

    def _statement(self, cube: Cube, split: int) -> Statement:
        order = [*self.new.questions, *self.old.questions]
        asked = [
            Asked(
                question=each.variable.question,
                choices=each.variable.chosen(values),
                days=tuple(each.variable.days(values)),
                gone=each.new is None,
            )
            for each, values in zip(self.variables, cube, strict=True)
            if len(values) < each.variable.size
        ]
        asked.sort(key=lambda each: (each.gone, order.index(each.question)))
        case = self._case({number: min(values) for number, values in enumerate(cube)})
        return Statement(asked=tuple(asked), cases=prod(map(len, cube)) // split, case=case)

    def _case(self, values: Mapping[int, int]) -> Answers:
        """The answers of a case; what does not matter is answered too."""
        gone = all(each.new is None for each in self.variables)
        variables = [each.old if gone else each.new for each in self.variables]
        answers: dict[str, str] = {}
        for number, variable in enumerate(variables):
            if variable is not None:
                answers |= self._answer(variable, values.get(number, 0))
        return {name: answers[name] for name in (self.old if gone else self.new).questions if name in answers}

    def _answer(self, variable: Variable, value: int) -> Answers:
        if value >= len(variable.starts):
            return {variable.question: variable.choices[value - len(variable.starts)]}
        day = self.today - timedelta(variable.starts[value])
        return {variable.question: day.isoformat(), variable.counted_to: self.today.isoformat()}
