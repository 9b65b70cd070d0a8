"""Multi-valued decision diagrams: ordered, reduced, and shared, so that equal functions are the same node.

A diagram maps one value per variable to a number (its terminal). Values, terminals and nodes are small
integers; a ``Store`` holds them all. Everything the checker says of a case is one of a few
walks: ``terminals`` (what is still possible), ``support`` (what it depends on), ``cofactors`` (what would happen
side by side), ``nearest`` (what would change it) and ``witness`` (one example of something). None of them
allocates nodes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

type Node = int
type Values = Sequence[Iterable[int]]
"""The values that an answer still allows, for each variable."""

type Nearest = dict[int, list[dict[int, frozenset[int]]]]
"""For each terminal the smallest changes that lead to it: the new values of each changed variable."""

type Cofactors = dict[tuple[int, ...], dict[int, set[int]]]
"""For each tuple of terminals the values that lead to it, of each variable that matters."""

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


class Store:
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

    def decide(self, diagram: Node, values: Sequence[int]) -> int:
        """The terminal of a case: one value for each variable."""
        variable, children = self._nodes[diagram]
        while variable < self.end:
            variable, children = self._nodes[children[values[variable]]]
        return children[0]

    def terminals(self, diagram: Node, allowed: Values) -> set[int]:
        """The terminals that the diagram can reach when each variable keeps only its allowed values."""
        found: set[int] = set()
        seen = {diagram}
        todo = [diagram]
        while todo:
            variable, children = self._nodes[todo.pop()]
            if variable == self.end:
                found.add(children[0])
                continue
            for value in allowed[variable]:
                child = children[value]
                if child not in seen:
                    seen.add(child)
                    todo.append(child)
        return found

    def support(self, diagrams: Iterable[Node], allowed: Values) -> set[int]:
        """The variables whose allowed values can still change the terminal of one of the diagrams."""
        memo: dict[Node, int] = {}
        reduced: dict[tuple[int, tuple[int, ...]], int] = {}
        """The diagrams with the allowed values alone, as a store holds them; kept here, so that no node is made."""

        def walk(node: Node) -> int:
            if node not in memo:
                variable, children = self._nodes[node]
                if variable < self.end:
                    children = tuple([walk(children[value]) for value in allowed[variable]])
                same = variable < self.end and len(set(children)) == 1
                memo[node] = children[0] if same else reduced.setdefault((variable, children), len(reduced))
            return memo[node]

        for diagram in diagrams:
            walk(diagram)
        return {variable for variable, _ in reduced} - {self.end}

    def cofactors(
        self,
        diagrams: Sequence[Node],
        cases: Sequence[Mapping[int, int]],
        allowed: Sequence[Collection[int]],
        limit: int,
    ) -> Cofactors:
        """The terminals of each diagram in each case, case by case, for each assignment of the other variables.

        A case gives the values of some variables. With each tuple of terminals stand the values of the others that
        lead there, of each variable by itself; a variable of which all do is left out. Raises TooLargeError if it
        takes more than ``limit`` states.
        """
        memo: dict[tuple[Node, ...], Cofactors] = {}

        def walk(nodes: tuple[Node, ...]) -> Cofactors:
            if nodes in memo:
                return memo[nodes]
            if len(memo) == limit:
                raise TooLargeError(())
            here = [self._nodes[node] for node in nodes]
            variable = min([own for own, _ in here])
            found: Cofactors = {}
            memo[nodes] = found
            if variable == self.end:
                found[tuple([children[0] for _, children in here])] = {}
                return found
            columns = [
                children if own == variable else (node,) * self.sizes[variable]
                for node, (own, children) in zip(nodes, here, strict=True)
            ]
            if variable in cases[0]:
                values = [case[variable] for case in cases for _ in diagrams]
                found |= walk(tuple([column[value] for column, value in zip(columns, values, strict=True)]))
                return found
            for value in allowed[variable]:
                for terminals, leading in walk(tuple([column[value] for column in columns])).items():
                    way = {**leading, variable: {value}}
                    known = found.get(terminals, way)
                    joined = {number: known[number] | way[number] for number in known.keys() & way.keys()}
                    found[terminals] = {n: values for n, values in joined.items() if len(values) < len(allowed[n])}
            return found

        return walk(tuple(diagrams) * len(cases))

    def witness(self, wanted: Sequence[tuple[Node, int]]) -> dict[int, int] | None:
        """An assignment under which each diagram reaches its wanted terminal, or None.

        It names the variables that matter. No node is allocated. Raises TooLargeError if it takes too many steps.
        """
        nodes_of = self._nodes
        start = tuple(diagram for diagram, _ in wanted)
        ends = tuple(self._ids.get((self.end, (terminal,))) for _, terminal in wanted)
        came_from: dict[tuple[Node, ...], tuple[tuple[Node, ...], int, int]] = {}
        todo = [start]
        while todo:
            nodes = todo.pop()
            here = [nodes_of[node] for node in nodes]
            variable = min(variable for variable, _ in here)
            if variable == self.end:
                if nodes != ends:
                    return None  # only the start can get here without its end
                values: dict[int, int] = {}
                while nodes != start:
                    nodes, variable, value = came_from[nodes]
                    values[variable] = value
                return dict(reversed(values.items()))
            self._visit(self.sizes[variable])
            columns = [
                children if own == variable else (node,) * self.sizes[variable]
                for node, (own, children) in zip(nodes, here, strict=True)
            ]
            fresh = []
            for value, step in enumerate(zip(*columns, strict=True)):
                if step in came_from:
                    continue
                for node, end in zip(step, ends, strict=True):
                    if node != end and nodes_of[node][0] == self.end:
                        break
                else:
                    came_from[step] = nodes, variable, value
                    fresh.append(step)
            todo.extend(reversed(fresh))  # the first values first: they make the plainest example
        return None

    def nearest(self, diagram: Node, values: Sequence[Collection[int]], movable: Collection[int]) -> Nearest:
        """For each terminal the smallest changes of movable variables that lead there, with all ties.

        Variables that are still open are never changed.
        """
        memo: dict[Node, Nearest] = {}

        def walk(node: Node) -> Nearest:
            if node in memo:
                return memo[node]
            variable, children = self._nodes[node]
            if variable == self.end:
                memo[node] = {children[0]: [{}]}
                return memo[node]
            if len(values[variable]) > 1:
                memo[node] = {}
                return memo[node]
            [value] = values[variable]
            found = memo[node] = dict(walk(children[value]))
            for child in dict.fromkeys(children) if variable in movable else ():
                if child == children[value]:
                    continue
                leading = frozenset(value for value, other in enumerate(children) if other == child)
                for terminal, ways in walk(child).items():
                    longer = [{variable: leading} | way for way in ways]
                    known = found.get(terminal, longer)
                    if len(longer[0]) <= len(known[0]):
                        found[terminal] = (
                            longer if known is longer or len(longer[0]) < len(known[0]) else known + longer
                        )
            return found

        return walk(diagram)

    def equivalent_values(self, diagrams: Iterable[Node]) -> dict[int, list[list[int]]]:
        """For each variable that matters, its values in groups of equivalent values."""
        found: dict[int, list[tuple[Node, ...]]] = {}
        seen: set[Node] = set()
        todo = [*diagrams]
        while todo:
            node = todo.pop()
            variable, children = self._nodes[node]
            if node not in seen and variable < self.end:
                self._visit(len(children))
                seen.add(node)
                found.setdefault(variable, []).append(children)
                todo.extend(children)
        groups: dict[int, dict[tuple[Node, ...], list[int]]] = {}
        for variable, rows in found.items():
            for value, column in enumerate(zip(*rows, strict=True)):
                groups.setdefault(variable, {}).setdefault(column, []).append(value)
        return {variable: [*columns.values()] for variable, columns in sorted(groups.items())}

    def paths(self, diagram: Node) -> Iterator[tuple[dict[int, set[int]], int]]:
        """Yields each path with its terminal; values with the same child are one path."""
        variable, children = self._nodes[diagram]
        if variable == self.end:
            yield {}, children[0]
            return
        for child in dict.fromkeys(children):
            values = {value for value, other in enumerate(children) if other == child}
            for rest, terminal in self.paths(child):
                yield {variable: values} | rest, terminal
