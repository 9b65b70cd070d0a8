"""Translates the decision of the outcome, as `policy export` has it in rows, into the languages of further engines.

The rows may stand in any order, so the first one that matches decides, which every engine can express.
"""

from __future__ import annotations

import itertools
from typing import Any

from bench.samples import Facts
from macros.export import Days, DecisionTable, OneOf, Row


def zen_table(table: DecisionTable) -> dict[str, Any]:
    """A decision table of zen-engine, between an input and an output."""
    names = [item.name for item in table.inputs]

    def cell(test: OneOf | Days) -> str:
        if isinstance(test, Days):
            return f">= {test.first}" if test.last is None else f"[{test.first}..{test.last}]"
        return ", ".join(map(_quoted, test.choices))

    content = {
        "hitPolicy": "first",
        "inputs": [{"id": fact, "name": fact, "field": fact} for fact in names],
        "outputs": [{"id": "outcome", "name": "outcome", "field": "outcome"}],
        "rules": [
            {"_id": f"row {number}", **dict.fromkeys(names, ""), "outcome": _quoted(row.outcome)}
            | {test.input: cell(test) for test in row.tests}
            for number, row in enumerate(table.rows)
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


def zen_expression(table: DecisionTable) -> str:
    """An expression of zen-engine."""
    return _conditional(table, "and")


def rule_engine(table: DecisionTable) -> str:
    """An expression of rule-engine."""
    return _conditional(table, "and")


def cel(table: DecisionTable) -> str:
    """An expression in the Common Expression Language."""
    return _conditional(table, "&&")


def _conditional(table: DecisionTable, conjunction: str) -> str:
    def test(atom: OneOf | Days) -> str:
        if isinstance(atom, Days):
            ends = [f"{atom.input} >= {atom.first}"] + ([] if atom.last is None else [f"{atom.input} <= {atom.last}"])
            return f" {conjunction} ".join(ends)
        if len(atom.choices) == 1:
            return f"{atom.input} == {_quoted(atom.choices[0])}"
        return f"{atom.input} in [{', '.join(map(_quoted, atom.choices))}]"

    whole = _quoted("")
    for row in reversed(table.rows):
        whole = f"({f' {conjunction} '.join(map(test, row.tests)) or 'true'}) ? {_quoted(row.outcome)} : ({whole})"
    return whole


def publicodes(table: DecisionTable) -> dict[str, Any]:
    """Rules of publicodes, whose words are French."""

    def test(atom: OneOf | Days) -> list[object]:
        fact = _publicodes_name(atom.input)
        if isinstance(atom, Days):
            return [f"{fact} >= {atom.first}", *([] if atom.last is None else [f"{fact} <= {atom.last}"])]
        equal = [f"{fact} = {_publicodes_text(choice)}" for choice in atom.choices]
        return [{"une de ces conditions": equal}] if len(equal) > 1 else [*equal]

    def all_of(row: Row) -> object:
        tests = [*itertools.chain.from_iterable(map(test, row.tests))]
        return tests[0] if len(tests) == 1 else {"toutes ces conditions": tests}

    values = {test.input: 0 if isinstance(test, Days) else "''" for row in table.rows for test in row.tests}
    variations = [{"si": all_of(row), "alors": _publicodes_text(row.outcome)} for row in table.rows]
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
