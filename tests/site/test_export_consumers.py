"""The exported decisions in the programs that take them: no case of any policy is decided otherwise than here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest
import xmlschema

from bench.generate import grouped
from bench.samples import random_days
from checker import Checker
from checker.answers.parse import UNKNOWN, Answers
from checker.engine.compile import CompiledPolicy
from checker.engine.evaluate import Evaluation
from macros.analysis.load import load
from macros.export import DMN_VERSIONS, DecisionTable, decision_table, dmn
from tests.support.case_enumeration import TODAY
from tests.support.decision_consumers import Facts, every_case, facts, in_duckdb, in_node, in_sqlite
from tests.support.paths import POLICIES, TESTS

SCHEMAS = TESTS / "node_modules" / "@kie-tools" / "dmn-marshaller" / "src" / "schemas"
NAMES = sorted(path.stem for path in POLICIES.glob("*.yaml"))

type Decided = tuple[DecisionTable, list[Facts], list[str | None]]


@cache
def decided(name: str) -> Decided:
    """The table of a policy, and every case as columns with the checker's outcome."""
    policy = load(POLICIES / f"{name}.yaml")
    checker, table = Checker(policy), decision_table(policy)
    cases = [*every_case(policy)]
    outcomes = [checker.decide(case, TODAY).outcome for case in cases]
    assert len({*outcomes}) > 1
    assert any(UNKNOWN in case.values() for case in cases)
    return table, [facts(table, case) for case in cases], outcomes


@pytest.mark.parametrize("name", NAMES)
def test_databases_decide_every_case_as_the_checker_does(name: str) -> None:
    table, cases, outcomes = decided(name)
    assert in_duckdb(table, cases) == outcomes
    assert in_sqlite(table, cases) == outcomes


@pytest.mark.parametrize("name", NAMES)
def test_programs_in_node_decide_every_case_as_the_checker_does(name: str) -> None:
    table, cases, outcomes = decided(name)
    by_consumer = in_node(table, cases)
    assert by_consumer.keys() == {"json-logic-js", "json-logic-engine", "feelin"}
    for consumer, found in by_consumer.items():
        assert found == outcomes, consumer


def test_programs_in_node_decide_nothing_of_answers_that_do_not_exist() -> None:
    table, _, _ = decided("frozen")
    cases: list[Facts] = [
        {"problem": "none such", "cause": "war"},
        {"received_on_days": -1, "cause": "war"},
        {"received_on_choice": "", "cause": "war"},
        {"problem": UNKNOWN, "cause": "war"},
        {},
    ]
    by_consumer = in_node(table, cases)
    feelin = by_consumer.pop("feelin")
    assert feelin == [{"invalid": True}, {"invalid": True}, {"invalid": True}, "excluded", None]
    for found in by_consumer.values():
        assert found == [None, None, None, "excluded", None]


def renamed(names: Sequence[str]) -> Decided:
    """The frozen policy with other names for its inputs."""
    table, cases, outcomes = decided("frozen")
    new = dict(zip((item.name for item in table.inputs), names, strict=True))
    rows = [replace(row, tests=tuple(replace(test, input=new[test.input]) for test in row.tests)) for row in table.rows]
    inputs = [replace(item, name=new[item.name]) for item in table.inputs]
    return (
        replace(table, inputs=tuple(inputs), rows=tuple(rows)),
        [{new[name]: case[name] for name in case} for case in cases],
        outcomes,
    )


def test_programs_in_node_take_names_that_their_languages_use_themselves() -> None:
    table, cases, outcomes = renamed(("date", "in_time", "count", "list", "not_ours"))
    for consumer, found in in_node(table, cases).items():
        assert found == outcomes, consumer


def test_databases_take_the_words_of_sql_as_names() -> None:
    table, cases, outcomes = renamed(("select", "order", "group", "end", "null"))
    assert in_duckdb(table, cases) == outcomes
    assert in_sqlite(table, cases) == outcomes


@pytest.mark.parametrize("version", DMN_VERSIONS)
@pytest.mark.parametrize("name", NAMES)
def test_decision_table_is_valid_against_the_schema_of_its_version(name: str, version: str, tmp_path: Path) -> None:
    table, _, _ = decided(name)
    schema(version).validate(dmn(table, version))


@pytest.mark.deep
def test_large_policy_with_random_unknown_answers_is_decided_as_by_the_checker() -> None:
    policy = grouped(100)
    table, compiled = decision_table(policy), CompiledPolicy(policy)
    random = Random(1)
    cases: list[Facts] = []
    outcomes: list[str | None] = []
    for sample in random_days(compiled, TODAY, 2_000):
        choices = {name: value for name, value in sample.answers.choices.items() if random.random() < 0.8}
        evaluation = Evaluation(compiled, Answers(choices, choices))
        possible = evaluation.terminals(compiled.outcome)
        outcomes.append(compiled.outcomes[min(possible)] if len(possible) == 1 else None)
        cases.append(facts(table, choices))
    assert len({*outcomes}) > 3
    assert in_duckdb(table, cases) == outcomes
    assert in_sqlite(table, cases) == outcomes
    for consumer, found in in_node(table, cases[:200]).items():
        assert found == outcomes[:200], consumer


def test_schema_finds_a_fault() -> None:
    table, _, _ = decided("frozen")
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        schema("1.3").validate(dmn(table).replace('hitPolicy="ANY"', 'hitPolicy="SOME"'))


@cache
def schema(version: str) -> xmlschema.XMLSchema:
    [major, minor] = version.split(".")
    return xmlschema.XMLSchema(SCHEMAS / f"dmn-{major}_{minor}" / f"DMN{major}{minor}.xsd", allow="local")
