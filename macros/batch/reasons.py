"""The clauses that decide many cases, where the rules are too many to be walked together: rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from checker.engine.compile import CompiledPolicy
from checker.engine.nodes import Node
from macros.batch.walk import Blocks, Codes, Component, Walk

_MARKS = 32
"""The marks of rules that fit into one word, two bits each."""


class Reasons:
    """The rules of each outcome, each with a walk over the few variables that it depends on."""

    def __init__(self, compiled: CompiledPolicy) -> None:
        store, sizes = compiled.store, compiled.store.sizes
        domains = [variable.domain for variable in compiled.variables]
        self._store = store
        self._walks: dict[Node, tuple[Blocks, Walk]] = {}
        self._nodes: dict[int, list[Node]] = {}
        for rule in compiled.rules:
            nodes = self._nodes.setdefault(rule.rank, [])
            if rule.when not in nodes:
                nodes.append(rule.when)
            if rule.when not in self._walks:
                blocks = Blocks(sizes, variables=sorted(store.support([rule.when], domains)))
                walk = Walk(store, blocks)
                walk.start((Component.start([rule.when]),))
                self._walks[rule.when] = blocks, walk

    def groups(
        self, rank: int, columns: Sequence[Codes], rows: Codes
    ) -> Iterator[tuple[Mapping[Node, set[int]], Codes]]:
        """The rows, which all have the outcome of the rank, by the terminals of its rules."""
        nodes = self._nodes[rank]
        own = _Selected(columns, rows)
        words = np.zeros((len(rows), -(-len(nodes) // _MARKS)), np.uint64)
        terminals = []
        for place, node in enumerate(nodes):
            blocks, walk = self._walks[node]
            ends = walk(blocks.codes(own, len(rows)))
            sets = [self._terminals(component) for (component,) in walk.ends]
            distinct = [*dict.fromkeys(sets)]  # at most three: it holds, it fails, or either
            terminals.append(distinct)
            marks = np.array([distinct.index(one) for one in sets], np.uint64).take(ends)
            words[:, place // _MARKS] |= marks << np.uint64(2 * (place % _MARKS))
        unique, inverse = np.unique(words, axis=0, return_inverse=True)
        order = np.argsort(inverse.reshape(-1), kind="stable")
        ends_of_groups = np.cumsum(np.bincount(inverse.reshape(-1), minlength=len(unique)))[:-1]
        for word, group in zip(unique.tolist(), np.split(rows[order], ends_of_groups), strict=True):
            marks_of_word = [word[place // _MARKS] >> 2 * (place % _MARKS) & 3 for place in range(len(nodes))]
            yield (
                {
                    node: set(distinct[mark])
                    for node, distinct, mark in zip(nodes, terminals, marks_of_word, strict=True)
                },
                group,
            )

    def _terminals(self, component: Component) -> tuple[int, ...]:
        return component.terminals(self._store)


class _Selected(Mapping[int, Codes]):
    """The codes of some rows, of each variable once it is asked for."""

    def __init__(self, columns: Sequence[Codes], rows: Codes) -> None:
        self._columns, self._rows = columns, rows
        self._codes: dict[int, Codes] = {}

    def __getitem__(self, number: int) -> Codes:
        if number not in self._codes:
            self._codes[number] = self._columns[number].take(self._rows)
        return self._codes[number]

    def __len__(self) -> int:
        return len(self._columns)

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self._columns)))
