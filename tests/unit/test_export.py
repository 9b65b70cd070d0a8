"""The decision of the outcome in other languages. Their consumers decide in tests/site/test_export_consumers.py."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bench.generate import grouped
from checker import Checker, Policy
from macros.analysis.load import load
from macros.export import DMN_VERSIONS, DecisionTable, ExportErrors, decision_table, dmn, json_logic, sql
from macros.export.table import MAX_ROWS, Input, OneOf, Row
from tests.site.test_cli import Run, run
from tests.support.case_enumeration import TODAY
from tests.support.decision_consumers import every_case, facts, in_sqlite
from tests.support.paths import POLICIES

__all__ = ["run"]

FROZEN = POLICIES / "frozen.yaml"
NAMESPACES = {"d": DMN_VERSIONS["1.3"]}


@pytest.fixture(scope="module")
def table() -> DecisionTable:
    return decision_table(load(FROZEN))


def decided_by_checker(policy: Policy) -> dict[str, str | None]:
    checker = Checker(policy)
    return {json.dumps(case): checker.decide(case, TODAY).outcome for case in every_case(policy)}


def test_sqlite_decides_every_case_of_the_live_policy_as_the_checker_does(policy: Policy) -> None:
    expected = decided_by_checker(policy)
    table = decision_table(policy)
    assert in_sqlite(table, [facts(table, json.loads(case)) for case in expected]) == [*expected.values()]
    assert None in expected.values()
    assert len({*expected.values()}) > 2


# ---- the table


def test_a_row_names_its_clauses_and_tests_what_it_depends_on_alone(table: DecisionTable) -> None:
    assert Row((OneOf("problem", ("change_of_mind",)),), "excluded", ("no_change_of_mind",)) in table.rows


def test_rows_of_stronger_outcomes_come_first(table: DecisionTable) -> None:
    outcomes = [*load(FROZEN).outcomes]
    ranks = [outcomes.index(row.outcome) for row in table.rows]
    assert ranks == sorted(ranks)


def test_inputs_are_questions_in_their_order_and_the_days_since_dates(table: DecisionTable) -> None:
    assert [item.name for item in table.inputs] == [
        "problem",
        "received_on_choice",
        "received_on_days",
        "product",
        "cause",
    ]


def test_two_inputs_of_one_name_are_an_error(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    text = FROZEN.read_text(encoding="utf-8")
    file.write_text(re.sub(r"\bcause\b(?=[:.])", "received_on_days", text), encoding="utf-8")
    with pytest.raises(ExportErrors, match=r"^questions › received_on_days: This is also the name of an input"):
        decision_table(load(file))


def test_more_rows_than_the_limit_are_an_error_with_the_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_ROWS > 1000
    monkeypatch.setattr("macros.export.table.MAX_ROWS", 8)
    with pytest.raises(ExportErrors, match=r"^The outcome takes more than 8 rows"):
        decision_table(load(FROZEN))


def test_more_nodes_than_the_limit_are_an_error_with_the_figure_and_the_questions() -> None:
    with pytest.raises(ExportErrors, match=r"more than 100,000 nodes, most by the questions q_\d+_\d+, "):
        decision_table(grouped(300))


# ---- each form


def one_row(table: DecisionTable, **parts: Any) -> DecisionTable:
    return replace(
        table, inputs=(Input("kind", "kind", ("a",)),), rows=(Row((OneOf("kind", ("a",)),), "o", ("c",)),), **parts
    )


def test_sql_is_one_expression_that_quotes_all_names() -> None:
    text = sql(one_row(decision_table(load(FROZEN)), title="Say\n'; DROP TABLE cases; --", version="1\n2"))
    assert text.splitlines() == [
        "-- Say '; DROP TABLE cases; --, version 1 2, valid from 2026-11-22, digest " + load(FROZEN).digest,
        "-- The outcome of a case; NULL while several are possible, and for answers that do not exist. Columns:",
        '-- "kind": a; NULL if unknown',
        "CASE",
        """  WHEN "kind" NOT IN ('a', 'unknown')""",
        "    THEN NULL",
        """  WHEN "kind" IN ('a') THEN 'o' -- c""",
        "  ELSE NULL",
        "END",
    ]


INVALID = [
    {"problem": "none such", "cause": "war"},
    {"received_on_days": -1, "cause": "war"},
    {"received_on_choice": "not_received", "received_on_days": 1, "cause": "war"},
    {"received_on_choice": "", "cause": "war"},
]
UNKNOWN = [{"cause": "war", "problem": "unknown", "received_on_choice": "unknown"}]


@pytest.mark.parametrize(
    ("case", "outcome"), [*((case, None) for case in INVALID), *((case, "excluded") for case in UNKNOWN)]
)
def test_sql_is_null_for_answers_that_do_not_exist(
    table: DecisionTable, case: dict[str, Any], outcome: str | None
) -> None:
    assert in_sqlite(table, [case]) == [outcome]


def test_json_logic_holds_the_policy_and_the_inputs_beside_the_rule(table: DecisionTable) -> None:
    whole = json_logic(table)
    assert [*whole] == ["policy", "inputs", "rule"]
    assert whole["policy"]["digest"] == table.digest
    assert whole["inputs"]["received_on_days"] == {"question": "received_on", "days_to": "applied_on"}


def test_dmn_has_a_rule_for_each_row_with_the_clauses_beside_it(table: DecisionTable) -> None:
    tree = ElementTree.fromstring(dmn(table))
    assert table.digest in (tree.findtext("d:description", namespaces=NAMESPACES) or "")
    rules = tree.findall(".//d:rule", NAMESPACES)
    clauses = [rule.findtext("d:annotationEntry/d:text", namespaces=NAMESPACES) for rule in rules]
    assert clauses == [", ".join(row.clauses) for row in table.rows]
    assert [part.get("hitPolicy") for part in tree.iter(f"{{{NAMESPACES['d']}}}decisionTable")] == ["ANY"]


def test_dmn_keeps_the_signs_of_xml_in_a_title(table: DecisionTable) -> None:
    assert ElementTree.fromstring(dmn(replace(table, title='<&">'))).get("name") == '<&">'


def test_a_question_with_a_word_of_feel_is_an_error_of_dmn_alone(table: DecisionTable) -> None:
    renamed = replace(table, inputs=(Input("if", "if", ("a",)), Input("for", "for", ("b",))), rows=())
    assert "CASE" in sql(renamed)
    with pytest.raises(ExportErrors) as raised:
        dmn(renamed)
    assert [problem.partition(":")[0] for problem in raised.value.problems] == ["questions › if", "questions › for"]


# ---- the command


@pytest.mark.parametrize("form", ["sql", "dmn", "jsonlogic"])
def test_export_prints_each_form_and_writes_it(form: str, run: Run, tmp_path: Path, table: DecisionTable) -> None:
    file = tmp_path / "exported"
    texts = {
        "sql": sql(table),
        "dmn": dmn(table),
        "jsonlogic": json.dumps(json_logic(table), separators=(",", ":")) + "\n",
    }
    assert run("export", form, "--policy", FROZEN) == (0, texts[form], "")
    assert run("export", form, "--policy", FROZEN, "--output", file) == (0, "", "")
    assert file.read_bytes().decode() == texts[form]


def test_export_writes_the_version_of_dmn_that_is_asked_for(run: Run, table: DecisionTable) -> None:
    code, out, _ = run("export", "dmn", "--policy", FROZEN, "--dmn-version", "1.5")
    assert (code, out.replace(DMN_VERSIONS["1.5"], DMN_VERSIONS["1.3"])) == (0, dmn(table))
    assert DMN_VERSIONS["1.5"] in out


def test_export_replaces_a_file_with_force_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "policy.sql"
    file.write_text("mine")
    export = "export", "sql", "--policy", FROZEN, "--output", file
    assert run(*export) == (1, "", f"{file}: exists already. --force replaces it.\n")
    assert file.read_text() == "mine"
    assert run(*export, "--force")[0] == 0
    assert file.read_text(encoding="utf-8").startswith("-- ")


def test_export_prints_every_error_with_the_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macros.export.table.MAX_ROWS", 8)
    code, out, err = run("export", "dmn", "--policy", FROZEN)
    assert (code, out) == (1, "")
    assert err.startswith(f"{FROZEN}: ")


def test_sqlite_takes_the_largest_table(table: DecisionTable) -> None:
    rows = tuple(Row((OneOf("kind", (f"k{number}",)),), "o", ("c",)) for number in range(MAX_ROWS))
    kinds = tuple(f"k{number}" for number in range(MAX_ROWS))
    largest = replace(table, inputs=(Input("kind", "kind", kinds),), rows=rows)
    connection = sqlite3.connect(":memory:")
    assert [*connection.execute(f"SELECT {sql(largest)} FROM (SELECT 'k{MAX_ROWS - 1}' AS kind)")] == [("o",)]
