"""Checks that need decisions: the proof over all cases, and the outcomes of worked examples."""

from __future__ import annotations

from collections.abc import Iterator

from checker import AnswerError, AnswerErrors, Checker, Policy
from checker.answers.parse import UNKNOWN, parse_answers
from checker.engine.compile import PolicyTooComplexError
from checker.policy import Example
from macros.analysis.proof import prove
from macros.policyfile.errors import KeyPath, Problem
from macros.policyfile.suggestions import unknown_answer_message


def problems(policy: Policy) -> Iterator[Problem]:
    """The problems of the proof and of the worked examples, for a policy whose references are valid."""
    try:
        checker = Checker(policy)
        unproved = prove(checker.compiled).problems
    except PolicyTooComplexError as error:
        message = (
            "the rules are so many and so unlike each other that not every case can be looked at. "
            f"Look first at the rules that ask for {' and '.join(error.questions)}, and simplify them."
        )
        yield Problem(("clauses",), message, at_key=True)
        return
    yield from unproved
    if any(problem.path == ("clauses",) for problem in unproved):
        return  # an example could be a case that no rule decides
    for name, example in policy.examples.items():
        yield from _example(("examples", name), example, checker)


def _example(path: KeyPath, example: Example, checker: Checker) -> Iterator[Problem]:
    try:
        verdict = checker.decide(example.answers, example.today)
    except AnswerErrors as errors:
        for error in errors.errors:
            where = (error.question,) if error.question in example.answers else ()
            yield Problem((*path, "answers", *where), _for_editors(checker.policy, error, example))
        return
    yield from _not_as_written(path, example, checker.policy)
    if verdict.outcome is None:
        still = " and ".join(f'"{question}"' for question in verdict.open)
        message = (
            f"the policy cannot decide with these answers: {' or '.join(verdict.possible)} is possible. "
            f"It depends on the answer to {still}."
        )
    elif verdict.outcome != example.outcome:
        clauses = " and ".join(f'"{reason.clause}"' for reason in verdict.reasons)
        message = f"the policy decides {verdict.outcome}, because of {clauses}."
    else:
        return
    advice = "Change the answers, the rules or what you expect."
    yield Problem((*path, "outcome"), f"you expect {example.outcome}, but {message} {advice}")


def _for_editors(policy: Policy, error: AnswerError, example: Example) -> str:
    """The message of an invalid answer; editors name answers by id."""
    if not error.choices:
        return error.message
    given = str(example.answers[error.question or ""])
    return unknown_answer_message(policy, error.question or "", given, [UNKNOWN])


def _not_as_written(path: KeyPath, example: Example, policy: Policy) -> Iterator[Problem]:
    """Customers may write an answer in many ways, and leave it empty. An example shows it in one."""
    answers = parse_answers(policy, example.answers, example.today)
    for name, given in example.answers.items():
        here = (*path, "answers", name)
        day = answers.dates.get(name)
        if name not in answers.stored:
            yield Problem(here, "is empty. Write an answer, or take the line away.")
        elif day and given not in (UNKNOWN, day.isoformat()):
            yield Problem(here, f"must be written year-month-day: {day.isoformat()}.")
