"""Files of many cases: each format into each, bad rows apart, stopped runs that go on, and nothing replaced."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checker import Checker, Policy
from checker.answers.kinds import kind_of
from checker.answers.parse import AnswerError
from macros.batch import sources
from macros.batch.files import FileError, Run
from macros.batch.progress import Paths, Progress
from macros.batch.sources import SourceError
from macros.project import ROOT
from tests.site.test_cli import Run as Command
from tests.site.test_cli import run
from tests.support.batch import by_themselves, mixed_cases
from tests.support.case_enumeration import TODAY, Answers
from tests.support.paths import POLICIES

__all__ = ["run"]

FROZEN = POLICIES / "frozen.yaml"
TWICE = '{"problem": "quality", "problem": "other"}'
FORMATS = ("csv", "jsonl", "parquet")
GOOD = {"problem": "quality", "received_on": "2026-11-12", "product": "standard", "cause": "none"}
DECIDED = ("eligible", "eligible", "quality", date(2026, 11, 27))


def write(path: Path, cases: Sequence[Answers]) -> Path:
    """A file of cases in the format of its name: lists with semicolons, but for JSON Lines."""
    names = [*dict.fromkeys(name for case in cases for name in case)]
    rows = [
        {name: ";".join(value) if isinstance(value, list) else value for name, value in case.items()} for case in cases
    ]
    if path.suffix == ".jsonl":
        path.write_text("".join(f"{json.dumps(case)}\n" for case in cases), encoding="utf-8")
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    else:
        columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
        pq.write_table(pa.table(columns), path)
    return path


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of an output."""
    table: pa.Table = duckdb.connect().sql(f"SELECT * FROM '{path}'").to_arrow_table()
    return list(table.to_pylist())


def results(path: Path) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in ("outcome", "possible", "clause", "last_day")) for row in read(path)]


def rejections(output: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Paths(output).rejected.read_text(encoding="utf-8").splitlines()]


def plain(policy: Policy, most: int) -> list[Answers]:
    """Mixed cases whose answers each format can hold: lists for questions that take them, else texts with a letter."""
    lists = {name for name, question in policy.questions.items() if kind_of(question).is_list}

    def is_plain(name: str, value: object) -> bool:
        return isinstance(value, list) if name in lists else isinstance(value, str) and bool(value.strip())

    return [case for case in mixed_cases(policy, most) if all(is_plain(*answer) for answer in case.items())]


@pytest.mark.parametrize("end", FORMATS)
@pytest.mark.parametrize("start", FORMATS)
def test_each_format_is_decided_into_each_as_one_by_one(checker: Checker, tmp_path: Path, start: str, end: str) -> None:
    cases = [{"id": str(number), **case} for number, case in enumerate(plain(checker.policy, 300))]
    source, output = write(tmp_path / f"in.{start}", cases), tmp_path / f"out.{end}"
    run = Run(checker, TODAY, source, output)
    assert run()
    answers = [{name: value for name, value in case.items() if name != "id"} for case in cases]
    alone = by_themselves(checker, answers)
    bad = [isinstance(result[0], AnswerError) for result in alone]
    assert 0 < sum(bad) < len(bad)
    good = [(str(number), *result) for number, result in enumerate(alone) if not bad[number]]
    assert [(str(row["id"]), *result) for row, result in zip(read(output), results(output), strict=True)] == good
    errors = [(number + 1, [error.to_json() for error in result]) for number, result in enumerate(alone) if bad[number]]
    assert [(rejection["row"], rejection["errors"]) for rejection in rejections(output)] == errors
    assert run.progress.decided + run.progress.rejected == len(cases)
    assert {*tmp_path.iterdir()} == {source, output, Paths(output).rejected}


def test_columns_of_the_input_stay_as_they_are(checker: Checker, tmp_path: Path) -> None:
    table = pa.table(
        {"id": [7], "price": pa.array([1.5]), "tags": [["a", "b"]], **{name: [value] for name, value in GOOD.items()}}
    )
    pq.write_table(table, tmp_path / "in.parquet")
    assert Run(checker, TODAY, tmp_path / "in.parquet", tmp_path / "out.parquet")()
    written = pq.read_table(tmp_path / "out.parquet")
    assert written.select(table.column_names).to_pydict() == table.to_pydict()
    assert written.column_names[len(table.column_names) :] == [
        *("outcome", "possible", "clause", "last_day", "version", "digest")
    ]
    [row] = read(tmp_path / "out.parquet")
    assert (row["version"], row["digest"]) == (checker.policy.version, checker.policy.digest)


def test_json_stays_json(checker: Checker, tmp_path: Path) -> None:
    more = {"note": "“é”", "number": 5, "object": {"a": [1, None]}, "problem": "quality"}
    write(tmp_path / "in.jsonl", [more, {"late key": True, **GOOD}])
    assert Run(checker, TODAY, tmp_path / "in.jsonl", tmp_path / "out.jsonl")()
    first, second = (json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines())
    assert {name: first[name] for name in more} == more
    assert second["late key"] is True


def test_lines_that_are_no_rows_are_rejected_with_their_text(checker: Checker, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(
        f'{json.dumps(GOOD)}\n\n{{bad\n["a"]\n{TWICE}\n{json.dumps(GOOD)}', encoding="utf-8"
    )
    (tmp_path / "in.csv").write_text(
        f"{','.join(GOOD)}\n{','.join(GOOD.values())}\nquality,a,b,c,d\n{','.join(GOOD.values())}\n"
    )
    texts = {"jsonl": [(3, "{bad"), (4, '["a"]'), (5, TWICE)], "csv": [(3, "quality,a,b,c,d")]}
    for format_, expected in texts.items():
        output = tmp_path / f"out-{format_}.parquet"
        assert Run(checker, TODAY, tmp_path / f"in.{format_}", output)()
        assert results(output) == [DECIDED, DECIDED]
        assert [(bad.get("row", bad.get("line")), bad["text"]) for bad in rejections(output)] == expected


def stop_in_second_part(run: Run) -> Callable[[Progress], None]:
    first = run.progress.parts

    def report(progress: Progress) -> None:
        if progress.parts > first:
            run.stop()

    return report


@pytest.mark.parametrize("format_", FORMATS)
def test_stopped_run_goes_on_to_the_same_output(
    checker: Checker, tmp_path: Path, format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "BATCH", 2048)
    source = write(tmp_path / "in.csv", plain(checker.policy, 1380) * 10)
    at_once, output = tmp_path / f"at-once.{format_}", tmp_path / f"out.{format_}"
    assert Run(checker, TODAY, source, at_once)()
    runs = [Run(checker, TODAY, source, output, part_rows=4096)]
    while not runs[-1](stop_in_second_part(runs[-1])):
        assert not output.exists()
        Paths(output).part(runs[-1].progress.parts + 1).write_bytes(b"of a run that was killed")
        runs.append(Run(checker, TODAY, source, output, part_rows=4096))
    assert len(runs) > 2
    assert read(output) == read(at_once)
    assert rejections(output) == rejections(at_once)
    if format_ != "parquet":
        assert output.read_bytes() == at_once.read_bytes()


@pytest.mark.parametrize("change", ["input", "policy", "day"])
def test_stopped_run_does_not_go_on_with_another(checker: Checker, frozen: Policy, tmp_path: Path, change: str) -> None:
    source, output = write(tmp_path / "in.csv", [GOOD] * 3), tmp_path / "out.csv"
    run = Run(checker, TODAY, source, output)
    run.stop()
    run.progress.write(Paths(output).progress)
    day = TODAY if change != "day" else date(2026, 11, 23)
    if change == "input":
        write(source, [GOOD] * 4)
    if change == "policy":
        checker = Checker(dataclasses.replace(frozen, digest="another"))
    with pytest.raises(FileError, match="--force"):
        Run(checker, day, source, output)
    assert Run(checker, day, source, output, force=True)()
    assert len(read(output)) == 4 if change == "input" else 3


def test_run_begins_only_with_a_readable_input_and_a_free_output(checker: Checker, tmp_path: Path) -> None:
    source, output = write(tmp_path / "in.csv", [GOOD]), tmp_path / "out.csv"
    output.write_text("precious")
    with pytest.raises(FileError, match="--force"):
        Run(checker, TODAY, source, output)
    assert output.read_text() == "precious"
    with pytest.raises(FileError, match="is the input"):
        Run(checker, TODAY, source, source, force=True)
    with pytest.raises(SourceError, match=r"\.parquet"):
        Run(checker, TODAY, source, tmp_path / "out.xlsx")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(FileError, match="problem"):
        Run(checker, TODAY, tmp_path / "other.csv", tmp_path / "new.csv")
    for number, text in enumerate(["", "problem,\n", 'problem,"a\nb"\nquality,x\n', "problem\rquality\r"]):
        (tmp_path / f"header{number}.csv").write_bytes(text.encode())
        with pytest.raises(SourceError, match="column"):
            Run(checker, TODAY, tmp_path / f"header{number}.csv", tmp_path / "new.csv")
    (tmp_path / "nameless.jsonl").write_text('{"problem": "quality", "": 1}', encoding="utf-8")
    with pytest.raises(SourceError, match="column"):
        Run(checker, TODAY, tmp_path / "nameless.jsonl", tmp_path / "new.csv")
    with pytest.raises(FileError, match="no such folder"):
        Run(checker, TODAY, source, tmp_path / "missing" / "new.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(FileError, match="is a folder"):
        Run(checker, TODAY, source, tmp_path / "folder.csv", force=True)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    with pytest.raises(SourceError, match=r"broken\.parquet"):
        Run(checker, TODAY, tmp_path / "broken.parquet", tmp_path / "new.csv")
    assert Run(checker, TODAY, source, output, force=True)()
    assert results(output) == [DECIDED]


def test_error_on_the_way_leaves_what_is_there(
    checker: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, output = write(tmp_path / "in.csv", [GOOD]), tmp_path / "out.csv"
    run = Run(checker, TODAY, source, output)

    def fails(progress: Progress) -> None:
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        run(fails)
    assert not output.exists()
    assert Run(checker, TODAY, source, output)()


def test_empty_file_makes_an_empty_output(checker: Checker, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,problem\n")
    for format_ in FORMATS:
        assert Run(checker, TODAY, tmp_path / "in.csv", output := tmp_path / f"out.{format_}")()
        assert output.exists()
        assert format_ == "jsonl" or read(output) == []


def test_columns_of_an_earlier_decision_are_replaced(checker: Checker, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [GOOD | {"outcome": "old", "version": "old"}])
    assert Run(checker, TODAY, source, tmp_path / "out.csv")()
    [row] = read(tmp_path / "out.csv")
    assert (row["outcome"], str(row["version"])) == ("eligible", checker.policy.version)


# ---- the command


def test_command_says_what_it_decided(run: Command, tmp_path: Path) -> None:
    source, output = (
        write(tmp_path / "in.csv", [GOOD | {"order": "1"}, GOOD | {"problem": "nope", "order": "2"}]),
        tmp_path / "out.csv",
    )
    arguments = ["decide", "--input", source, "--output", output, "--policy", FROZEN, "--today", TODAY]
    code, out, err = run(*arguments)
    assert (code, len(read(output)), len(rejections(output))) == (1, 1, 1)
    assert "eligible" in out
    assert "copied: order" in out
    assert str(Paths(output).rejected) in err
    code, _, err = run(*arguments)
    assert (code, "--force" in err) == (1, True)
    assert run(*arguments, "--force")[0] == 1


@pytest.mark.parametrize("arguments", [[], ["--input", "a.csv"], ["--input", "a.csv", "--output", "b.csv", "--lines"]])
def test_command_with_half_of_its_files_fails(run: Command, arguments: list[str]) -> None:
    code, out, err = run("decide", "--policy", FROZEN, *arguments)
    assert (code, out) == (2, "")
    assert "--input and --output" in err


def test_command_without_the_extra_says_how_to_install_it(
    run: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [name for name in sys.modules if name.startswith(("macros.batch", "duckdb"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    code, _, err = run("decide", "--policy", FROZEN, "--input", "a.csv", "--output", "b.csv")
    assert (code, "--extra batch" in err) == (1, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command_that_is_stopped_goes_on(tmp_path: Path, number: signal.Signals) -> None:
    source, output = tmp_path / "in.parquet", tmp_path / "out.parquet"
    rows = 1_000_000
    pq.write_table(pa.table({name: pa.repeat(value, rows) for name, value in GOOD.items()}), source)
    command = [sys.executable, "-m", "macros.cli", "decide", "--policy", str(FROZEN), "--today", TODAY.isoformat()]
    command += ["--input", str(source), "--output", str(output)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        part = Paths(output).part(1)
        while process.poll() is None and not (part.exists() and part.stat().st_size):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        process.send_signal(number)
        _, err = process.communicate()
    assert process.returncode == 130, err
    stopped = Progress.read(Paths(output).progress)
    assert 0 < stopped.rows < rows
    assert not output.exists()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert f"after {stopped.rows:,} rows" in done.stderr
    assert pq.read_metadata(output).num_rows == rows


MEGABYTES = 900
"""The most memory of a run, most of which DuckDB, numpy and Arrow take before the first row."""
MEASURED = """
import resource, sys
from macros.cli import main
code = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.deep
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    used = []
    for rows in (2_000_000, 12_000_000):
        source, output = tmp_path / f"{rows}.parquet", tmp_path / f"{rows}.out.parquet"
        day = f"DATE '{GOOD['received_on']}' + (i % 7)::INTEGER AS received_on"
        others = ", ".join(f"'{GOOD[name]}' AS {name}" for name in ("problem", "product", "cause"))
        duckdb.connect().execute(f"COPY (SELECT i AS id, {day}, {others} FROM range({rows}) AS t(i)) TO '{source}'")
        command = [sys.executable, "-c", MEASURED, "decide", "--policy", str(FROZEN), "--today", TODAY.isoformat()]
        command += ["--input", str(source), "--output", str(output)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
        assert pq.read_metadata(output).num_rows == rows
        used.append(int(done.stderr.splitlines()[-1]))
    assert used[1] < MEGABYTES, used
    assert used[1] < 1.5 * used[0], used
