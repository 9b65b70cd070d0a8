"""The case space: a policy's rules and conditions as diagrams over its closed questions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from checker.answers.parse import Answers
from checker.engine.diagram import Store
from checker.engine.nodes import FAILS, HOLDS, Node, TooLargeError
from checker.engine.ordering import ordered
from checker.engine.parts import COSTS, ITEMS, REMEDIES, conditions_of_items
from checker.engine.variables import Variable, value_by, variables
from checker.policy import Comparison, Policy, Rule, When, as_ids, as_list
from checker.values.durations import Duration

OUTCOME = "outcome"
"""The name of the outcome in conditions. Those of invariants may name remedies and costs too."""

ANY = "any"
"""Wildcard in invariants: any remedy, or anybody who bears the costs."""

type DecisionTree = str | tuple[str, Mapping[str | int, int], int, list[DecisionTree]] | None
"""An outcome, None in a gap; or (question, index by answer, index for the oldest dates, subtrees)."""


class PolicyTooComplexError(Exception):
    """The rules are too unlike each other to be compiled; ``questions`` are those to look at first."""

    def __init__(self, questions: Iterable[str]) -> None:
        self.questions = tuple(questions)
        super().__init__(f"too many different cases, most of them by the questions {', '.join(self.questions)}")


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule of a clause, as diagrams."""

    clause: str
    rank: int
    """The place of its outcome among the outcomes, 0 for the strongest."""
    when: Node
    any_of: tuple[tuple[tuple[tuple[str, ...], Node], ...], ...]
    """Its alternatives, each with its comparisons: their questions and their condition."""


@dataclass(frozen=True, slots=True)
class CompiledGrant:
    """A grant of a clause, its condition as a diagram. Its costs count where no other grant has stronger ones."""

    clause: str
    remedies: tuple[str, ...]
    costs: str | None
    when: Node


@dataclass(frozen=True, slots=True)
class VariableSpace:
    """The variables of a store: variable ``i`` stands for the closed question at ``i``."""

    variables: tuple[Variable, ...]
    store: Store


class CompiledPolicy:
    """A policy's rules and conditions as diagrams over its closed questions.

    In a ``space`` that is shared with another policy, some answers may be left out, and the days cut more finely.
    Raises PolicyTooComplexError if no order of the questions keeps the diagrams small.
    """

    def __init__(self, policy: Policy, space: VariableSpace | None = None) -> None:
        space = space or _own_space(policy)
        self.policy = policy
        self.variables = space.variables
        self.variable = {variable.question: number for number, variable in enumerate(self.variables)}
        self.store = space.store
        self.outcomes = tuple(policy.outcomes)
        self.rank = {outcome: rank for rank, outcome in enumerate(self.outcomes)}
        self.undecided = len(self.outcomes)
        """The terminal of a case in which no rule holds."""
        with translate_size_errors(self.variables):
            self.rules = tuple(self._compiled(clause, rule) for (clause, _), rule in policy.rules.items())
            self.outcome = self.strongest([(rule.rank, rule.when) for rule in self.rules], self.undecided)
            self.grants = tuple(
                CompiledGrant(clause, grant.remedies, grant.costs, self.condition(grant.when))
                for (clause, _), grant in policy.grants.items()
            )
            self.parts = {REMEDIES: self._remedies(), COSTS: self._costs()}
            """The condition of each item of each part of a verdict, by part and id."""
            for part in ITEMS:
                items = conditions_of_items(policy, part)
                self.parts[part] = {id_: self.condition(when) for id_, when in items.items()}
            named = dict(enumerate(self.outcomes))
            self._tree: DecisionTree = self.store.fold(self.outcome, named.get, self._subtree)

    def decide(self, case: Mapping[str, str | int]) -> str | None:
        """The outcome of one case, by the shortest path; None in a gap.

        The case holds for each closed question a choice, or for a date the days that it lies back.
        """
        tree = self._tree
        while isinstance(tree, tuple):
            question, values, oldest, subtrees = tree
            tree = subtrees[values.get(case[question], oldest)]
        return tree

    def _subtree(self, number: int, subtrees: list[DecisionTree]) -> DecisionTree:
        variable = self.variables[number]
        return variable.question, variable.values, variable.oldest, subtrees

    def _remedies(self) -> Mapping[str, Node]:
        whens: dict[str, list[Node]] = {}
        for grant in self.grants:
            for remedy in grant.remedies:
                whens.setdefault(remedy, []).append(grant.when)
        return {remedy: self.store.apply(min, nodes, FAILS) for remedy, nodes in whens.items()}

    def _costs(self) -> Mapping[str, Node]:
        """No two hold in one case: of the grants that hold, the one with the strongest costs decides."""
        rank = {costs: rank for rank, costs in enumerate(self.policy.costs)}
        ranked = [(rank[grant.costs], grant.when) for grant in self.grants if grant.costs is not None]
        strongest = self.strongest(ranked, len(rank))
        return {costs: self._terminal_in(strongest, {own}) for costs, own in rank.items()}

    def _terminal_in(self, diagram: Node, terminals: Collection[int]) -> Node:
        """The condition that the diagram decides one of the terminals."""
        return self.store.map_terminals(diagram, lambda terminal: HOLDS if terminal in terminals else FAILS)

    def _compiled(self, clause: str, rule: Rule) -> CompiledRule:
        any_of = tuple(
            tuple((self._tested(name, test), self._test(name, test)) for name, test in all_of.items())
            for all_of in as_list(rule.when)
        )
        return CompiledRule(clause, self.rank[rule.outcome], self.condition(rule.when), any_of)

    def strongest(self, ranked: Iterable[tuple[int, Node]], none: int) -> Node:
        """The diagram of the smallest rank whose condition holds; ``none`` where no condition does."""
        diagrams = [self.store.map_terminals(holds, {HOLDS: rank, FAILS: none}.__getitem__) for rank, holds in ranked]
        return self.store.apply(min, diagrams, none)

    def condition(self, when: When | None) -> Node:
        """The diagram of a condition; no condition always holds."""
        if when is None:
            return self.store.terminal(HOLDS)
        return self.store.apply(
            min,
            [
                self.store.apply(max, [self._test(name, test) for name, test in all_of.items()], HOLDS)
                for all_of in as_list(when)
            ],
            FAILS,
        )

    def values(self, answers: Answers) -> list[tuple[int, ...]]:
        """The values that the answers allow, for each variable: one, or all while the question is open."""
        choices, dates = answers.choices, answers.dates
        values: list[tuple[int, ...]] = []
        for variable in self.variables:
            if variable.question in choices:
                values.append((variable.values[choices[variable.question]],))
            elif variable.question in dates:
                values.append((variable.value_of((dates[variable.counted_to] - dates[variable.question]).days),))
            else:
                values.append(variable.domain)
        return values

    def _tested(self, name: str, test: str | tuple[str, ...] | Comparison) -> tuple[str, ...]:
        """The questions whose answers make the test hold or fail."""
        value = (test.longer_ago_than or test.within) if isinstance(test, Comparison) else None
        by = value_by(self.policy, value)[0] if value else None
        return (name, by) if by else (name,)

    def _test(self, name: str, test: str | tuple[str, ...] | Comparison) -> Node:
        if not isinstance(test, Comparison):
            return self._one_of(name, as_ids(test))
        if test.not_ is not None:
            return self.store.map_terminals(
                self._one_of(name, as_ids(test.not_)), lambda terminal: HOLDS + FAILS - terminal
            )
        return self._ago(name, test)

    def _one_of(self, name: str, choices: tuple[str, ...]) -> Node:
        if name == OUTCOME:
            return self._terminal_in(self.outcome, {self.rank[choice] for choice in choices})
        if name in (REMEDIES, COSTS):
            conditions = self.parts[name]
            nodes = [node for id_, node in conditions.items() if id_ in choices or ANY in choices]
            return self.store.apply(min, nodes, FAILS)
        number = self.variable[name]
        values = self.variables[number].values
        return self.store.literal(number, [values[choice] for choice in choices if choice in values])

    def _ago(self, name: str, test: Comparison) -> Node:
        """Compares a date with a duration, for each answer that the duration depends on."""
        number = self.variable[name]
        first_days = self.variables[number].first_days
        value = test.longer_ago_than or test.within or ""

        def compared(text: str) -> Node:
            days = Duration.parse(text, self.policy.messages).most
            values = [n for n, first in enumerate(first_days) if (first > days) == bool(test.longer_ago_than)]
            return self.store.literal(number, values)

        by, lengths = value_by(self.policy, value)
        if by is None:
            return compared(lengths[""])
        parts = [
            self.store.apply(max, [self._one_of(by, (choice,)), compared(text)], HOLDS)
            for choice, text in lengths.items()
        ]
        return self.store.apply(min, parts, FAILS)


@contextmanager
def translate_size_errors(variables: Sequence[Variable]) -> Iterator[None]:
    """Translates TooLargeError of diagrams over the variables into PolicyTooComplexError with their questions."""
    try:
        yield
    except TooLargeError as error:
        raise PolicyTooComplexError(variables[number].question for number in error.variables) from error
    except RecursionError as error:  # a diagram is as deep as there are questions
        raise PolicyTooComplexError(variable.question for variable in variables[:3]) from error


def asked(policy: Policy) -> Iterator[list[str]]:
    """The questions that each rule asks."""
    for rule in policy.rules.values():
        yield [name for all_of in as_list(rule.when) for name in all_of]


def _own_space(policy: Policy) -> VariableSpace:
    """All closed questions of a policy, in an order that keeps its diagrams small."""
    closed = {variable.question: variable for variable in variables(policy)}
    order = ordered([*closed], [[name for name in names if name in closed] for names in asked(policy)])
    return VariableSpace(tuple(map(closed.__getitem__, order)), Store([closed[name].size for name in order]))
