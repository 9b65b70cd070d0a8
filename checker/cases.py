"""The space of cases: the closed questions as levels of a diagram, and conditions over them.

A date that is counted is cut at the lengths of time that the policy compares it with, so that it has
few values: a span of days up to each of those lengths, one beyond them, and what may be answered instead.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from checker.answers import Answers
from checker.calendar import Duration
from checker.diagram import FAILS, HOLDS, Node, Store, TooLargeError
from checker.order import ordered
from checker.policy import Condition, Policy, Test, When

OUTCOME, REMEDIES, COSTS = "outcome", "remedies", "costs"
"""What a condition may name besides the questions; the last two in invariants alone."""

ANY = "any"
"""Some remedy, or somebody who bears the costs: whichever it is."""


@dataclass(frozen=True, slots=True)
class Level:
    """One question of the space. Its values are the spans of days, if it is a date, and then the choices."""

    question: str
    choices: tuple[str, ...]
    starts: tuple[int, ...] = ()
    """The first day of each span, counted back; empty unless the question is a date."""
    counted_to: str = ""
    """For a date, the question whose date the days are counted to."""

    @property
    def size(self) -> int:
        """How many values the level has."""
        return len(self.starts) + len(self.choices)

    def span(self, days: int) -> int:
        """The value of a date that lies so many days back."""
        return bisect(self.starts, days) - 1

    def choice(self, choice: str) -> int:
        """The value of a choice."""
        return len(self.starts) + self.choices.index(choice)

    def chosen(self, values: Iterable[int]) -> tuple[str, ...]:
        """The choices among the values."""
        return tuple(self.choices[value - len(self.starts)] for value in sorted(values) if value >= len(self.starts))

    def days(self, values: Iterable[int]) -> Iterator[tuple[int, int | None]]:
        """The values' days, as least and most of each run of spans that follow each other; None for no end."""
        spans = sorted(value for value in values if value < len(self.starts))
        for first in (span for span in spans if span - 1 not in spans):
            last = next(span for span in range(first, len(self.starts)) if span + 1 not in spans)
            most = self.starts[last + 1] - 1 if last + 1 < len(self.starts) else None
            yield self.starts[first], most


type Step = str | tuple[str, Mapping[str | int, int], int, list[Step]] | None
"""An outcome; or a question, which of the next steps each answer takes, and which every longer time takes."""


class TooManyError(Exception):
    """The rules are too unlike each other to be compiled; ``questions`` are those to look at first."""

    def __init__(self, questions: Iterable[str]) -> None:
        self.questions = tuple(questions)
        super().__init__(f"too many different cases, most of them by the questions {', '.join(self.questions)}")


class Cases:
    """A policy's rules and conditions as diagrams over its closed questions.

    Raises TooManyError where no order of the questions keeps them small.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        levels = {level.question: level for level in _levels(policy)}
        tested = [
            [name for all_of in as_list(rule.when) for name in all_of if name in levels]
            for clause in policy.clauses.values()
            for rule in clause.rules
        ]
        self.levels = tuple(levels[question] for question in ordered([*levels], tested))
        self.level = {level.question: number for number, level in enumerate(self.levels)}
        self._values = [
            (level, {choice: (level.choice(choice),) for choice in level.choices}, tuple(range(level.size)))
            for level in self.levels
        ]
        self._answers: list[dict[str | int, int]] = [
            {choice: level.choice(choice) for choice in level.choices}
            | {day: level.span(day) for day in range(level.starts[-1] if level.starts else 0)}
            for level in self.levels
        ]
        self.store = Store([level.size for level in self.levels])
        self.outcomes = tuple(policy.outcomes)
        self.rank = {outcome: rank for rank, outcome in enumerate(self.outcomes)}
        self.undecided = len(self.outcomes)
        """The leaf of a case in which no rule holds."""
        try:
            self.rules = tuple(
                (clause, self.rank[rule.outcome], self.condition(rule.when))
                for clause, body in policy.clauses.items()
                for rule in body.rules
            )
            self.tests = tuple(
                tuple(
                    tuple((self._tested(name, test), self._test(name, test)) for name, test in all_of.items())
                    for all_of in as_list(rule.when)
                )
                for body in policy.clauses.values()
                for rule in body.rules
            )
            """For each rule its tests, to say which of them fail: alternatives of questions and their condition."""
            self.outcome = self.strongest([(rank, holds) for _, rank, holds in self.rules], self.undecided)
        except TooLargeError as error:
            raise TooManyError(self.levels[number].question for number in error.levels) from error
        except RecursionError as error:  # a diagram is as deep as there are questions
            raise TooManyError(level.question for level in self.levels[:3]) from error
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
        return level.question, self._answers[number], len(level.starts) - 1, steps

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
        for level, chosen, every in self._values:
            if level.question in choices:
                found.append(chosen[choices[level.question]])
            elif level.question in dates:
                found.append((level.span((dates[level.counted_to] - dates[level.question]).days),))
            else:
                found.append(every)
        return found

    def _tested(self, name: str, test: str | tuple[str, ...] | Test) -> tuple[str, ...]:
        """The questions whose answers make the test hold or fail."""
        value = (test.longer_ago_than or test.within) if isinstance(test, Test) else None
        by = value_by(self.policy, value)[0] if value else None
        return (name, by) if by else (name,)

    def _test(self, name: str, test: str | tuple[str, ...] | Test) -> Node:
        if not isinstance(test, Test):
            return self._one_of(name, _tuple(test))
        if test.not_ is not None:
            return self.store.relabel(self._one_of(name, _tuple(test.not_)), lambda leaf: HOLDS + FAILS - leaf)
        return self._ago(name, test)

    def _one_of(self, name: str, choices: tuple[str, ...]) -> Node:
        if name == OUTCOME:
            ranks = {self.rank[choice] for choice in choices}
            return self.store.relabel(self.outcome, lambda leaf: HOLDS if leaf in ranks else FAILS)
        if name in (REMEDIES, COSTS):
            grants = [grant for clause in self.policy.clauses.values() for grant in clause.grants]
            granted = [
                (grant.when, grant.remedies if name == REMEDIES else _tuple(grant.costs or ())) for grant in grants
            ]
            wanted = {id_ for _, ids in granted for id_ in ids} if ANY in choices else {*choices}
            return self.store.merge(min, [self.condition(when) for when, ids in granted if wanted & {*ids}], FAILS)
        number = self.level[name]
        return self.store.test(number, [self.levels[number].choice(choice) for choice in choices])

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


def value_by(policy: Policy, name: str) -> tuple[str | None, Mapping[str, str]]:
    """The question that a value depends on and its length for each answer; None and the one length else."""
    value = policy.values[name]
    if isinstance(value, str):
        return None, {"": value}
    return value["by"], {choice: text for choice, text in value.items() if choice != "by"}


def attached(policy: Policy) -> Iterator[When]:
    """The conditions of all that is shown with an outcome: grants, proof, steps, notes and estimates."""
    for clause in policy.clauses.values():
        yield from (grant.when for grant in clause.grants)
        yield from (item.when for item in clause.proof.values())
        yield from (step.when for step in clause.steps.values())
        yield from (estimate.when for estimate in clause.estimates.values())
        notes = [*clause.reminders.values(), *clause.interpretations.values()]
        yield from (note.when for note in notes if note.when is not None)


def _levels(policy: Policy) -> Iterator[Level]:
    for name, question in policy.questions.items():
        if question.answer == "one choice":
            yield Level(name, tuple(question.choices or ()))
        elif question.counted_to:
            starts = (0, *sorted(_cuts(policy, name)))
            yield Level(name, tuple(question.or_ or ()), starts, question.counted_to)


def _cuts(policy: Policy, question: str) -> set[int]:
    """The first days after every length of time that the question's date is compared with."""
    rules = (rule.when for clause in policy.clauses.values() for rule in clause.rules)
    invariants = (when for each in policy.invariants.values() for when in (each.when, each.always) if when is not None)
    whens = [*rules, *attached(policy), *invariants]
    tests = [all_of[question] for when in whens for all_of in as_list(when) if question in all_of]
    names = {test.longer_ago_than or test.within for test in tests if isinstance(test, Test)} - {None}
    return {Duration.parse(text).most + 1 for name in names for text in value_by(policy, str(name))[1].values()}


def as_list(when: When) -> tuple[Condition, ...]:
    """The conditions of which any one is enough."""
    return when if isinstance(when, tuple) else (when,)


def _tuple(ids: str | tuple[str, ...]) -> tuple[str, ...]:
    return (ids,) if isinstance(ids, str) else ids
