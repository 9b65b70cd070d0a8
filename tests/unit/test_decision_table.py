"""The decision table against every cell of the frozen policy."""

from __future__ import annotations

import itertools

import pytest

from bench.generate import grouped
from checker import Checker, Policy
from checker.explain.decision_table import Row, Table, decision_table, labels
from tests.support.oracle import CAUSES, PROBLEMS, WINDOWS, expected_outcome
from tests.support.words import MESSAGES


@pytest.fixture
def table(checker: Checker) -> Table:
    table = decision_table(checker)
    assert table
    return table


ANSWERS = {"problem": PROBLEMS, "received_on": [*range(20), "not_received"], "product": [*WINDOWS], "cause": CAUSES}


def covers(label: str, days: int) -> bool:
    """Reads a label as a person does."""
    figures = [int(word) for word in label.replace("–", " ").split() if word.isdigit()]
    match label.split():
        case ["up", "to", *_]:
            return days <= figures[0]
        case ["more", "than", *_]:
            return days > figures[0]
        case [_, "days", "ago"] if len(figures) == 2:
            return figures[0] <= days <= figures[1]
    return False


def matches(row: Row, case: dict[str, object]) -> bool:
    return all(
        cell is None
        or case[question] in cell.choices
        or (isinstance(case[question], int) and any(covers(label, int(str(case[question]))) for label in cell.days))
        for question, cell in row.cells.items()
    )


def cells() -> list[dict[str, object]]:
    return [dict(zip(ANSWERS, values, strict=True)) for values in itertools.product(*ANSWERS.values())]


def test_decision_table_covers_every_case_as_decided(table: Table) -> None:
    for case in cells():
        days = case["received_on"]
        problem, product, cause = (str(case[name]) for name in ("problem", "product", "cause"))
        expected = expected_outcome(problem, days if isinstance(days, int) else None, product, cause)
        assert {row.outcome for row in table.rows if matches(row, case)} == {expected}, case


def test_decision_table_has_no_redundant_row(table: Table) -> None:
    for gone in table.rows:
        rest = [row for row in table.rows if row is not gone]
        assert not all(any(matches(row, case) for row in rest) for case in cells()), gone


def test_decision_table_has_no_mergeable_rows(table: Table) -> None:
    for one, other in itertools.combinations(table.rows, 2):
        differing = [name for name in table.questions if one.cells[name] != other.cells[name]]
        assert one.outcome != other.outcome or len(differing) > 1


def test_decision_table_names_the_deciding_clauses(table: Table) -> None:
    assert {row.clauses for row in table.rows if row.outcome == "expired"} == {("how_long",)}
    assert {row.clauses for row in table.rows if row.outcome == "carrier"} == {("return_logistics",)}
    assert {row.clauses for row in table.rows if row.outcome == "excluded"} == {
        ("force_majeure",),
        ("no_change_of_mind",),
    }


def test_answers_in_the_table_are_short(frozen: Policy) -> None:
    days = [(0, 0), (0, 3), (0, None), (1, 1), (4, 6), (7, None)]
    assert labels(frozen.questions["received_on"], ["not_received"], days, MESSAGES) == (
        *("the same day", "up to 3 days ago", "any day", "1 day ago", "4–6 days ago", "more than 6 days ago"),
        "not arrived",
    )


def test_policy_with_too_many_cases_has_no_table() -> None:
    assert decision_table(Checker(grouped(20))) is None


def test_cover_counts_its_paths_and_steps(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("MAX_PATHS", "MAX_STEPS"):
        with monkeypatch.context() as patch:
            patch.setattr(f"checker.engine.cover.{limit}", 10)
            assert decision_table(checker) is None
