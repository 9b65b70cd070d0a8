"""Multi-valued decision diagrams: ordered, reduced, and shared, so that equal functions are the same node.

A diagram decides a number (its leaf) from one value per level. Values and leaves are small integers,
and so are nodes; a ``Store`` holds them all. Everything the checker says of a case is one of a few
walks: ``leaves`` (what is still possible), ``support`` (what it depends on), ``profiles`` (what would happen
side by side), ``nearest`` (what would change it) and ``case`` (one example of something). None of them makes a node.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product

type Node = int
type Values = Sequence[Iterable[int]]
"""For each level the values that an answer still allows."""

type Nearest = dict[int, list[dict[int, frozenset[int]]]]
"""For each leaf the ways to it: the levels that move, each with the values that it may move to."""

HOLDS, FAILS = 0, 1
"""The leaves of a condition: the stronger leaf is the smaller number, so ``min`` is or, ``max`` is and."""


LIMIT = 100_000
"""Five times the nodes of a policy with a thousand rules that are grouped as in real policies."""

STEPS = 8
"""Steps for each node of the limit, to make diagrams and to look for cases in them: more than such a policy takes."""


class TooLargeError(Exception):
    """A diagram has more nodes than the limit, or takes more steps to look at all of.

    ``levels`` are those with the most nodes, the largest first.
    """

    def __init__(self, levels: Sequence[int]) -> None:
        self.levels = tuple(levels)
        super().__init__(f"too many nodes, most of them at the levels {self.levels}")


class Store:
    """Nodes over the levels ``0 … len(sizes) - 1``; level ``i`` branches into ``sizes[i]`` values."""

    def __init__(self, sizes: Sequence[int], limit: int = LIMIT) -> None:
        self.sizes = tuple(sizes)
        self.limit = limit
        self.bottom = len(self.sizes)
        self._steps = 0
        self._nodes: list[tuple[int, tuple[int, ...]]] = []
        self._ids: dict[tuple[int, tuple[int, ...]], Node] = {}

    def __len__(self) -> int:
        return len(self._nodes)

    def leaf(self, value: int) -> Node:
        """The diagram that always decides ``value``."""
        return self._node(self.bottom, (value,))

    def branch(self, level: int, children: Sequence[Node]) -> Node:
        """The diagram that continues with the child of the level's value; no node where it makes no difference."""
        if all(child == children[0] for child in children):
            return children[0]
        return self._node(level, tuple(children))

    def test(self, level: int, values: Iterable[int]) -> Node:
        """The condition that the level has one of these values."""
        held = set(values)
        leaves = self.leaf(FAILS), self.leaf(HOLDS)
        return self.branch(level, [leaves[value in held] for value in range(self.sizes[level])])

    def _node(self, level: int, children: tuple[int, ...]) -> Node:
        made = self._ids.setdefault((level, children), len(self._nodes))
        if made == len(self._nodes):
            self._nodes.append((level, children))
            if made >= self.limit:
                raise self._too_large()
        return made

    def _visit(self, children: int) -> None:
        """Counts a node and its children, so that no work goes on for ever.

        As no clock is read, it ends at the same place everywhere.
        """
        self._steps += children + 2
        if self._steps > STEPS * self.limit:
            raise self._too_large()

    def _too_large(self) -> TooLargeError:
        levels = Counter(level for level, _ in self._nodes if level < self.bottom)
        return TooLargeError([level for level, _ in levels.most_common(3)])

    def merge(self, pick: Callable[[int, int], int], diagrams: Iterable[Node], empty: int) -> Node:
        """The diagram that decides ``pick`` of what the diagrams decide; ``empty`` where there is none.

        ``pick`` is ``min``, ``max``, or ``or_`` of marks that are bits. Diagrams are merged in pairs, which keeps
        those in between small.
        """
        queue = list(diagrams) or [self.leaf(empty)]
        memo: dict[tuple[Node, Node], Node] = {}
        while len(queue) > 1:
            pairs = zip(queue[::2], queue[1::2], strict=False)
            queue = [self._merge(pick, a, b, memo) for a, b in pairs] + queue[len(queue) & ~1 :]
        return queue[0]

    def _merge(self, pick: Callable[[int, int], int], a: Node, b: Node, memo: dict[tuple[Node, Node], Node]) -> Node:
        if a == b:
            return a
        pair = (a, b) if a < b else (b, a)
        if pair not in memo:
            (level_a, children_a), (level_b, children_b) = self._nodes[a], self._nodes[b]
            level = min(level_a, level_b)
            if level == self.bottom:
                memo[pair] = self.leaf(pick(children_a[0], children_b[0]))
            else:
                size = self.sizes[level]
                self._visit(size)
                left = children_a if level_a == level else (a,) * size
                right = children_b if level_b == level else (b,) * size
                memo[pair] = self.branch(
                    level, [self._merge(pick, x, y, memo) for x, y in zip(left, right, strict=True)]
                )
        return memo[pair]

    def fold[T](self, diagram: Node, leaf: Callable[[int], T], branch: Callable[[int, list[T]], T]) -> T:
        """What ``branch`` makes of a level and its children, from the leaves up; each node once."""
        memo: dict[Node, T] = {}

        def walk(node: Node) -> T:
            if node not in memo:
                level, children = self._nodes[node]
                self._visit(len(children))
                if level == self.bottom:
                    memo[node] = leaf(children[0])
                else:
                    memo[node] = branch(level, [walk(child) for child in children])
            return memo[node]

        return walk(diagram)

    def relabel(self, diagram: Node, leaves: Callable[[int], int]) -> Node:
        """The diagram that decides ``leaves(n)`` where this one decides ``n``."""
        return self.fold(diagram, lambda value: self.leaf(leaves(value)), self.branch)

    def fix(self, diagram: Node, level: int, value: int) -> Node:
        """The diagram of the cases in which the level has the value."""

        def branch(own: int, children: list[Node]) -> Node:
            return children[value] if own == level else self.branch(own, children)

        return self.fold(diagram, self.leaf, branch)

    def decide(self, diagram: Node, values: Sequence[int]) -> int:
        """What the diagram decides of a case: one value for each level."""
        level, children = self._nodes[diagram]
        while level < self.bottom:
            level, children = self._nodes[children[values[level]]]
        return children[0]

    def leaves(self, diagram: Node, allowed: Values) -> set[int]:
        """What the diagram can still decide when each level keeps only its allowed values."""
        found: set[int] = set()
        seen = {diagram}
        todo = [diagram]
        while todo:
            level, children = self._nodes[todo.pop()]
            if level == self.bottom:
                found.add(children[0])
                continue
            for value in allowed[level]:
                child = children[value]
                if child not in seen:
                    seen.add(child)
                    todo.append(child)
        return found

    def support(self, diagrams: Iterable[Node], allowed: Values) -> set[int]:
        """The levels whose allowed values can still make a difference to what one of the diagrams decides."""
        memo: dict[Node, int] = {}
        reduced: dict[tuple[int, tuple[int, ...]], int] = {}
        """The diagrams with the allowed values alone, as a store holds them; kept here, so that no node is made."""

        def walk(node: Node) -> int:
            if node not in memo:
                level, children = self._nodes[node]
                if level < self.bottom:
                    children = tuple([walk(children[value]) for value in allowed[level]])
                same = level < self.bottom and len(set(children)) == 1
                memo[node] = children[0] if same else reduced.setdefault((level, children), len(reduced))
            return memo[node]

        for diagram in diagrams:
            walk(diagram)
        return {level for level, _ in reduced} - {self.bottom}

    def profiles(self, diagram: Node, split: Mapping[int, Iterable[int]], allowed: Values) -> set[tuple[int, ...]]:
        """What is decided side by side for every combination of the split levels' values, in their order.

        One tuple for each way in which the other levels' allowed values can turn out: a level matters as
        long as a profile over it holds two different leaves.
        """
        levels = sorted(split)
        cases = list(product(*(split[level] for level in levels)))
        value = {level: [case[i] for case in cases] for i, level in enumerate(levels)}
        seen: set[tuple[Node, ...]] = set()
        found: set[tuple[int, ...]] = set()
        todo = [(diagram,) * len(cases)]
        while todo:
            nodes = todo.pop()
            if nodes in seen:
                continue
            seen.add(nodes)
            here = [self._nodes[node] for node in nodes]
            level = min([own for own, _ in here])
            if level == self.bottom:
                found.add(tuple([children[0] for _, children in here]))
                continue
            columns = [
                children if own == level else (node,) * self.sizes[level]
                for node, (own, children) in zip(nodes, here, strict=True)
            ]
            if level in value:
                todo.append(tuple([column[at] for column, at in zip(columns, value[level], strict=True)]))
            else:
                todo.extend(tuple([column[given] for column in columns]) for given in allowed[level])
        return found

    def case(self, wanted: Sequence[tuple[Node, int]]) -> dict[int, int] | None:
        """Values with which every diagram decides its wanted leaf, for the levels that matter; or None.

        Makes no node, so that it can look for what must not exist. Raises TooLargeError where that takes too long.
        """
        nodes_of = self._nodes
        start = tuple(diagram for diagram, _ in wanted)
        ends = tuple(self._ids.get((self.bottom, (leaf,))) for _, leaf in wanted)
        came_from: dict[tuple[Node, ...], tuple[tuple[Node, ...], int, int]] = {}
        todo = [start]
        while todo:
            nodes = todo.pop()
            here = [nodes_of[node] for node in nodes]
            level = min(level for level, _ in here)
            if level == self.bottom:
                if nodes != ends:
                    return None  # only the start can get here without its end
                values: dict[int, int] = {}
                while nodes != start:
                    nodes, level, value = came_from[nodes]
                    values[level] = value
                return dict(reversed(values.items()))
            self._visit(self.sizes[level])
            columns = [
                children if own == level else (node,) * self.sizes[level]
                for node, (own, children) in zip(nodes, here, strict=True)
            ]
            fresh = []
            for value, step in enumerate(zip(*columns, strict=True)):
                if step in came_from:
                    continue
                for node, end in zip(step, ends, strict=True):
                    if node != end and nodes_of[node][0] == self.bottom:
                        break
                else:
                    came_from[step] = nodes, level, value
                    fresh.append(step)
            todo.extend(reversed(fresh))  # the first values first: they make the plainest example
        return None

    def nearest(self, diagram: Node, values: Sequence[Collection[int]], movable: Collection[int]) -> Nearest:
        """For each leaf the fewest moved levels that lead there from the values, with all ties.

        A level that still allows several values is in nobody's hands: no way goes through it.
        """
        memo: dict[Node, Nearest] = {}

        def walk(node: Node) -> Nearest:
            if node in memo:
                return memo[node]
            level, children = self._nodes[node]
            if level == self.bottom:
                memo[node] = {children[0]: [{}]}
                return memo[node]
            if len(values[level]) > 1:
                memo[node] = {}
                return memo[node]
            [value] = values[level]
            found = memo[node] = dict(walk(children[value]))
            for child in dict.fromkeys(children) if level in movable else ():
                if child == children[value]:
                    continue
                leading = frozenset(value for value, other in enumerate(children) if other == child)
                for leaf, ways in walk(child).items():
                    longer = [{level: leading} | way for way in ways]
                    known = found.get(leaf, longer)
                    if len(longer[0]) <= len(known[0]):
                        found[leaf] = longer if known is longer or len(longer[0]) < len(known[0]) else known + longer
            return found

        return walk(diagram)

    def twins(self, diagrams: Iterable[Node]) -> dict[int, list[list[int]]]:
        """For each level that matters, its values in groups: those of a group make no difference anywhere."""
        found: dict[int, list[tuple[Node, ...]]] = {}
        seen: set[Node] = set()
        todo = [*diagrams]
        while todo:
            node = todo.pop()
            level, children = self._nodes[node]
            if node not in seen and level < self.bottom:
                self._visit(len(children))
                seen.add(node)
                found.setdefault(level, []).append(children)
                todo.extend(children)
        groups: dict[int, dict[tuple[Node, ...], list[int]]] = {}
        for level, rows in found.items():
            for value, column in enumerate(zip(*rows, strict=True)):
                groups.setdefault(level, {}).setdefault(column, []).append(value)
        return {level: [*columns.values()] for level, columns in sorted(groups.items())}

    def paths(self, diagram: Node) -> Iterator[tuple[dict[int, set[int]], int]]:
        """Every way through the diagram and the leaf it ends in; values that lead on together stand together."""
        level, children = self._nodes[diagram]
        if level == self.bottom:
            yield {}, children[0]
            return
        for child in dict.fromkeys(children):
            values = {value for value, other in enumerate(children) if other == child}
            for rest, leaf in self.paths(child):
                yield {level: values} | rest, leaf
