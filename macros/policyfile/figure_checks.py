"""Checks that texts spell out no figure, and that examples say only the figures of their answers."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import chain, combinations

from checker.policy import Clause, Example, Policy
from macros.policyfile import figures
from macros.policyfile.conditions import compared_values
from macros.policyfile.errors import KeyPath, Problem, shorten
from macros.policyfile.figures import Occurrence
from macros.policyfile.texts import PLACEHOLDER, value_texts


class FigureChecks:
    """Checks that texts spell out no figure: figures stand in `values` alone."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._values = {name: figure for name, text in value_texts(policy).items() if (figure := figures.read(text))}

    def problems(self, path: KeyPath, written: str, read: str) -> Iterator[Problem]:
        """The problems of a text as it is read, each with its place in the text as it is written."""
        example = self._policy.examples[str(path[1])] if path[0] == "examples" else None
        for occurrence in figures.find(PLACEHOLDER.sub("\ufffc", read)):
            inside = _written_piece(occurrence.text, written)
            if example is None:
                yield Problem(path, self._message(path, occurrence), inside=inside)
            elif not _is_in_answers(occurrence, example):
                message = f'says "{shorten(occurrence.text)}", which no answer of this example says. Let the two agree.'
                yield Problem(path, message, inside=inside)

    def _message(self, path: KeyPath, occurrence: Occurrence) -> str:
        related = self._values_of_clause(path)
        text, figure = occurrence.text, occurrence.figure
        equal = [name for name, value in self._values.items() if figure and value.in_days == figure.in_days]
        if equal:
            name = min(equal, key=lambda name: name.partition(".")[0] not in related)
            return f'spells out "{shorten(text)}". Write {{{name}}}, so that it stands in one place.'
        same_kind = [name.partition(".")[0] for name, value in self._values.items() if value.kind == occurrence.kind]
        same_kind.sort(key=lambda name: name not in related)
        change = f'change "{same_kind[0]}", or ' if same_kind else ""
        new_value = str(figure) if figure and len(str(figure)) <= len(text) else text
        return (
            f'spells out "{shorten(text)}", and {shorten(new_value)} is no value: {change}enter it under "values" '
            "and write its name in braces."
        )

    def _values_of_clause(self, path: KeyPath) -> set[str]:
        """The values that are named or compared in the clause that a text belongs to."""
        name = str(path[1]) if path[0] == "clauses" else ""
        if path[0] == "summary":
            name = self._policy.summary[str(path[1])].clause
        clause = self._policy.clauses.get(name)
        return set(_values_of(clause)) if clause else set()


def _values_of(clause: Clause) -> Iterator[str]:
    """The values that a clause compares with a date, waits for, or names in its text."""
    for when in (*(rule.when for rule in clause.rules), *(grant.when for grant in clause.grants)):
        yield from compared_values(when)
    yield from (expectation.wait for step in clause.steps.values() for expectation in step.expect.values())
    yield from (name.partition(".")[0] for name in PLACEHOLDER.findall(clause.text))


def _is_in_answers(occurrence: Occurrence, example: Example) -> bool:
    """Whether a figure is an amount or date of the example, or the number of days between two of its dates."""
    amounts: set[Decimal] = set()
    dates = {example.today}
    for answer in chain.from_iterable([item] if isinstance(item, str) else item for item in example.answers.values()):
        try:
            dates.add(date.fromisoformat(answer))
        except ValueError:
            with contextlib.suppress(InvalidOperation):
                amounts.add(Decimal(answer))
    between = {Decimal(abs((one - other).days)) for one, other in combinations(dates, 2)}
    figure = occurrence.figure.in_days if occurrence.figure else None
    possible: dict[str, Collection[object]] = {"amount": amounts, "date": dates, "duration": between}
    return (
        figure is not None
        and figure.unit not in ("working_day", "night")
        and {figure.least, figure.most} <= {*possible.get(occurrence.kind, ())}
    )


def _written_piece(piece: str, written: str) -> str:
    """The piece as it is written, with the Markdown signs inside; empty if it is not there."""
    if piece in written:
        return piece
    match = re.search(r"[\W_]*?".join(map(re.escape, re.findall(r"\w+", piece))), written)
    return match[0] if match else ""
