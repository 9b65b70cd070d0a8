"""Reads policy.yaml: the only file that does. What it gives is right in all its parts, and its texts are finished."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import date
from itertools import chain, islice
from pathlib import Path

import checker
from checker.messages import CATALOGUES, Messages
from checker.policy import Holidays, Note, Policy
from checker.values.durations import Duration
from macros.analysis import examples
from macros.analysis.redundancy import idle
from macros.hashes import fingerprint
from macros.policyfile import references, text_checks, texts, value_checks
from macros.policyfile.errors import PolicyError, PolicyErrors, Problem
from macros.policyfile.lint import hints, holidays_ended
from macros.policyfile.structure import MAX_PROBLEMS, check_structure, misleading_names
from macros.policyfile.yaml_reader import LARGEST, Source, parse

PACKAGE = Path(str(checker.__file__)).parent
"""The folder of the checker's code."""

_UNREAD = "The rest is looked at when YAML can read the file, so there may be more."
_DECIDE_NOTHING = frozenset(["version", "valid from", "language", "shop", "calendar", "topics", "summary"])
"""Parts of the policy in which a mistake leaves every case as it is."""
_TEXTS = frozenset(["ask", "help", "in words", "text", "title"])
_UNDECIDED = "How the cases are decided is looked at after that, so there may be more."

__all__ = [
    "PolicyError",
    "PolicyErrors",
    "as_written",
    "check",
    "decidable",
    "digest",
    "is_duration",
    "load",
    "loads",
    "read",
]


def load(path: Path) -> Policy:
    """Reads a policy file.

    Raises:
        PolicyErrors: It has mistakes; all of them are named, each with its line.
        OSError: It cannot be read.
    """
    return loads(read(path), path.name)


def loads(source: bytes | str, name: str = "policy.yaml") -> Policy:
    """Reads the text of a policy. Each mistake is said to be in the file `name`.

    Raises:
        PolicyErrors: It has mistakes; all of them are named, each with its line.
    """
    policy, _ = check(source, name)
    return policy


def read(path: Path) -> bytes:
    """The content of a policy file, or as much of it as shows that it is too large."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def check(
    source: bytes | str, name: str = "policy.yaml", today: date | None = None, holidays_until: date | None = None
) -> tuple[Policy, tuple[PolicyError, ...]]:
    """Reads the text of a policy; gives also what its editor may want to know, though it is no mistake.

    With `today` that is, too, that the policy does not hold yet on that day, and that its country's holidays are not
    known past it. With `holidays_until` the latter is a mistake.

    Raises:
        PolicyErrors: It has mistakes; all of them are named, each with its line.
    """
    try:
        file = parse(source, name)
    except PolicyErrors as unreadable:
        raise PolicyErrors(unreadable.errors, _UNREAD) from None
    return checked(file, today, holidays_until)


def checked(
    file: Source, today: date | None = None, holidays_until: date | None = None
) -> tuple[Policy, tuple[PolicyError, ...]]:
    """The same for a file that YAML has read."""
    shape = check_structure(file.data)
    written, problems = shape.policy, list(shape.problems)
    holidays = _holidays(written) if written else None
    if written is not None:
        odd = [
            *misleading_names(file.data, texts.paths(written), {problem.path for problem in problems if problem.at_key})
        ]
        explained = {problem.path for problem in odd}
        problems = [problem for problem in problems if problem.path not in explained] + odd
        found = chain(
            references.problems(written),
            text_checks.problems(_readable(written)),
            texts.cut_short(written, file.commented),
            [holidays],
        )
        problems += islice(
            (
                problem
                for problem in found
                if isinstance(problem, Problem)
                and problem.path not in explained
                and not any(problem.path[: len(path)] == path for path in shape.filled)
            ),
            MAX_PROBLEMS,
        )
    if written is None or isinstance(holidays, Problem) or problems:
        raise PolicyErrors(map(file.error, problems), _UNDECIDED)
    policy = dataclasses.replace(
        _in_force(texts.fill(written)), holidays=holidays, digest=digest([file.data, repr(holidays)])
    )
    if holidays_until and (ended := holidays_ended(policy, holidays_until)):
        raise PolicyErrors([file.error(ended)])
    if undecided := [*examples.problems(policy)]:
        raise PolicyErrors(map(file.error, undecided))
    written = dataclasses.replace(written, holidays=holidays)
    return policy, PolicyErrors(map(file.error, [*hints(written, today), *idle(policy)])).errors


def as_written(source: bytes | str, name: str = "policy.yaml") -> Policy:
    """A policy with its texts as they are written, as long as it has the shape of one, whatever else is wrong with it.

    Raises:
        PolicyErrors: It has not even the shape.
    """
    file = parse(source, name)
    shape = check_structure(file.data)
    if shape.policy is None:
        raise PolicyErrors(map(file.error, shape.problems))
    return shape.policy


def decidable(source: bytes | str, name: str = "policy.yaml") -> Policy | None:
    """A policy with mistakes, as customers read it; None if they leave open how a case is decided.

    Texts, settings and examples may be wrong, and cases may have no outcome.

    Raises:
        PolicyErrors: YAML cannot read it.
    """
    shape = check_structure(parse(source, name).data)
    if shape.policy is None or shape.problems:
        return None
    policy = _readable(shape.policy)
    if not all(_decides_nothing(problem, policy) for problem in references.problems(shape.policy)):
        return None
    holidays = _holidays(policy)
    return dataclasses.replace(
        _in_force(texts.fill(policy)), holidays=None if isinstance(holidays, Problem) else holidays
    )


def is_duration(text: str, messages: Messages) -> bool:
    """Whether dates can be counted with a value, however it is written: others are for texts only."""
    try:
        Duration.parse(text, messages)
    except ValueError:
        return False
    return True


def _readable(policy: Policy) -> Policy:
    """The policy, in English where its language has no catalogue: its other mistakes can still be seen."""
    return policy if policy.language.partition("-")[0] in CATALOGUES else dataclasses.replace(policy, language="en")


def _decides_nothing(problem: Problem, policy: Policy) -> bool:
    """Whether every case is decided as if a mistake were none."""
    part, last = problem.path[0], problem.path[-1]
    if part == "values" and last != "by":
        value = policy.values[str(problem.path[1])]
        text = value if isinstance(value, str) else value.get(str(last))
        compared = {name for _, name in value_checks.compared(policy)}
        return text is not None and (problem.path[1] not in compared or is_duration(text, policy.messages))
    return part in _DECIDE_NOTHING or last in _TEXTS


def _holidays(policy: Policy) -> Holidays | Problem | None:
    if policy.calendar.country is None:
        return None
    from macros.policyfile.holidays import statutory  # only here: to load the holidays of the world takes a while

    return statutory(policy, policy.calendar.country)


def _in_force(policy: Policy) -> Policy:
    """The policy without what holds only until a country is named, if one is."""
    if policy.calendar.country is None:
        return policy

    def left(notes: Mapping[str, Note]) -> dict[str, Note]:
        return {name: note for name, note in notes.items() if note.until is None}

    clauses = {
        name: dataclasses.replace(
            clause, reminders=left(clause.reminders), interpretations=left(clause.interpretations)
        )
        for name, clause in policy.clauses.items()
    }
    return dataclasses.replace(policy, clauses=clauses)


def digest(data: object, package: Path = PACKAGE) -> str:
    """Names a policy's content, its holidays too, and the code that decides by it: 8 hex digits each.

    Comments and layout of policy.yaml do not count, nor does the policy that the build puts beside the code.
    """
    content = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    code = (
        (path.as_posix(), (package / path).read_bytes())
        for path in sorted(file.relative_to(package) for file in package.rglob("*") if file.is_file())
        if path.name != "published.py" and not any(part.startswith((".", "__pycache__")) for part in path.parts)
    )
    return fingerprint([("", content)]) + fingerprint(code)
