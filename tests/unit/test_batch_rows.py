"""Rows in bulk are decided as the checker decides each of them by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from bench.generate import grouped
from checker import Checker, Policy
from checker.answers.parse import AnswerError
from macros.analysis.load import load
from macros.batch.decider import Decider
from macros.batch.rows import Rows
from tests.support.batch import by_themselves, decided, in_bulk, mixed_cases
from tests.support.case_enumeration import TODAY, Answers, cells
from tests.support.paths import POLICIES

FILES = sorted(POLICIES.glob("*.yaml"))
CASE = {"problem": "quality", "received_on": date(2026, 11, 12), "product": "standard", "cause": "none"}
EXPECTED = ("eligible", "eligible", "quality", date(2026, 11, 27))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_rows_of_test_policy_are_decided_as_one_by_one(file: Path) -> None:
    checker = Checker(load(file))
    cases = mixed_cases(checker.policy, 600)
    assert in_bulk(checker, cases) == by_themselves(checker, cases)


def test_rows_of_live_policy_are_decided_as_one_by_one(policy: Policy) -> None:
    checker = Checker(policy)
    cases = mixed_cases(policy, 600)
    assert in_bulk(checker, cases) == by_themselves(checker, cases)


@pytest.mark.deep
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_case_of_test_policy_is_decided_as_by_itself(file: Path) -> None:
    checker = Checker(load(file))
    cases = [*cells(checker.policy), *mixed_cases(checker.policy, 20_000)]
    assert in_bulk(checker, cases) == by_themselves(checker, cases)


def grouped_cases(policy: Policy, number: int) -> list[Answers]:
    random = np.random.default_rng(2)
    names = {name: [*question.offered] for name, question in policy.questions.items()}
    cases = []
    for case in range(number):
        share = (0.0, 0.02, 0.3)[case % 3]
        answers = {name: str(random.choice(ids)) for name, ids in names.items() if random.random() >= share}
        cases.append(answers)
    return cases


def test_rows_of_policy_with_many_questions_are_decided_as_one_by_one() -> None:
    checker = Checker(grouped(200))
    cases = grouped_cases(checker.policy, 90)
    assert in_bulk(checker, cases) == by_themselves(checker, cases)


def test_rules_that_are_walked_one_by_one_give_the_same_clauses(frozen: Policy) -> None:
    checker = Checker(frozen)
    rows = Rows(checker, TODAY, dict.fromkeys(frozen.questions, "json"))
    rows.decider = Decider(checker, work=50)
    cases = mixed_cases(frozen, 400)
    assert in_bulk(checker, cases, rows=rows) == by_themselves(checker, cases)


def test_later_batch_with_new_cases_is_decided_right(frozen: Policy) -> None:
    checker = Checker(frozen)
    rows = Rows(checker, TODAY, dict.fromkeys(frozen.questions, "json"))
    cases = mixed_cases(frozen, 300)
    for part in (cases[:1], cases[:50], cases[50:], []):
        assert in_bulk(checker, part, rows=rows) == by_themselves(checker, part)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([date(2026, 11, 12)]),
        pa.array(["2026-11-12"]),
        pa.array(["12 November 2026"]),
        pa.array(["12 November 2026"], pa.large_string()),
        pa.array(["2026-11-12"]).dictionary_encode(),
        pa.array([datetime(2026, 11, 12, 23, 59)]),
        pa.array([None, date(2026, 11, 12)]).slice(1),
    ],
)
def test_each_type_of_date_column_is_read(checker: Checker, column: pa.Array) -> None:
    others = {name: pa.array([value]) for name, value in CASE.items() if name != "received_on"}
    batch = pa.RecordBatch.from_pydict({**others, "received_on": column})
    assert decided(Rows(checker, TODAY), batch) == [EXPECTED]


@pytest.mark.parametrize("column", [[Decimal("20.00")], ["20"], [20], [20.5], [["19.90", ""]], ["19.90; 1"]])
def test_each_type_of_amount_column_is_read(checker: Checker, column: list[object]) -> None:
    case = {name: pa.array([value]) for name, value in CASE.items()}
    rows = Rows(checker, TODAY)
    for whole, is_right in (("80", True), ("5", False), ("0", False)):
        batch = pa.RecordBatch.from_pydict({**case, "order_total": [whole], "affected_total": pa.array(column)})
        [result] = decided(rows, batch)
        assert (result == EXPECTED) == is_right


@pytest.mark.parametrize("days", [-1, 40_000, -800_000])
def test_day_that_the_checker_refuses_is_rejected(checker: Checker, days: int) -> None:
    day = TODAY - timedelta(days) if days > -10_000 else date(1, 1, 1)
    batch = pa.RecordBatch.from_pydict(
        {name: pa.array([value]) for name, value in (CASE | {"received_on": day}).items()}
    )
    case: Answers = {**CASE, "received_on": day.isoformat()}
    assert decided(Rows(checker, TODAY), batch) == by_themselves(checker, [case])


def test_outcomes_alone_are_those_of_the_decisions(frozen: Policy) -> None:
    checker = Checker(frozen)
    rows = Rows(checker, TODAY)
    cases = [case for case in cells(frozen) if case]
    columns = {name: pa.array([case.get(name) for case in cases], pa.string()) for name in frozen.questions}
    table = rows.columns.read(pa.RecordBatch.from_pydict(columns))
    numbers = rows.decider.outcomes(table.values)
    possible = [rows.decider.possible[number] for number in numbers.tolist()]
    assert possible == [checker.decide(case, TODAY).possible for case in cases]


@pytest.mark.deep
def test_ten_million_generated_rows_are_decided_as_their_kinds(frozen: Policy) -> None:
    """Rows of one kind share all answers, so the checker decides each kind once, and every row is compared with it."""
    checker, random = Checker(frozen), np.random.default_rng(3)
    names = [name for name, question in frozen.questions.items() if question.answer in ("one choice", "date")]
    closed = ({name: case[name] for name in names if name in case} for case in mixed_cases(frozen, 3000))
    cases = [case for case in closed if all(isinstance(value, str) for value in case.values())]
    kinds = pa.table({name: pa.array([case.get(name) for case in cases], pa.string()) for name in names})
    alone = by_themselves(checker, cases)
    is_bad = np.array([isinstance(result[0], AnswerError) for result in alone])
    weights = np.where(is_bad, 0.001, 1.0)
    rows, compared = Rows(checker, TODAY), 0
    for _ in range(100):
        chosen = random.choice(len(cases), 100_000, p=weights / weights.sum())
        [batch] = kinds.take(pa.array(chosen)).combine_chunks().to_batches()
        columns, rejected = rows(batch)
        assert {bad.row: bad.errors for bad in rejected} == {
            row: alone[chosen[row]] for row in np.flatnonzero(is_bad[chosen]).tolist()
        }
        good = pa.table({"kind": pa.array(chosen), **columns}).filter(pa.array(~is_bad[chosen]))
        distinct = good.group_by(good.column_names).aggregate([]).to_pydict()
        for kind, *result in zip(*distinct.values(), strict=True):
            assert tuple(result) == alone[kind]
        compared += len(chosen)
    assert compared == 10_000_000
