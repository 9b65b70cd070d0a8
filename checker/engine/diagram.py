"""Multi-valued decision diagrams: everything the checker says of a case is one of a few walks.

They are ``terminals`` (what is still possible), ``support`` (what it depends on), ``cofactors`` (what would happen
side by side), ``nearest`` (what would change it) and ``witness`` (one example of something). None of them allocates
nodes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from checker.engine.nodes import Node, Nodes, TooLargeError

type Values = Sequence[Iterable[int]]
"""The values that an answer still allows, for each variable."""

type Nearest = dict[int, list[dict[int, frozenset[int]]]]
"""For each terminal the smallest changes that lead to it: the new values of each changed variable."""

type Cofactors = dict[tuple[int, ...], dict[int, set[int]]]
"""For each tuple of terminals the values that lead to it, of each variable that matters."""


class Store(Nodes):
    """The diagrams over some variables, and the walks through them."""

    def decide(self, diagram: Node, values: Sequence[int]) -> int:
        """The terminal of a case: one value for each variable."""
        variable, children = self._nodes[diagram]
        while variable < self.end:
            variable, children = self._nodes[children[values[variable]]]
        return children[0]

    def child(self, node: Node, variable: int, value: int) -> Node:
        """The node that follows under a value of the variable: the same if it does not depend on it."""
        own, children = self._nodes[node]
        return children[value] if own == variable else node

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
