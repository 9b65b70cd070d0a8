"""The function for Spark's ``mapInArrow`` that decides a data frame, partition by partition and without a shuffle.

    frame.mapInArrow(decide_batches(policy, today), schema(frame.schema))

The policy travels to the workers with the function; they need this project, numpy and pyarrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from checker.decide import Checker
from checker.policy import Policy
from checker.verdict import dumps
from macros.batch.rows import DECIDED, STAMP, Rows

if TYPE_CHECKING:
    from pyspark.sql.types import StructType

ERRORS = "errors"
"""The column of the mistakes of a row, as JSON. A row with mistakes has no decision; none is left out."""


def decide_batches(policy: Policy, today: date) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A function that adds the columns of the decision to batches whose columns are named after questions."""

    def decide(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = Rows(Checker(policy), today)
        for batch in batches:
            yield _with_decisions(rows, batch)

    return decide


def schema(columns: StructType) -> StructType:
    """The columns of a data frame once it is decided."""
    from pyspark.sql.types import DateType, StringType, StructField, StructType

    names = (*DECIDED, *STAMP, ERRORS)
    own = [field for field in columns.fields if field.name not in names]
    types: dict[str, Any] = {"last_day": DateType()}
    return StructType([*own, *(StructField(name, types.get(name, StringType())) for name in names)])


def _with_decisions(rows: Rows, batch: pa.RecordBatch) -> pa.RecordBatch:
    columns, rejected = rows(batch)
    arrays = {name: batch.column(name) for name in batch.schema.names if name not in (*DECIDED, *STAMP, ERRORS)}
    mask = np.zeros(batch.num_rows, np.bool_)
    errors: list[str | None] = [None] * batch.num_rows if rejected else []
    for bad in rejected:
        mask[bad.row] = True
        errors[bad.row] = dumps([error.to_json() for error in bad.errors])
    is_decided = pa.array(~mask)
    for name, type_ in DECIDED.items():
        column = columns[name].cast(type_)
        arrays[name] = pc.if_else(is_decided, column, pa.scalar(None, type_)) if rejected else column
    arrays["version"] = pa.repeat(rows.policy.version, batch.num_rows)
    arrays["digest"] = pa.repeat(rows.policy.digest, batch.num_rows)
    arrays[ERRORS] = pa.array(errors, pa.string()) if rejected else pa.nulls(batch.num_rows, pa.string())
    return pa.RecordBatch.from_arrays([*arrays.values()], names=[*arrays])
