"""The loader: policy.yaml to a `Policy` that has passed all checks, its texts filled."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import date
from itertools import chain, islice
from pathlib import Path

import checker
from checker.messages import CATALOGUES
from checker.policy import Holidays, Note, Policy
from macros.analysis import examples
from macros.analysis.redundancy import redundancies
from macros.hashes import fingerprint
from macros.policyfile import references, text_checks, texts, value_checks
from macros.policyfile.errors import PolicyError, PolicyErrors, Problem
from macros.policyfile.lint import hints, holidays_problem
from macros.policyfile.structure import MAX_PROBLEMS, check_structure, misleading_names
from macros.policyfile.yaml_reader import MAX_BYTES, Source, parse

CHECKER_PACKAGE = Path(str(checker.__file__)).parent
"""The folder of the checker's code."""

_PARTS_THAT_DECIDE_NOTHING = frozenset(
    ["version", "valid from", "language", "shop", "words", "calendar", "topics", "summary"]
)
_KEYS_OF_TEXTS = frozenset(["ask", "help", "in words", "text", "title"])
_CONTENT_UNCHECKED = "The rest is looked at when YAML can read the file, so there may be more."
_CASES_UNCHECKED = "How the cases are decided is looked at after that, so there may be more."


def load(path: Path) -> Policy:
    """The policy in a file. Raises PolicyErrors, which names all its mistakes, and OSError if it cannot be read."""
    return loads(read(path), path.name)


def loads(source: bytes | str, name: str = "policy.yaml") -> Policy:
    """The policy in a text; `name` is the file that mistakes are reported in. Raises PolicyErrors, which names them."""
    return check(source, name)[0]


def read(path: Path) -> bytes:
    """The content of a policy file, up to one byte more than `check` accepts."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def check(
    source: bytes | str, name: str = "policy.yaml", today: date | None = None, holidays_until: date | None = None
) -> tuple[Policy, tuple[PolicyError, ...]]:
    """The policy in a text, and hints about it; `name` is the file that mistakes are reported in.

    With `today` there are hints if the policy does not hold yet on that day, or if the holidays are not known past it.
    With `holidays_until` it is a mistake if they are not known past that day. Raises PolicyErrors, which names all
    mistakes with their lines.
    """
    try:
        parsed = parse(source, name)
    except PolicyErrors as unreadable:
        raise PolicyErrors(unreadable.errors, _CONTENT_UNCHECKED) from None
    return check_source(parsed, today, holidays_until)


def check_source(
    source: Source, today: date | None = None, holidays_until: date | None = None
) -> tuple[Policy, tuple[PolicyError, ...]]:
    """Does the same as `check` with YAML data; `source.data` may have been edited."""
    shape = check_structure(source.data)
    written, problems = shape.policy, list(shape.problems)
    holidays = _holidays(written) if written else None
    if written is not None:
        unknown_keys = {problem.path for problem in problems if problem.at_key}
        odd = [*misleading_names(source.data, {path for path, _, _ in texts.all_texts(written)}, unknown_keys)]
        explained = {problem.path for problem in odd}
        problems = [problem for problem in problems if problem.path not in explained] + odd
        further = chain(
            references.problems(written),
            text_checks.problems(_with_catalogue(written)),
            texts.comment_problems(written, source.comment_paths),
            [holidays],
        )
        problems += islice(
            (
                problem
                for problem in further
                if isinstance(problem, Problem)
                and problem.path not in explained
                and not any(problem.path[: len(path)] == path for path in shape.filled)
            ),
            MAX_PROBLEMS,
        )
    if written is None or isinstance(holidays, Problem) or problems:
        raise PolicyErrors(map(source.error, problems), _CASES_UNCHECKED)
    policy = dataclasses.replace(
        _in_force(texts.fill(written)), holidays=holidays, digest=digest([source.data, repr(holidays)])
    )
    if holidays_until and (problem := holidays_problem(policy, holidays_until)):
        raise PolicyErrors([source.error(problem)])
    if undecided := [*examples.problems(policy)]:
        raise PolicyErrors(map(source.error, undecided))
    written = dataclasses.replace(written, holidays=holidays)
    return policy, PolicyErrors(map(source.error, [*hints(written, today), *redundancies(policy)])).errors


def written_policy(source: Source) -> Policy:
    """The policy with its texts as they are written. Raises PolicyErrors only if its structure is wrong."""
    shape = check_structure(source.data)
    if shape.policy is None:
        raise PolicyErrors(map(source.error, shape.problems))
    return shape.policy


def decidable_policy(source: Source) -> Policy | None:
    """A policy with mistakes, its texts filled; None if they leave open how a case is decided.

    Texts, settings and examples may be wrong, and cases may have no outcome.
    """
    shape = check_structure(source.data)
    if shape.policy is None or shape.problems:
        return None
    policy = _with_catalogue(shape.policy)
    if not all(_decides_nothing(problem, policy) for problem in references.problems(shape.policy)):
        return None
    holidays = _holidays(policy)
    return dataclasses.replace(
        _in_force(texts.fill(policy)), holidays=None if isinstance(holidays, Problem) else holidays
    )


def _with_catalogue(policy: Policy) -> Policy:
    """The policy, in English if its language has no catalogue, so that its other mistakes can be reported."""
    return policy if policy.language.partition("-")[0] in CATALOGUES else dataclasses.replace(policy, language="en")


def _decides_nothing(problem: Problem, policy: Policy) -> bool:
    """Whether every case is decided the same with and without a mistake."""
    part, last = problem.path[0], problem.path[-1]
    if part == "values" and last != "by":
        value = policy.values[str(problem.path[1])]
        text = value if isinstance(value, str) else value.get(str(last))
        compared = {name for _, name in value_checks.value_comparisons(policy)}
        return text is not None and (problem.path[1] not in compared or value_checks.is_duration(text, policy.messages))
    return part in _PARTS_THAT_DECIDE_NOTHING or last in _KEYS_OF_TEXTS


def _holidays(policy: Policy) -> Holidays | Problem | None:
    if policy.calendar.country is None:
        return None
    # Imported here, because the library takes a while to load.
    from macros.policyfile.holidays import statutory_holidays

    return statutory_holidays(policy, policy.calendar.country)


def _in_force(policy: Policy) -> Policy:
    """The policy without the notes that hold only until a country is named, if one is."""
    if policy.calendar.country is None:
        return policy

    def in_force(notes: Mapping[str, Note]) -> dict[str, Note]:
        return {name: note for name, note in notes.items() if note.until is None}

    clauses = {
        name: dataclasses.replace(
            clause, reminders=in_force(clause.reminders), interpretations=in_force(clause.interpretations)
        )
        for name, clause in policy.clauses.items()
    }
    return dataclasses.replace(policy, clauses=clauses)


def digest(data: object, package: Path = CHECKER_PACKAGE) -> str:
    """8 hex digits of the hash of a policy's data, and 8 of the checker's code.

    Ignores comments and layout of policy.yaml, and the `published.py` that the build puts beside the code.
    """
    content = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    code = (
        (path.as_posix(), (package / path).read_bytes())
        for path in sorted(file.relative_to(package) for file in package.rglob("*") if file.is_file())
        if path.name != "published.py" and not any(part.startswith((".", "__pycache__")) for part in path.parts)
    )
    return fingerprint([("", content)]) + fingerprint(code)
