"""Checks of `values`: figures in standard form, one for each answer that a value depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from checker.answers.kinds import kind_of
from checker.messages import Messages
from checker.policy import Policy
from checker.values.durations import Duration
from macros.policyfile import figures
from macros.policyfile.characters import character_message, misplaced_character
from macros.policyfile.conditions import compared_values, whens
from macros.policyfile.errors import ENGLISH, KeyPath, Problem, unknown_name
from macros.policyfile.figures import Figure
from macros.policyfile.structure import SAMPLE_DATE
from macros.policyfile.suggestions import suggestion, unknown_answer_message

_SAMPLES = ENGLISH.join(
    [
        Duration(10, 10, "day").in_words(ENGLISH),
        Duration(4, 5, "working_day").in_words(ENGLISH),
        str(Figure("duration", "week", Decimal(2), Decimal(2))),
        str(Figure("percentage", "%", Decimal(20), Decimal(20))),
        str(Figure("amount", "USD", Decimal("7.50"), Decimal("7.50"))),
        SAMPLE_DATE,
    ],
    "or",
)
_TEN_DAYS = Duration(10, 10, "day").in_words(ENGLISH)


def problems(policy: Policy) -> Iterator[Problem]:
    """The problems of the policy's values."""
    comparing = {name: str(path[1]) for path, name in reversed([*value_comparisons(policy)])}  # the first clause counts
    waits = {
        expected.wait: step
        for clause in policy.clauses.values()
        for step, body in clause.steps.items()
        for expected in body.expect.values()
    }
    for name, value in policy.values.items():
        path: KeyPath = ("values", name)
        if isinstance(value, str):
            texts = {path: value}
        else:
            texts = {(*path, choice): text for choice, text in value.items() if choice != "by"}
            yield from _answer_problems(path, value, policy)
        for here, text in texts.items():
            figure = figures.read(text)
            if character := misplaced_character(text):
                yield Problem(here, character_message(character))
            elif figure and name in comparing and not is_comparable(figure):
                yield Problem(here, _comparison_message(figure, comparing[name], text))
            elif figure and name in waits and not figure.counts_days:
                step = waits[name]
                message = f'is {text}, and the step "{step}" works out a date with it: that takes days or working days.'
                yield Problem(here, message)
            else:
                yield from _figure_problems(here, text, figure)


def is_comparable(figure: Figure) -> bool:
    """Whether a condition can compare the figure with a date."""
    return figure.unit == "day" and figure.least == figure.most


def is_duration(text: str, messages: Messages) -> bool:
    """Whether dates can be counted with a value; others are for texts only."""
    try:
        Duration.parse(text, messages)
    except ValueError:
        return False
    return True


def value_comparisons(policy: Policy) -> Iterator[tuple[KeyPath, str]]:
    """The values that conditions compare with a date, each with its path."""
    return ((path, name) for path, when in whens(policy) for name in compared_values(when))


def _figure_problems(path: KeyPath, text: str, figure: Figure | None) -> Iterator[Problem]:
    """The problems of a value's text alone."""
    if figure is None:
        yield Problem(path, f'is no figure that a text can name, such as {_SAMPLES}. It says "{text}".')
    elif not figures.is_standard(text, figure):
        if figure.kind == "amount":
            message = f'says "{text}". Write the currency as its code or its sign, such as {figure.most:f} USD.'
        else:
            message = f'says "{text}". Write "{figure}".'
        yield Problem(path, message)
    elif figure.counts_days:
        try:
            Duration.parse(text, ENGLISH)
        except ValueError as error:
            yield Problem(path, f"{error}.".replace("..", "."))
    elif figure.is_backwards:
        yield Problem(path, f"must go from the smaller figure to the larger, got {text}.")


def _comparison_message(figure: Figure, clause: str, text: str) -> str:
    """The message about a value that a condition cannot compare with a date."""
    in_weeks = figure.unit == "week" and figure.least == figure.most
    needs = f'days. Write "{figure.in_days}".' if in_weeks else f"one figure in calendar days, such as {_TEN_DAYS}."
    return f'is {text}, and "{clause}" compares it with a date: that takes {needs}'


def _answer_problems(path: KeyPath, value: Mapping[str, str], policy: Policy) -> Iterator[Problem]:
    """The problems of the question and the answers that a value depends on."""
    by = value.get("by")
    if by is None:
        yield Problem(path, 'lacks the line "by: …" (the question whose answer it depends on).')
        return
    questions = [name for name, question in policy.questions.items() if kind_of(question).options(question)]
    if by not in questions and by in policy.questions:
        yield Problem((*path, "by"), f'"{by}" is no question with choices. {suggestion(by, questions)}')
        return
    yield from unknown_name((*path, "by"), "question", by, questions)
    choices = policy.questions[by].choices or {} if by in questions else {}
    for choice in choices:
        if choice not in value:
            message = f'lacks a line for "{choice}", which is an answer to "{by}". Say what it is then.'
            yield Problem(path, message)
    for choice in value.keys() - choices.keys() - {"by"} if choices else ():
        yield Problem((*path, choice), unknown_answer_message(policy, by, choice), at_key=True)
