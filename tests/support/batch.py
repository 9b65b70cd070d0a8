"""Cases in bulk, and the decisions of the checker on each of them by itself."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from checker import Checker, Policy
from checker.answers.parse import AnswerErrors
from macros.batch.rows import Rows
from tests.support.case_enumeration import TODAY, Answers, cells, with_proof_and_amounts

WRONG = ("", " ", "nonsense", "2026-13-01", "2027-01-01", "yesterday", "20 nov 2026", 5, None, ["a"], "unknown")
"""Answers that are a mistake for some kinds of question, or leave it open, or have several spellings."""


REQUIRE = "REQUIRE_SPARK"
"""Set in the environment, it makes a missing Spark a failure."""


def need_spark(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skips a test where Spark is not installed, unless it must be; lets Spark run this Python."""
    if not os.environ.get(REQUIRE):
        pytest.importorskip("pyspark", reason="Spark is not installed: make .venv/.spark")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)


def mixed_cases(policy: Policy, most: int, seed: int = 1) -> list[Answers]:
    """Cases of a policy and ways to them, with proof and amounts: as they are, with other days, and with mistakes."""
    random = Random(seed)
    every = [*with_proof_and_amounts(cells(policy), policy)]
    cases = random.sample(every, most) if len(every) > most else every
    dates = [name for name, question in policy.questions.items() if question.answer == "date"]
    for case in cases[: len(cases) // 2]:
        for name in dates:
            if name in case and random.random() < 0.7:
                case[name] = (TODAY - timedelta(random.randrange(90))).isoformat()
    for case in cases[:: max(len(cases) // 200, 1)]:
        for name in [*case]:
            if random.random() < 0.2:
                case[name] = random.choice(WRONG)
    return cases


def by_themselves(checker: Checker, cases: Sequence[object], today: date = TODAY) -> list[tuple[Any, ...]]:
    """The outcome, possible outcomes, clauses and last day of each case, or its errors."""
    return [_by_itself(checker, case, today) for case in cases]


def in_bulk(
    checker: Checker, cases: Sequence[Answers], today: date = TODAY, rows: Rows | None = None
) -> list[tuple[Any, ...]]:
    """The same by columns of JSON."""
    names = [*checker.policy.questions]
    texts = {name: [json.dumps(case[name]) if name in case else None for case in cases] for name in names}
    batch = pa.RecordBatch.from_pydict({name: pa.array(column, pa.string()) for name, column in texts.items()})
    return decided(rows or Rows(checker, today, dict.fromkeys(names, "json")), batch)


def decided(rows: Rows, batch: pa.RecordBatch) -> list[tuple[Any, ...]]:
    """The decisions of the rows, as in ``by_themselves``."""
    columns, rejected = rows(batch)
    results = [*zip(*(column.to_pylist() for column in columns.values()), strict=True)]
    for bad in rejected:
        results[bad.row] = bad.errors
    return results


def _by_itself(checker: Checker, case: object, today: date) -> tuple[Any, ...]:
    try:
        verdict = checker.decide(case, today)
    except AnswerErrors as errors:
        return errors.errors
    clauses = " ".join(reason.clause for reason in verdict.reasons)
    last_day = min((deadline.last_day for deadline in verdict.deadlines), default=None)
    return verdict.outcome, " ".join(verdict.possible), clauses or None, last_day
