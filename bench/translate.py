"""Translates a policy's rules into the languages of other engines.

First the rules become rows, the strongest outcome first; a row matches if all its tests hold. The first matching row
decides, which every engine can express.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.samples import Facts, days_of
from checker.engine.variables import value_by
from checker.policy import Comparison, Policy, as_list
from checker.values.durations import Duration


@dataclass(frozen=True, slots=True)
class OneOf:
    """A test that a fact is one of these choices, or none of them."""

    fact: str
    choices: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """A test that a number of days is at least ``first`` and at most ``last``, if there is an end."""

    fact: str
    first: int
    last: int | None = None


type Atom = OneOf | Days


@dataclass(frozen=True, slots=True)
class Row:
    """The outcome of the cases in which all tests hold."""

    tests: tuple[Atom, ...]
    outcome: str


def rows(policy: Policy) -> list[Row]:
    """The rows of a policy, strongest first. Alternatives and durations that depend on an answer make several rows."""
    table = [
        Row(tuple(itertools.chain.from_iterable(tests)), rule.outcome)
        for rule in policy.rules.values()
        for all_of in as_list(rule.when)
        for tests in itertools.product(*(_alternatives(policy, name, test) for name, test in all_of.items()))
    ]
    strength = [*policy.outcomes]
    return sorted(table, key=lambda row: strength.index(row.outcome))


def _alternatives(policy: Policy, name: str, test: str | tuple[str, ...] | Comparison) -> Iterator[tuple[Atom, ...]]:
    if not isinstance(test, Comparison):
        yield (OneOf(name, _tuple(test)),)
    elif test.not_ is not None:
        yield (OneOf(name, _tuple(test.not_), negated=True),)
    else:
        by, lengths = value_by(policy, str(test.longer_ago_than or test.within))
        for choice, text in lengths.items():
            length = Duration.parse(text, policy.messages).most
            days = Days(days_of(name), length + 1) if test.longer_ago_than else Days(days_of(name), 0, length)
            yield (OneOf(by, (choice,)), days) if by else (days,)


def facts(table: list[Row]) -> list[str]:
    """The names of the facts that the rows test."""
    return [*dict.fromkeys(test.fact for row in table for test in row.tests)]


def zen_table(table: list[Row]) -> dict[str, Any]:
    """A decision table of zen-engine, between an input and an output."""
    names = facts(table)

    def cell(test: Atom) -> str:
        if isinstance(test, Days):
            return f">= {test.first}" if test.last is None else f"[{test.first}..{test.last}]"
        choices = ", ".join(map(_quoted, test.choices))
        return f"not($ in [{choices}])" if test.negated else choices

    content = {
        "hitPolicy": "first",
        "inputs": [{"id": fact, "name": fact, "field": fact} for fact in names],
        "outputs": [{"id": "outcome", "name": "outcome", "field": "outcome"}],
        "rules": [
            {"_id": f"row {number}", **dict.fromkeys(names, ""), "outcome": _quoted(row.outcome)}
            | {test.fact: cell(test) for test in row.tests}
            for number, row in enumerate(table)
        ],
    }
    nodes = {"in": ("inputNode", {}), "table": ("decisionTableNode", content), "out": ("outputNode", {})}
    return {
        "nodes": [
            {"id": name, "name": name, "type": kind, "content": content, "position": {"x": 0, "y": 0}}
            for name, (kind, content) in nodes.items()
        ],
        "edges": [
            {"id": f"{one} {other}", "sourceId": one, "targetId": other, "type": "edge"}
            for one, other in itertools.pairwise(nodes)
        ],
    }


def zen_expression(table: list[Row]) -> str:
    """An expression of zen-engine."""
    return _conditional(table, "not(", "and")


def rule_engine(table: list[Row]) -> str:
    """An expression of rule-engine."""
    return _conditional(table, "not (", "and")


def cel(table: list[Row]) -> str:
    """An expression in the Common Expression Language."""
    return _conditional(table, "!(", "&&")


def _conditional(table: list[Row], negation: str, conjunction: str) -> str:
    def test(atom: Atom) -> str:
        if isinstance(atom, Days):
            ends = [f"{atom.fact} >= {atom.first}"] + ([] if atom.last is None else [f"{atom.fact} <= {atom.last}"])
            return f" {conjunction} ".join(ends)
        if len(atom.choices) == 1:
            return f"{atom.fact} {'!=' if atom.negated else '=='} {_quoted(atom.choices[0])}"
        choices = f"{atom.fact} in [{', '.join(map(_quoted, atom.choices))}]"
        return f"{negation}{choices})" if atom.negated else choices

    whole = _quoted("")
    for row in reversed(table):
        whole = f"({f' {conjunction} '.join(map(test, row.tests)) or 'true'}) ? {_quoted(row.outcome)} : ({whole})"
    return whole


def json_logic(table: list[Row]) -> dict[str, Any]:
    """A rule of JsonLogic."""

    def test(atom: Atom) -> object:
        fact = {"var": atom.fact}
        if isinstance(atom, Days):
            return {">=": [fact, atom.first]} if atom.last is None else {"<=": [atom.first, fact, atom.last]}
        if len(atom.choices) == 1:
            return {"!==" if atom.negated else "===": [fact, atom.choices[0]]}
        choices = {"in": [fact, [*atom.choices]]}
        return {"!": [choices]} if atom.negated else choices

    def all_of(row: Row) -> object:
        tests = [*map(test, row.tests)]
        return tests[0] if len(tests) == 1 else {"and": tests or [True]}

    return {"if": [*itertools.chain.from_iterable((all_of(row), row.outcome) for row in table), ""]}


def publicodes(table: list[Row]) -> dict[str, Any]:
    """Rules of publicodes, whose words are French."""

    def test(atom: Atom) -> list[object]:
        fact = _publicodes_name(atom.fact)
        if isinstance(atom, Days):
            return [f"{fact} >= {atom.first}", *([] if atom.last is None else [f"{fact} <= {atom.last}"])]
        if atom.negated:
            return [f"{fact} != {_publicodes_text(choice)}" for choice in atom.choices]
        equal = [f"{fact} = {_publicodes_text(choice)}" for choice in atom.choices]
        return [{"une de ces conditions": equal}] if len(equal) > 1 else [*equal]

    def all_of(row: Row) -> object:
        tests = [*itertools.chain.from_iterable(map(test, row.tests))]
        return tests[0] if len(tests) == 1 else {"toutes ces conditions": tests}

    values = {test.fact: 0 if isinstance(test, Days) else "''" for row in table for test in row.tests}
    variations = [{"si": all_of(row), "alors": _publicodes_text(row.outcome)} for row in table]
    return {
        **{_publicodes_name(fact): {"valeur": value} for fact, value in values.items()},
        "outcome": {"variations": [*variations, {"sinon": "''"}]},
    }


def publicodes_situation(case: Facts) -> Facts:
    """A case as publicodes takes it."""
    return {
        _publicodes_name(fact): _publicodes_text(value) if isinstance(value, str) else value
        for fact, value in case.items()
    }


def _publicodes_name(fact: str) -> str:
    """A name with spaces for underscores, and a first word that sets it apart from the language's own names."""
    return f"fact {fact.replace('_', ' ')}"


def _publicodes_text(text: str) -> str:
    return f"'{text}'"


def _quoted(text: str) -> str:
    return f'"{text}"'


def _tuple(ids: str | tuple[str, ...]) -> tuple[str, ...]:
    return (ids,) if isinstance(ids, str) else ids
