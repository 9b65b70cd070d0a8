"""The report of `policy check`: mistakes and hints as text, after every save too, or as GitHub annotations."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from macros.analysis.load import check, read
from macros.analysis.proof import proof_lines
from macros.policyfile.completion import write_completion
from macros.policyfile.errors import PolicyError, PolicyErrors
from macros.policyfile.formatter import layout_warnings

MAX_ANNOTATIONS = 10
"""Of each level and step: GitHub drops the others."""
_MORE = "{more} of the {all} {what} stand in the log of this step alone: GitHub shows at most {shown} at their lines."
_REPORT = "The policy has {count}, so nothing can be said of what the change does. {where}\n"
_ALL_SHOWN = "“Files changed” shows where, and what to do."
_SOME_SHOWN = (
    "“Files changed” shows {shown} of them at their lines, for the host shows no more. The log of the step that checks "
    "the policy names the other {more}, too."
)


def check_once(
    file: Path,
    name: str,
    *,
    today: date | None = None,
    holidays_until: date | None = None,
    github: bool = False,
    report: Path | None = None,
    summary: Path | None = None,
) -> int:
    """Prints the mistakes and hints of a policy file; returns 1 if it has mistakes, else 0.

    The file is called `name`; `today` and `holidays_until` are as for `macros.analysis.load.check`. With `github` they
    are printed as workflow commands, so that GitHub shows them at their lines; `report` is the file for the text of the
    pull request's comment, if there are mistakes; to the file `summary` the hints are added as Markdown. Raises OSError
    if a file cannot be read or written.
    """
    source = read(file)
    try:
        policy, hints = check(source, name, today, holidays_until)
    except PolicyErrors as errors:
        write_completion(file, source, None)
        if github:
            print_annotations("error", errors.errors)
        print_errors(errors, summary_only=github)
        if report is not None:
            report.write_text(failure_report(len(errors.errors)), encoding="utf-8")
        return 1
    write_completion(file, source, policy)
    notes = sorted([*hints, *layout_warnings(source, name)], key=lambda note: (note.line, note.column))
    if summary is not None and notes:
        with summary.open("a", encoding="utf-8") as text:
            text.write(hint_summary(notes))
    if github:
        print_annotations("warning", notes)
    else:
        for note in notes:
            print(note)
    for line in proof_lines(policy):
        print(f"{name}: {' '.join(line.split())}")  # a line of its own could be a workflow command
    counts = {"clause": policy.clauses, "question": policy.questions, "example": policy.examples}
    contents = ", ".join(f"{len(items)} {what}{'' if len(items) == 1 else 's'}" for what, items in counts.items())
    print(f"{name}: {contents}: all right.")
    return 0


def check_on_every_save(file: Path, name: str, today: date | None = None) -> int:
    """Checks a policy file now and after every save, until it is interrupted."""
    from watchfiles import watch  # imported here, because no other command needs it

    _check_again(file, name, today)
    try:
        # A text editor may save by replacing the file, which only the folder notices.
        for _ in watch(
            file.absolute().parent, watch_filter=lambda _, path: Path(path) == file.absolute(), recursive=False
        ):
            print(flush=True)
            _check_again(file, name, today)
    except KeyboardInterrupt:
        pass
    return 0


def _check_again(file: Path, name: str, today: date | None) -> None:
    try:
        check_once(file, name, today=today)
    except OSError as error:
        print(f"policy: {error.filename}: {error.strerror}", file=sys.stderr)
    print(f"{name}: is checked again when you save it. Stop with Ctrl+C.", flush=True)


def print_annotations(level: str, errors: Sequence[PolicyError]) -> None:
    """Prints errors as workflow commands, and those beyond GitHub's limit as lines of the log."""
    count = len(errors)
    limit = count if count <= MAX_ANNOTATIONS else MAX_ANNOTATIONS - 1
    for error in errors[:limit]:
        print(workflow_command(level, error))
    if rest := errors[limit:]:
        what = "mistakes" if level == "error" else "warnings"
        message = _MORE.format(more=len(rest), all=count, what=what, shown=MAX_ANNOTATIONS)
        print(workflow_command(level, dataclasses.replace(rest[0], path=(), message=message)))
        print(*rest, sep="\n")


def hint_summary(hints: Sequence[PolicyError]) -> str:
    """The hints as Markdown, first those about the shop: without its addresses the site leads customers nowhere."""
    lines = sorted(hints, key=lambda hint: hint.path[:1] != ("shop",))
    return "\n".join(["## Before you publish", "", "```text", *map(str, lines), "```", ""])


def failure_report(count: int) -> str:
    """The text of a pull request's comment about a policy with mistakes."""
    shown = MAX_ANNOTATIONS - 1
    where = _ALL_SHOWN if count <= MAX_ANNOTATIONS else _SOME_SHOWN.format(shown=shown, more=count - shown)
    return _REPORT.format(count=f"{count} {'mistake' if count == 1 else 'mistakes'}", where=where)


def print_errors(errors: PolicyErrors, *, summary_only: bool = False) -> None:
    """Prints the mistakes of a policy and their number to stderr."""
    number = len(errors.errors)
    if not summary_only:
        print(errors, file=sys.stderr)
    summary = f"{number} {'mistake' if number == 1 else 'mistakes'} in the policy. {errors.note}"
    print(summary.rstrip(), file=sys.stderr, flush=True)


def workflow_command(level: str, error: PolicyError) -> str:
    """A workflow command, with which GitHub shows a mistake at its line."""
    place = {"file": error.name, "line": str(error.line), "col": str(error.column)}
    properties = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in place.items())
    return f"::{level} {properties}::{_escaped(error.text)}"


def _escaped(text: str, also: str = "") -> str:
    """The text with % and the signs that would end it encoded as %XX."""
    for sign in f"%\r\n{also}":
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
