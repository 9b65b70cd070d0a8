"""The commands on files of many cases: `policy decide --input` and `policy diff --replay`.

They take the extra `batch`, so its packages are imported here, when a command is called, and nowhere earlier.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from checker.decide import Checker
from checker.verdict import dumps

if TYPE_CHECKING:
    from macros.batch.files import Run
    from macros.diff.version import Version

STOPPED = 130
"""The exit status of a run that was stopped, as shells have it for Ctrl+C."""
EXTRA = ("duckdb", "numpy", "pyarrow")
"""The packages of the extra."""

type Say = Callable[[str], None]
"""A function that prints a line for the person who waits."""


class CommandError(Exception):
    """A command cannot do what it was asked for. The message says why, and where it helps what to do."""


def decide_file(checker: Checker, today: date, source: Path, output: Path, *, force: bool, say: Say) -> int:
    """Decides a file into another. Returns 0 if every row was decided, 1 if some were rejected, 130 if stopped.

    Raises CommandError, and OSError if a file cannot be opened.
    """
    try:
        from macros.batch.files import FileError, Run, stopping
        from macros.batch.parts import WriteError
        from macros.batch.progress import Reporter
        from macros.batch.sources import SourceError
    except ModuleNotFoundError as error:
        raise _without_extra(error) from None
    try:
        run = Run(checker, today, source, output, force=force)
        with stopping(run):
            if run.progress.rows:
                say(f"{output}: goes on after {run.progress.rows:,} rows.")
            _print_columns(run, checker)
            complete = run(Reporter(say, run.source.rows))
    except (FileError, SourceError, WriteError) as error:
        raise CommandError(f"policy: {error}") from None
    progress = run.progress
    if not complete:
        say(f"{output}: stopped after {progress.rows:,} rows. The same command goes on from there.")
        return STOPPED
    print(f"{output}: {progress.decided:,} rows decided by version {checker.policy.version} ({checker.policy.digest}).")
    for outcomes, rows in sorted(progress.outcomes.items(), key=lambda item: -item[1]):
        print(f"  {rows:>14,}  {outcomes.replace(' ', ' or ')}")
    if run.rejected:
        say(f"{run.rejected}: {progress.rejected:,} rows that could not be decided, each with the reason.")
    return int(bool(run.rejected))


def replay_file(old: Version, new: Version, file: Path, today: date, *, as_json: bool, say: Say) -> None:
    """Prints the cases of a file that two versions decide differently. Raises CommandError and OSError."""
    try:
        from macros.batch.replay import lines, replay
        from macros.batch.sources import Source, SourceError
    except ModuleNotFoundError as error:
        raise _without_extra(error) from None
    if old.policy is None or new.policy is None:
        raise CommandError(f"policy: {old.name} has mistakes and decides nothing, so no case can be replayed.")
    last = monotonic()

    def report(rows: int) -> None:
        nonlocal last
        if monotonic() - last > 5:
            last = monotonic()
            say(f"{rows:,} rows")

    try:
        result = replay(old.policy, new.policy, Source(file), today, report)
    except SourceError as error:
        raise CommandError(f"policy: {error}") from None
    print(dumps(result.to_json()) if as_json else "\n".join(lines(result, str(file), (old.name, new.name))))


def _without_extra(error: ModuleNotFoundError) -> Exception:
    """The error that says how to install the extra; the same error if another module is missing."""
    if error.name not in EXTRA:
        return error
    return CommandError(f"policy: files of many cases need {error.name}. Install the extra: uv sync --extra batch")


def _print_columns(run: Run, checker: Checker) -> None:
    """Names the columns that are taken for no answer, and the questions that have none: a typing error shows there."""
    questions, names = checker.policy.questions, run.source.names
    others = [name for name in names if name not in questions and name not in run.replaced]
    if others:
        print(f"Columns that are no question, and are copied: {', '.join(others)}.")
    if run.replaced:
        print(f"Columns of an earlier decision, which are replaced: {', '.join(run.replaced)}.")
    missing = [variable.question for variable in checker.compiled.variables if variable.question not in names]
    if missing:
        print(f"Questions without a column, which stay open in every row: {', '.join(missing)}.")
