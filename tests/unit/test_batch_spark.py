"""The function for Spark: the same decisions in each batch, and in Spark's local mode without a shuffle."""

from __future__ import annotations

import json
import pickle
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checker import Checker
from checker.answers.parse import AnswerError
from macros.batch.rows import DECIDED
from macros.batch.spark import ERRORS, decide_batches, schema
from tests.support.batch import by_themselves, mixed_cases, need_spark
from tests.support.case_enumeration import TODAY, Answers


def table(checker: Checker, cases: list[Answers]) -> pa.Table:
    """The cases whose answers are texts, as a table."""
    names = [name for name, question in checker.policy.questions.items() if question.answer in ("one choice", "date")]
    columns = {name: pa.array([case.get(name) for case in cases], pa.string()) for name in names}
    return pa.table({"id": pa.array(range(len(cases))), **columns})


def texts(checker: Checker) -> list[Answers]:
    closed = [name for name, question in checker.policy.questions.items() if question.answer in ("one choice", "date")]
    cases = [{name: case[name] for name in closed if name in case} for case in mixed_cases(checker.policy, 600)]
    return [case for case in cases if all(isinstance(value, str) for value in case.values())]


def expected(checker: Checker, cases: list[Answers]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for result in by_themselves(checker, cases):
        if isinstance(result[0], AnswerError):
            rows.append((None, None, None, None, [error.to_json() for error in result]))
        else:
            rows.append((*result, None))
    return rows


def decided(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [(*(row[name] for name in DECIDED), row[ERRORS] and json.loads(str(row[ERRORS]))) for row in rows]


def test_batches_are_decided_as_one_by_one(checker: Checker) -> None:
    cases = texts(checker)
    batches = table(checker, cases).to_batches(max_chunksize=100)
    function = decide_batches(checker.policy, TODAY)
    rows = [row for batch in function(iter(batches)) for row in batch.to_pylist()]
    assert [row["id"] for row in rows] == [*range(len(cases))]
    assert decided(rows) == expected(checker, cases)
    assert {(row["version"], row["digest"]) for row in rows} == {(checker.policy.version, checker.policy.digest)}


def test_policy_travels_to_workers(checker: Checker) -> None:
    assert pickle.loads(pickle.dumps(checker.policy)) == checker.policy


@pytest.mark.deep
def test_spark_decides_a_data_frame_without_a_shuffle(
    checker: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_spark(monkeypatch)
    from pyspark.sql import SparkSession

    cases = texts(checker)
    pq.write_table(table(checker, cases), tmp_path / "cases.parquet")
    settings = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = settings.config("spark.sql.execution.arrow.maxRecordsPerBatch", "100").getOrCreate()
    try:
        frame = spark.read.parquet(str(tmp_path / "cases.parquet"))
        result = frame.mapInArrow(decide_batches(checker.policy, TODAY), schema(frame.schema))
        rows = sorted((row.asDict() for row in result.collect()), key=lambda row: row["id"])
        plan = result._jdf.queryExecution().executedPlan().toString()
    finally:
        spark.stop()
    assert decided(rows) == expected(checker, cases)
    assert "MapInArrow" in plan
    assert "Exchange" not in plan
    assert all(row["last_day"] is None or isinstance(row["last_day"], date) for row in rows)
