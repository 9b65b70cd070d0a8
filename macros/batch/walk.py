"""The walk of many cases through diagrams, variable by variable, as array look-ups.

A case with open questions can be at several nodes at once, so a state holds sets of nodes (the subset construction
that makes an automaton deterministic). States and their transitions are made when a case first needs them: a policy
may have any number of questions, and only what the data visits takes space.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf, prod
from typing import Any

import numpy as np

from checker.engine.diagram import Store
from checker.engine.nodes import Node

type Codes = np.ndarray[Any, np.dtype[Any]]
"""A small number for each case: the value of a variable, its size where the question is open."""

type Case = Mapping[int, int]
"""Values of some variables, which count whatever the case has."""

WIDEST = 4096
"""The most codes of a block."""

WORK = 100_000
"""The most steps of components that a walk with a limit takes to learn its states, about half a second."""


class TooManyStatesError(Exception):
    """A walk takes more steps to learn its states than its limit."""


@dataclass(frozen=True, slots=True)
class Component:
    """Diagrams that are walked side by side, each in a case of its own.

    ``nodes`` are the nodes that they can be at, one tuple for each way in which the open questions can turn out.
    None if there are more tuples than the limit.
    """

    cases: tuple[tuple[tuple[int, int], ...], ...]
    nodes: frozenset[tuple[Node, ...]] | None

    @classmethod
    def start(cls, diagrams: Sequence[Node], cases: Sequence[Case] | None = None) -> Component:
        """The component before the first variable; without cases, each diagram counts in the case itself."""
        whole = cases or [{}] * len(diagrams)
        return cls(tuple(tuple(sorted(case.items())) for case in whole), frozenset([tuple(diagrams)]))

    def after(self, store: Store, variable: int, values: Sequence[int], most: int) -> Component:
        """The component after a variable that may have any of the values."""
        if self.nodes is None:
            return self
        fixed = [dict(case).get(variable) for case in self.cases]
        if fixed and None not in fixed:
            values = values[:1]
        reached = frozenset(
            tuple(
                store.child(node, variable, value if own is None else own)
                for node, own in zip(nodes, fixed, strict=True)
            )
            for nodes in self.nodes
            for value in values
        )
        return Component(self.cases, reached if len(reached) <= most else None)

    def terminals(self, store: Store) -> tuple[int, ...]:
        """The terminals that its only diagram has reached, all variables behind it."""
        return tuple(sorted({end for nodes in self.nodes or () for node in nodes for end in store.terminals(node, ())}))


type State = tuple[Component, ...]


class Blocks:
    """Some variables in blocks, each with one joint code: fewer look-ups, as long as the tables stay small."""

    def __init__(self, sizes: Sequence[int], widest: int = WIDEST, variables: Sequence[int] | None = None) -> None:
        """With the variables that matter, in their order; by default all."""
        self.sizes = tuple(sizes)
        self.blocks: list[list[int]] = [[]]
        for number in range(len(sizes)) if variables is None else variables:
            if prod(self.sizes[n] + 1 for n in [*self.blocks[-1], number]) <= widest or not self.blocks[-1]:
                self.blocks[-1].append(number)
            else:
                self.blocks.append([number])
        self.widths = [prod(self.sizes[number] + 1 for number in block) for block in self.blocks]
        self._types = [np.min_scalar_type(width - 1) for width in self.widths]

    def codes(self, columns: Mapping[int, Codes] | Sequence[Codes], cases: int) -> list[Codes]:
        """The joint codes of the blocks, from the codes of the variables in so many cases."""
        joint = []
        for block, type_ in zip(self.blocks, self._types, strict=True):
            codes = columns[block[0]] if block else np.zeros(cases, np.uint8)
            if len(block) > 1:
                codes = codes.astype(type_)
                for number in block[1:]:
                    codes *= type_.type(self.sizes[number] + 1)
                    codes += columns[number]
            joint.append(codes)
        return joint

    def values(self, block: int, code: int) -> Iterator[tuple[int, range | tuple[int, ...]]]:
        """The variables of a block, each with the values that a joint code allows."""
        numbers = self.blocks[block]
        strides = [*accumulate((self.sizes[n] + 1 for n in reversed(numbers[1:])), lambda a, b: a * b, initial=1)]
        for number, stride in zip(numbers, reversed(strides), strict=True):
            value = code // stride % (self.sizes[number] + 1)
            yield number, range(self.sizes[number]) if value == self.sizes[number] else (value,)


class _Layer:
    """The states before a block, and their transitions: ``table[state, code]``, -1 where it is not known yet."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.states: list[int] = []
        """The states, each by its number among all of the walk."""
        self._ids: dict[int, int] = {}
        self.table = np.full((1, width), -1, np.int32)

    def id_of(self, state: int) -> int:
        """The place of a state in the table."""
        number = self._ids.setdefault(state, len(self.states))
        if number == len(self.states):
            self.states.append(state)
            if number == len(self.table):
                self.table = np.concatenate([self.table, np.full_like(self.table, -1)])
        return number


class Walk:
    """Walks cases from start states through all blocks."""

    def __init__(self, store: Store, blocks: Blocks, *, most: int = 1 << 62, work: float = inf) -> None:
        """With ``most``, the nodes of a component with more tuples are None; ``work`` is the limit of steps."""
        self._store, self._blocks, self._most, self._work = store, blocks, most, work
        self._layers = [_Layer(width) for width in (*blocks.widths, 0)]
        self._states: dict[State, int] = {}
        self._by_number: list[State] = []
        self._after: dict[tuple[int, int, range | tuple[int, ...]], int] = {}
        self.ends: list[State] = []
        """The states after the last block, by number. More can follow with more cases."""

    def start(self, state: State) -> int:
        """The number of a start state."""
        return self._layers[0].id_of(self._number(state))

    def __call__(self, codes: Sequence[Codes], starts: int | Codes = 0) -> Codes:
        """The number of each case's state after the last block. Raises TooManyStatesError."""
        states: int | Codes = starts
        for block, joint in enumerate(codes):
            layer = self._layers[block]
            if isinstance(states, int):
                table, index = layer.table[states], joint
            else:
                table, index = layer.table.reshape(-1), states * layer.width
                index += joint
            after = table.take(index, mode="clip")
            if len(after) and after.min() < 0:
                cells = np.unique(index[after < 0]).tolist()
                self._fill(block, cells, states if isinstance(states, int) else None)
                table = layer.table[states] if isinstance(states, int) else layer.table.reshape(-1)
                after = table.take(index, mode="clip")
            states = after if block == len(codes) - 1 else after.astype(np.intp)
        assert not isinstance(states, int)
        return states

    def _fill(self, block: int, cells: Sequence[int], start: int | None) -> None:
        """Makes the transitions of cells, which are codes of one state, or of all."""
        layer, following = self._layers[block], self._layers[block + 1]
        for cell in cells:
            number, code = divmod(cell, layer.width) if start is None else (start, cell)
            state = layer.states[number]
            for variable, values in self._blocks.values(block, code):
                step = state, variable, values
                if step not in self._after:
                    self._after[step] = self._following(*step)
                state = self._after[step]
            layer.table[number, code] = following.id_of(state)
        self.ends += [self._by_number[state] for state in self._layers[-1].states[len(self.ends) :]]

    def _following(self, number: int, variable: int, values: range | tuple[int, ...]) -> int:
        state = self._by_number[number]
        self._work -= len(state)
        if self._work < 0:
            raise TooManyStatesError
        return self._number(tuple(own.after(self._store, variable, values, self._most) for own in state))

    def _number(self, state: State) -> int:
        """The number of a state among all of the walk."""
        number = self._states.setdefault(state, len(self._by_number))
        if number == len(self._by_number):
            self._by_number.append(state)
        return number
