"""Spark's rows a second with two cores of this machine, which docs/data.md works out a cluster from.

make .venv/.spark && .venv/bin/python -m bench.spark
"""

from __future__ import annotations

import sys
from os import environ
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from bench.samples import random_days
from checker.decide import Checker
from macros.analysis.load import load
from macros.batch.spark import decide_batches, schema
from macros.project import ROOT

SAMPLES, TIMES, ROUNDS = 20_000, 250, 3


def main() -> None:
    """Prints the rows a second of the fastest round, from Parquet to a sink that keeps nothing."""
    policy = load(ROOT / "policy.yaml")
    samples = random_days(Checker(policy).compiled, policy.valid_from, SAMPLES)
    table = pa.concat_tables([pa.Table.from_pylist([sample.raw() for sample in samples])] * TIMES)
    environ["PYSPARK_PYTHON"] = sys.executable
    with TemporaryDirectory() as name:
        path = str(Path(name) / "cases.parquet")
        pq.write_table(table, path, row_group_size=len(table) // 8)
        spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
        try:
            frame = spark.read.parquet(path)
            decided = frame.mapInArrow(decide_batches(policy, policy.valid_from), schema(frame.schema))
            seconds = []
            for _ in range(ROUNDS):
                start = perf_counter()
                decided.write.format("noop").mode("overwrite").save()
                seconds.append(perf_counter() - start)
        finally:
            spark.stop()
    print(f"{len(table) / min(seconds):,.0f} rows a second")


if __name__ == "__main__":
    main()
