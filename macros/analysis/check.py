"""What `policy check` says: to a person, after every save too, or to a code host that shows it beside the lines."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from macros.analysis.load import check, read
from macros.analysis.proof import proved
from macros.policyfile.completion import write_completion
from macros.policyfile.errors import PolicyError, PolicyErrors
from macros.policyfile.formatter import layout_warnings

MAX_ANNOTATIONS = 10
"""How many errors of a step, and how many warnings, GitHub shows at their lines. It drops the others."""
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
) -> int:
    """Prints all that is to be said of a policy file; gives 0 where it has no mistake, else 1.

    With `today`, a policy that does not hold yet on that day is a warning, and so are holidays that are not known past
    it; with `holidays_until`, they are a mistake. With `github`, mistakes and hints are workflow commands, so that they
    stand at their lines in a pull request.
    Into `report` goes, where there are mistakes, how many a reader of the pull request sees.

    Raises:
        OSError: The file cannot be read, or the report not written.
    """
    source = read(file)
    try:
        policy, hints = check(source, name, today, holidays_until)
    except PolicyErrors as errors:
        write_completion(file, source, None)
        if github:
            print_annotations("error", errors.errors)
        print_errors(errors, each=not github)
        if github and len(errors.errors) > MAX_ANNOTATIONS:
            print(overflow_message(len(errors.errors), "mistakes"))
        if report is not None:
            report.write_text(failure_report(len(errors.errors)), encoding="utf-8")
        return 1
    write_completion(file, source, policy)
    notes = sorted([*hints, *layout_warnings(source, name)], key=lambda note: (note.line, note.column))
    if github:
        print_annotations("warning", notes)
    else:
        for note in notes:
            print(note)
    for line in proved(policy):
        print(f"{name}: {' '.join(line.split())}")  # a line of its own could be a workflow command
    counts = {"clause": policy.clauses, "question": policy.questions, "example": policy.examples}
    counted = ", ".join(f"{len(items)} {what}{'' if len(items) == 1 else 's'}" for what, items in counts.items())
    print(f"{name}: {counted}: all right.")
    if github and len(notes) > MAX_ANNOTATIONS:
        print(overflow_message(len(notes), "warnings"))
    return 0


def check_on_every_save(file: Path, name: str, today: date | None = None) -> int:
    """Checks a policy file now and whenever it has been saved, until it is interrupted."""
    from watchfiles import watch  # only here: who checks once, or decides, need not wait for it

    _check_again(file, name, today)
    try:
        # An editor may save by putting a new file in the place of the old one: only its folder sees that.
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


def print_annotations(level: str, found: Sequence[PolicyError]) -> None:
    """Prints mistakes or warnings as workflow commands; where they are too many, as lines of the log from some on."""
    shown = len(found) if len(found) <= MAX_ANNOTATIONS else MAX_ANNOTATIONS - 1
    for each in found[:shown]:
        print(workflow_command(level, each))
    if rest := found[shown:]:
        first = rest[0]
        said = overflow_message(len(found), f"{'mistake' if level == 'error' else level}s")
        print(workflow_command(level, PolicyError(first.name, first.line, first.column, (), said)))
    for each in rest:
        print(" ".join(str(each).split()))  # a line of its own could be a workflow command


def overflow_message(count: int, what: str) -> str:
    """Says how many of so many mistakes or warnings are not shown at their lines."""
    return _MORE.format(more=count - MAX_ANNOTATIONS + 1, all=count, what=what, shown=MAX_ANNOTATIONS)


def failure_report(count: int) -> str:
    """What the comment in a pull request says in place of a report."""
    shown = MAX_ANNOTATIONS - 1
    where = _ALL_SHOWN if count <= MAX_ANNOTATIONS else _SOME_SHOWN.format(shown=shown, more=count - shown)
    return _REPORT.format(count=f"{count} {'mistake' if count == 1 else 'mistakes'}", where=where)


def print_errors(errors: PolicyErrors, *, each: bool = True) -> None:
    """Prints the mistakes of a policy, and how many they are."""
    number = len(errors.errors)
    if each:
        print(errors, file=sys.stderr)
    summary = f"{number} {'mistake' if number == 1 else 'mistakes'} in the policy. {errors.unchecked}"
    print(summary.rstrip(), file=sys.stderr, flush=True)


def workflow_command(level: str, error: PolicyError) -> str:
    """A mistake as a workflow command: GitHub shows it at its line."""
    place = {"file": error.name, "line": str(error.line), "col": str(error.column)}
    properties = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in place.items())
    return f"::{level} {properties}::{_escaped(error.text)}"


def _escaped(text: str, also: str = "") -> str:
    """The text with the signs that would end it written as %XX; % itself comes first."""
    for sign in f"%\r\n{also}":
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
