"""The decision of the outcome as a table, from which each form is written.

In a case in which all tests of a row hold, the checker comes to the row's outcome, whatever the other answers are and
also if they are unknown. Where no row holds, the answers leave several outcomes possible. So the rows may stand in any
order, and an unknown answer passes no test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from checker.answers.parse import Answers
from checker.engine.compile import CompiledPolicy, PolicyTooComplexError, translate_size_errors
from checker.engine.diagram import Store
from checker.engine.evaluate import Evaluation
from checker.engine.nodes import LIMIT
from checker.engine.variables import Variable
from checker.policy import Policy

MAX_ROWS = 2_000
"""The most rows of a table: more are slow in every engine, and nobody reads them."""

_WAY_OUT = "`policy decide --input` decides files of cases by a policy of any size."

type _Cube = tuple[tuple[int, tuple[int, ...]], ...]
"""The variables that are tested, each with the values that pass."""
type _Cubes = dict[tuple[_Cube, int], None]
"""Cubes, each with the terminal of its cases."""


class ExportErrors(Exception):
    """Everything in a policy that the form cannot say."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Input:
    """A column of the table.

    It holds the id of the choice that answers a question, or the whole days from the date that answers it to another
    date. It is empty if the answer is unknown, or of the other kind.
    """

    name: str
    question: str
    choices: tuple[str, ...] = ()
    """The ids of the choices; empty for days."""
    counted_to: str = ""
    """For days, the question whose date ends the count."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A test that the input is one of these choices."""

    input: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """A test that the input is at least ``first``, and at most ``last`` if there is an end."""

    input: str
    first: int
    last: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """Tests of different inputs, the outcome of the cases in which all of them hold, and the clauses that decide it."""

    tests: tuple[OneOf | Days, ...]
    outcome: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionTable:
    """The table of a policy, and what names the policy."""

    title: str
    version: str
    valid_from: date
    digest: str
    inputs: tuple[Input, ...]
    """In the order of the questions; those alone on which the outcome depends."""
    rows: tuple[Row, ...]
    """Those of the strongest outcome come first."""

    @property
    def stamp(self) -> str:
        """The policy in one line."""
        named = f"{' '.join(self.title.split())}, version {' '.join(self.version.split())}"
        return f"{named}, valid from {self.valid_from}, digest {self.digest}"

    @property
    def alternatives(self) -> list[tuple[Input, Input]]:
        """The inputs for the choices and the days of the same question, of which one at most has a value."""
        days = {item.question: item for item in self.inputs if not item.choices}
        return [(item, days[item.question]) for item in self.inputs if item.choices and item.question in days]


def days_of(question: str) -> str:
    """The name of the input for the days of a date question."""
    return f"{question}_days"


def choice_of(question: str) -> str:
    """The name of the input for what can be answered in the place of a date."""
    return f"{question}_choice"


def decision_table(policy: Policy) -> DecisionTable:
    """The table of a policy without gaps. Raises ExportErrors if it has too many rows, or two inputs of one name."""
    compiled = CompiledPolicy(policy)
    try:
        cubes = _cubes(compiled)
    except PolicyTooComplexError as error:
        questions = ", ".join(error.questions)
        raise ExportErrors(
            f"The outcome under unknown answers takes more than {LIMIT:,} nodes, most by the questions {questions}. "
            + _WAY_OUT
        ) from None
    tested = {number for cube, _ in cubes for number, _ in cube}
    variables = [variable for number, variable in enumerate(compiled.variables) if number in tested]
    variables.sort(key=lambda variable: [*policy.questions].index(variable.question))
    inputs = tuple(item for variable in variables for item in _inputs(variable))
    names = [item.name for item in inputs]
    problems = [
        f"questions › {name}: This is also the name of an input for another question. Rename one of them."
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if problems:
        raise ExportErrors(*problems)
    return DecisionTable(
        title=policy.title,
        version=policy.version,
        valid_from=policy.valid_from,
        digest=policy.digest,
        inputs=inputs,
        rows=tuple(_rows(compiled, cubes, names)),
    )


def _inputs(variable: Variable) -> Iterator[Input]:
    if variable.choices:
        yield Input(_choice_name(variable), variable.question, variable.choices)
    if variable.first_days:
        yield Input(days_of(variable.question), variable.question, counted_to=variable.counted_to)


def _cubes(compiled: CompiledPolicy) -> _Cubes:
    """Cubes with all cases whose outcome is certain, a last value of each variable standing for unknown.

    An answer that is unknown leaves certain what every answer decides alike. So the cubes of that value hold for all
    values, and the others add only the cubes that are not among them.
    """
    store = Store([variable.size + 1 for variable in compiled.variables])
    possible = compiled.undecided + 1
    """The terminal of the cases in which several outcomes are possible."""

    def branch(number: int, children: list[int]) -> int:
        unknown = store.apply(lambda one, other: one if one == other else possible, children, possible)
        return store.branch(number, [*children, unknown])

    def terminal(rank: int) -> _Cubes:
        return {} if rank == possible else {((), rank): None}

    def joined(number: int, children: list[_Cubes]) -> _Cubes:
        *known, unknown = children
        values: dict[tuple[_Cube, int], list[int]] = {}
        for value, cubes in enumerate(known):
            for cube in cubes.keys() - unknown.keys():
                values.setdefault(cube, []).append(value)
        own = {(((number, tuple(passing)), *cube), rank): None for (cube, rank), passing in values.items()}
        if len(own) + len(unknown) > MAX_ROWS:
            raise ExportErrors(f"The outcome takes more than {MAX_ROWS:,} rows. {_WAY_OUT}")
        return unknown | own

    with translate_size_errors(compiled.variables):
        return store.fold(compiled.store.fold(compiled.outcome, store.terminal, branch), terminal, joined)


def _rows(compiled: CompiledPolicy, cubes: _Cubes, names: Sequence[str]) -> Iterator[Row]:
    """The rows of the cubes: several for one of which a date may be a choice too, or lie in several ranges of days."""
    for cube, rank in sorted(cubes, key=lambda cube: (cube[1], [*cube[0]])):
        outcome = compiled.outcomes[rank]
        passing = dict(cube)
        values = [passing.get(number, variable.domain) for number, variable in enumerate(compiled.variables)]
        reasons = Evaluation(compiled, Answers({}, {}), values).reasons(outcome)
        clauses = tuple(reason.clause for reason in reasons)
        rows: list[tuple[OneOf | Days, ...]] = [()]
        for number, own in cube:
            tests = [*_tests(compiled.variables[number], own)]
            rows = [(*row, test) for row in rows for test in tests]
        for row in rows:
            yield Row(tuple(sorted(row, key=lambda test: names.index(test.input))), outcome, clauses)


def _tests(variable: Variable, values: Sequence[int]) -> Iterator[OneOf | Days]:
    if choices := variable.choices_of(values):
        yield OneOf(_choice_name(variable), choices)
    for first, last in variable.day_ranges(values):
        yield Days(days_of(variable.question), first, last)


def _choice_name(variable: Variable) -> str:
    return choice_of(variable.question) if variable.first_days else variable.question
