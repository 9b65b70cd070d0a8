"""The space of cases: a policy's rules and conditions as diagrams over its closed questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from checker.answers.parse import Answers
from checker.engine.diagram import FAILS, HOLDS, Node, Store, TooLargeError
from checker.engine.ordering import ordered
from checker.engine.variables import Level, as_ids, as_list, levels, value_by
from checker.policy import Policy, Rule, Test, When
from checker.values.durations import Duration

OUTCOME, REMEDIES, COSTS = "outcome", "remedies", "costs"
"""What a condition may name besides the questions; the last two in invariants alone."""

ANY = "any"
"""Some remedy, or somebody who bears the costs: whichever it is."""

type Step = str | tuple[str, Mapping[str | int, int], int, list[Step]] | None
"""An outcome; or a question, which of the next steps each answer takes, and which every longer time takes."""


class TooManyError(Exception):
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
    """Its alternatives, each with its tests: the questions that a test asks, and the condition."""


@dataclass(frozen=True, slots=True)
class Space:
    """The closed questions by which cases are told apart, in the order of the store's levels."""

    levels: tuple[Level, ...]
    store: Store


class Cases:
    """A policy's rules and conditions as diagrams over its closed questions.

    In a ``space`` that is shared with another policy, some answers may be left out, and the days cut more finely.
    Raises TooManyError where no order of the questions keeps the diagrams small.
    """

    def __init__(self, policy: Policy, space: Space | None = None) -> None:
        space = space or _own_space(policy)
        self.policy = policy
        self.levels = space.levels
        self.level = {level.question: number for number, level in enumerate(self.levels)}
        self.store = space.store
        self.outcomes = tuple(policy.outcomes)
        self.rank = {outcome: rank for rank, outcome in enumerate(self.outcomes)}
        self.undecided = len(self.outcomes)
        """The leaf of a case in which no rule holds."""
        rules = [(name, rule) for name, clause in policy.clauses.items() for rule in clause.rules]
        with few_enough(self.levels):
            self.rules = tuple(self._compiled(clause, rule) for clause, rule in rules)
            self.outcome = self.strongest([(rule.rank, rule.when) for rule in self.rules], self.undecided)
            named = dict(enumerate(self.outcomes))
            self._start: Step = self.store.fold(self.outcome, named.get, self._step)

    def decide(self, case: Mapping[str, str | int]) -> str | None:
        """The outcome of one case, by the shortest way there is; None in a gap.

        The case holds for each closed question a choice, or for a date the days that it lies back.
        """
        step = self._start
        while isinstance(step, tuple):
            question, values, beyond, steps = step
            step = steps[values.get(case[question], beyond)]
        return step

    def _step(self, number: int, steps: list[Step]) -> Step:
        level = self.levels[number]
        return level.question, level.values, level.beyond, steps

    def _compiled(self, clause: str, rule: Rule) -> CompiledRule:
        any_of = tuple(
            tuple((self._tested(name, test), self._test(name, test)) for name, test in all_of.items())
            for all_of in as_list(rule.when)
        )
        return CompiledRule(clause, self.rank[rule.outcome], self.condition(rule.when), any_of)

    def strongest(self, ranked: Iterable[tuple[int, Node]], none: int) -> Node:
        """The diagram of the smallest rank whose condition holds; ``none`` where no condition does."""
        diagrams = [self.store.relabel(holds, {HOLDS: rank, FAILS: none}.__getitem__) for rank, holds in ranked]
        return self.store.merge(min, diagrams, none)

    def condition(self, when: When | None) -> Node:
        """The diagram of a condition; no condition always holds."""
        if when is None:
            return self.store.leaf(HOLDS)
        return self.store.merge(
            min,
            [
                self.store.merge(max, [self._test(name, test) for name, test in all_of.items()], HOLDS)
                for all_of in as_list(when)
            ],
            FAILS,
        )

    def values(self, answers: Answers) -> list[tuple[int, ...]]:
        """For each level the values that the answers allow: one, or all of them while the question is open."""
        choices, dates = answers.choices, answers.dates
        found: list[tuple[int, ...]] = []
        for level in self.levels:
            if level.question in choices:
                found.append((level.values[choices[level.question]],))
            elif level.question in dates:
                found.append((level.span((dates[level.counted_to] - dates[level.question]).days),))
            else:
                found.append(level.every)
        return found

    def _tested(self, name: str, test: str | tuple[str, ...] | Test) -> tuple[str, ...]:
        """The questions whose answers make the test hold or fail."""
        value = (test.longer_ago_than or test.within) if isinstance(test, Test) else None
        by = value_by(self.policy, value)[0] if value else None
        return (name, by) if by else (name,)

    def _test(self, name: str, test: str | tuple[str, ...] | Test) -> Node:
        if not isinstance(test, Test):
            return self._one_of(name, as_ids(test))
        if test.not_ is not None:
            return self.store.relabel(self._one_of(name, as_ids(test.not_)), lambda leaf: HOLDS + FAILS - leaf)
        return self._ago(name, test)

    def _one_of(self, name: str, choices: tuple[str, ...]) -> Node:
        if name == OUTCOME:
            ranks = {self.rank[choice] for choice in choices}
            return self.store.relabel(self.outcome, lambda leaf: HOLDS if leaf in ranks else FAILS)
        if name in (REMEDIES, COSTS):
            grants = [grant for clause in self.policy.clauses.values() for grant in clause.grants]
            granted = [
                (grant.when, grant.remedies if name == REMEDIES else as_ids(grant.costs or ())) for grant in grants
            ]
            wanted = {id_ for _, ids in granted for id_ in ids} if ANY in choices else {*choices}
            return self.store.merge(min, [self.condition(when) for when, ids in granted if wanted & {*ids}], FAILS)
        number = self.level[name]
        values = self.levels[number].values
        return self.store.test(number, [values[choice] for choice in choices if choice in values])

    def _ago(self, name: str, test: Test) -> Node:
        """Compares a date with a length of time, for each answer that the length depends on."""
        number = self.level[name]
        starts = self.levels[number].starts
        value = test.longer_ago_than or test.within or ""

        def compared(text: str) -> Node:
            days = Duration.parse(text).most
            spans = [span for span, start in enumerate(starts) if (start > days) == bool(test.longer_ago_than)]
            return self.store.test(number, spans)

        by, lengths = value_by(self.policy, value)
        if by is None:
            return compared(lengths[""])
        parts = [
            self.store.merge(max, [self._one_of(by, (choice,)), compared(text)], HOLDS)
            for choice, text in lengths.items()
        ]
        return self.store.merge(min, parts, FAILS)


@contextmanager
def few_enough(levels: Sequence[Level]) -> Iterator[None]:
    """What is done inside makes diagrams over the levels: where they are too large, their questions are named.

    Raises TooManyError.
    """
    try:
        yield
    except TooLargeError as error:
        raise TooManyError(levels[number].question for number in error.levels) from error
    except RecursionError as error:  # a diagram is as deep as there are questions
        raise TooManyError(level.question for level in levels[:3]) from error


def asked(policy: Policy) -> Iterator[list[str]]:
    """The questions that each rule asks."""
    for clause in policy.clauses.values():
        for rule in clause.rules:
            yield [name for all_of in as_list(rule.when) for name in all_of]


def _own_space(policy: Policy) -> Space:
    """All closed questions of a policy, in an order that keeps its diagrams small."""
    closed = {level.question: level for level in levels(policy)}
    order = ordered([*closed], [[name for name in names if name in closed] for names in asked(policy)])
    return Space(tuple(map(closed.__getitem__, order)), Store([closed[name].size for name in order]))
