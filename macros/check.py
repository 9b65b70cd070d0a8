"""What `policy check` says: to a person, after every save too, or to a code host that shows it beside the lines."""

from __future__ import annotations

import sys
from pathlib import Path

from macros.completion import write_completion
from macros.errors import PolicyError, PolicyErrors
from macros.load import check, read
from macros.proof import proved


def check_once(file: Path, name: str, *, github: bool = False) -> int:
    """Prints all that is to be said of a policy file; gives 0 where it has no mistake, else 1.

    With `github`, mistakes and hints are workflow commands, so that they stand at their lines in a pull request.

    Raises:
        OSError: The file cannot be read.
    """
    source = read(file)
    try:
        policy, hints = check(source, name)
    except PolicyErrors as errors:
        write_completion(file, source, None)
        if github:
            for error in errors.errors:
                print(command("error", error))
        complain(errors, each=not github)
        return 1
    write_completion(file, source, policy)
    for hint in hints:
        print(command("warning", hint) if github else hint)
    for line in proved(policy):
        print(f"{name}: {' '.join(line.split())}")  # a line of its own could be a workflow command
    counts = {"clause": policy.clauses, "question": policy.questions, "example": policy.examples}
    counted = ", ".join(f"{len(items)} {what}{'' if len(items) == 1 else 's'}" for what, items in counts.items())
    print(f"{name}: {counted}: all right.")
    return 0


def check_on_every_save(file: Path, name: str) -> int:
    """Checks a policy file now and whenever it has been saved, until it is interrupted."""
    from watchfiles import watch  # only here: who checks once, or decides, need not wait for it

    _check_again(file, name)
    try:
        # An editor may save by putting a new file in the place of the old one: only its folder sees that.
        for _ in watch(
            file.absolute().parent, watch_filter=lambda _, path: Path(path) == file.absolute(), recursive=False
        ):
            print(flush=True)
            _check_again(file, name)
    except KeyboardInterrupt:
        pass
    return 0


def _check_again(file: Path, name: str) -> None:
    try:
        check_once(file, name)
    except OSError as error:
        print(f"policy: {error.filename}: {error.strerror}", file=sys.stderr)
    print(f"{name}: is checked again when you save it. Stop with Ctrl+C.", flush=True)


def complain(errors: PolicyErrors, *, each: bool = True) -> None:
    """Prints the mistakes of a policy, and how many they are."""
    number = len(errors.errors)
    if each:
        print(errors, file=sys.stderr)
    summary = f"{number} {'mistake' if number == 1 else 'mistakes'} in the policy. {errors.unseen}"
    print(summary.rstrip(), file=sys.stderr, flush=True)


def command(level: str, error: PolicyError) -> str:
    """A mistake as a workflow command: GitHub shows it at its line."""
    place = {"file": error.name, "line": str(error.line), "col": str(error.column)}
    properties = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in place.items())
    return f"::{level} {properties}::{_escaped(error.said)}"


def _escaped(text: str, also: str = "") -> str:
    """The text with the signs that would end it written as %XX; % itself comes first."""
    for sign in f"%\r\n{also}":
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
