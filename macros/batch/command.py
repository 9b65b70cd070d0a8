"""`policy decide --input`: a run from its beginning, or from where it was stopped, to its summary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from checker.decide import Checker
from macros.batch.files import Run, stopping
from macros.batch.progress import Reporter

STOPPED = 130
"""The exit status of a run that was stopped, as shells have it for Ctrl+C."""


def decide_file(
    checker: Checker, today: date, source: Path, output: Path, *, force: bool, say: Callable[[str], None]
) -> int:
    """Decides a file into another. Returns 0 if every row was decided, 1 if some were rejected, 130 if stopped.

    Raises FileError, SourceError, WriteError and OSError.
    """
    run = Run(checker, today, source, output, force=force)
    with stopping(run):
        if run.progress.rows:
            say(f"{output}: goes on after {run.progress.rows:,} rows.")
        _say_columns(run, checker, say)
        complete = run(Reporter(say, run.source.rows))
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


def _say_columns(run: Run, checker: Checker, say: Callable[[str], None]) -> None:
    """Names the columns that are taken for no answer, and the questions that have none: a typing error shows there."""
    questions, names = checker.policy.questions, run.source.names
    others = [name for name in names if name not in questions and name not in run.replaced]
    if others:
        say(f"Columns that are no question, and are copied: {', '.join(others)}.")
    if run.replaced:
        say(f"Columns of an earlier decision, which are replaced: {', '.join(run.replaced)}.")
    missing = [variable.question for variable in checker.compiled.variables if variable.question not in names]
    if missing:
        say(f"Questions without a column, which stay open in every row: {', '.join(missing)}.")
