"""Decision diagrams as shared nodes: building them, combining them, and limits on their size and work.

A diagram maps one value per variable to a number (its terminal). Values, terminals and nodes are small integers. The
diagrams are ordered, reduced and hash-consed, so that equal functions are the same node (Bryant 1986).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

type Node = int

HOLDS, FAILS = 0, 1
"""The terminals of a condition: holding is the smaller number, so ``min`` is or, ``max`` is and."""

LIMIT = 100_000
"""Five times the nodes of a policy with a thousand rules that are grouped as in real policies."""

STEPS = 8
"""Steps for each node of the limit, to make and search diagrams: more than such a policy takes."""


class TooLargeError(Exception):
    """A diagram has more nodes, or takes more steps, than the limit.

    ``variables`` are those with the most nodes, the largest first.
    """

    def __init__(self, variables: Sequence[int]) -> None:
        self.variables = tuple(variables)
        super().__init__(f"too many nodes, most of them of the variables {self.variables}")


class Nodes:
    """Nodes over the variables ``0 … len(sizes) - 1``; variable ``i`` has ``sizes[i]`` values."""

    def __init__(self, sizes: Sequence[int], limit: int = LIMIT) -> None:
        self.sizes = tuple(sizes)
        self.limit = limit
        self.end = len(self.sizes)
        self._steps = 0
        self._nodes: list[tuple[int, tuple[int, ...]]] = []
        self._ids: dict[tuple[int, tuple[int, ...]], Node] = {}

    def __len__(self) -> int:
        return len(self._nodes)

    def terminal(self, value: int) -> Node:
        """The diagram that always decides ``value``."""
        return self._node(self.end, (value,))

    def branch(self, variable: int, children: Sequence[Node]) -> Node:
        """The diagram that continues with the child of the variable's value; the child itself if all are the same."""
        if all(child == children[0] for child in children):
            return children[0]
        return self._node(variable, tuple(children))

    def literal(self, variable: int, values: Iterable[int]) -> Node:
        """The condition that the variable has one of these values."""
        allowed_values = set(values)
        terminals = self.terminal(FAILS), self.terminal(HOLDS)
        return self.branch(variable, [terminals[value in allowed_values] for value in range(self.sizes[variable])])

    def _node(self, variable: int, children: tuple[int, ...]) -> Node:
        made = self._ids.setdefault((variable, children), len(self._nodes))
        if made == len(self._nodes):
            self._nodes.append((variable, children))
            if made >= self.limit:
                raise self._too_large()
        return made

    def _visit(self, children: int) -> None:
        """Counts a node and its children, to limit the work: without a clock, at the same place everywhere."""
        self._steps += children + 2
        if self._steps > STEPS * self.limit:
            raise self._too_large()

    def _too_large(self) -> TooLargeError:
        variables = Counter(variable for variable, _ in self._nodes if variable < self.end)
        return TooLargeError([variable for variable, _ in variables.most_common(3)])

    def apply(self, pick: Callable[[int, int], int], diagrams: Iterable[Node], empty: int) -> Node:
        """The diagram that decides ``pick`` of what the diagrams decide; ``empty`` where there is none.

        ``pick`` is ``min``, ``max``, or ``or_`` of marks that are bits. Diagrams are applied in pairs, which keeps
        those in between small.
        """
        queue = list(diagrams) or [self.terminal(empty)]
        memo: dict[tuple[Node, Node], Node] = {}
        while len(queue) > 1:
            pairs = zip(queue[::2], queue[1::2], strict=False)
            queue = [self._apply(pick, a, b, memo) for a, b in pairs] + queue[len(queue) & ~1 :]
        return queue[0]

    def _apply(self, pick: Callable[[int, int], int], a: Node, b: Node, memo: dict[tuple[Node, Node], Node]) -> Node:
        if a == b:
            return a
        pair = (a, b) if a < b else (b, a)
        if pair not in memo:
            (variable_a, children_a), (variable_b, children_b) = self._nodes[a], self._nodes[b]
            variable = min(variable_a, variable_b)
            if variable == self.end:
                memo[pair] = self.terminal(pick(children_a[0], children_b[0]))
            else:
                size = self.sizes[variable]
                self._visit(size)
                left = children_a if variable_a == variable else (a,) * size
                right = children_b if variable_b == variable else (b,) * size
                memo[pair] = self.branch(
                    variable, [self._apply(pick, x, y, memo) for x, y in zip(left, right, strict=True)]
                )
        return memo[pair]

    def fold[T](self, diagram: Node, terminal: Callable[[int], T], branch: Callable[[int, list[T]], T]) -> T:
        """The result of ``terminal`` and ``branch`` applied from the terminals up; each node once."""
        memo: dict[Node, T] = {}

        def walk(node: Node) -> T:
            if node not in memo:
                variable, children = self._nodes[node]
                self._visit(len(children))
                if variable == self.end:
                    memo[node] = terminal(children[0])
                else:
                    memo[node] = branch(variable, [walk(child) for child in children])
            return memo[node]

        return walk(diagram)

    def map_terminals(self, diagram: Node, terminals: Callable[[int], int]) -> Node:
        """The diagram that decides ``terminals(n)`` where this one decides ``n``."""
        return self.fold(diagram, lambda value: self.terminal(terminals(value)), self.branch)

    def restrict(self, diagram: Node, variable: int, value: int) -> Node:
        """The diagram of the cases in which the variable has the value."""

        def branch(own: int, children: list[Node]) -> Node:
            return children[value] if own == variable else self.branch(own, children)

        return self.fold(diagram, self.terminal, branch)

    def combine(self, pick: Callable[..., int], diagrams: Iterable[Node]) -> Node:
        """The diagram that decides what ``pick`` makes of all that the diagrams decide, in their order."""
        memo: dict[tuple[Node, ...], Node] = {}

        def walk(*nodes: Node) -> Node:
            if nodes not in memo:
                here = [self._nodes[node] for node in nodes]
                variable = min([own for own, _ in here])
                if variable == self.end:
                    memo[nodes] = self.terminal(pick(*[children[0] for _, children in here]))
                    return memo[nodes]
                self._visit(self.sizes[variable])
                columns = [
                    children if own == variable else (node,) * self.sizes[variable]
                    for node, (own, children) in zip(nodes, here, strict=True)
                ]
                memo[nodes] = self.branch(variable, [walk(*step) for step in zip(*columns, strict=True)])
            return memo[nodes]

        return walk(*diagrams)

    def masked(self, diagram: Node, condition: Node, otherwise: int) -> Node:
        """The diagram where the condition holds, and ``otherwise`` elsewhere; the rest of it is not looked at."""
        memo: dict[tuple[Node, Node], Node] = {}
        never, always = self.terminal(FAILS), self.terminal(HOLDS)

        def walk(node: Node, when: Node) -> Node:
            if when in (never, always):
                return node if when == always else self.terminal(otherwise)
            if (node, when) not in memo:
                here = [self._nodes[node], self._nodes[when]]
                variable = min(own for own, _ in here)
                self._visit(self.sizes[variable])
                nodes, whens = (
                    children if own == variable else (one,) * self.sizes[variable]
                    for one, (own, children) in zip((node, when), here, strict=True)
                )
                memo[node, when] = self.branch(variable, list(map(walk, nodes, whens)))
            return memo[node, when]

        return walk(diagram, condition)
