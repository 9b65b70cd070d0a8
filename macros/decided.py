"""What only deciding can show: a case that no rule decides, and examples that turn out differently."""

from __future__ import annotations

from collections.abc import Iterator

from checker import AnswerErrors, Checker, Policy
from checker.policy import Example
from macros.errors import Path, Problem


def problems(policy: Policy) -> Iterator[Problem]:
    """Decides every case and every example of a policy whose names all lead somewhere."""
    checker = Checker(policy)
    if (gap := checker.gap()) is not None:
        case = ", ".join(f"{question}: {answer}" for question, answer in gap.items()) or "any"
        yield Problem(("clauses",), f"no rule decides this case: {case}. Add a rule for it.", at_key=True)
        return  # examples could meet the gap
    for name, example in policy.examples.items():
        yield from _example(("examples", name), example, checker)


def _example(path: Path, example: Example, checker: Checker) -> Iterator[Problem]:
    try:
        verdict = checker.decide(example.answers, example.today)
    except AnswerErrors as errors:
        for error in errors.errors:
            where = (error.question,) if error.question in example.answers else ()
            yield Problem((*path, "answers", *where), error.message)
        return
    if verdict.outcome is None:
        message = f"the policy cannot decide with these answers: {' or '.join(verdict.possible)} is possible."
    elif verdict.outcome != example.outcome:
        clauses = " and ".join(f'"{reason.clause}"' for reason in verdict.reasons)
        message = f"the policy decides {verdict.outcome}, because of {clauses}."
    else:
        return
    advice = "Change the answers, the rules or what you expect."
    yield Problem((*path, "outcome"), f"you expect {example.outcome}, but {message} {advice}")
