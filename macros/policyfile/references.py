"""What no type can say of a policy: every name leads somewhere, and every part fits the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from babel.localedata import locale_identifiers

from checker.answers.parse import LATEST_TODAY
from checker.engine.compile import ANY
from checker.engine.parts import COSTS, REMEDIES
from checker.messages import LANGUAGES, join
from checker.policy import Clause, Invariant, Policy, Question, key
from macros.policyfile import value_checks
from macros.policyfile.characters import appearance
from macros.policyfile.conditions import in_whens, names_value
from macros.policyfile.errors import Path, Problem, known, twice

_ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_WEB = re.compile(r"https://[^\s/@<>\"']+(/[^\s<>\"']*)?")
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_FIRST_YEAR = 1900
"""Before it nobody ordered anything here: somebody mistyped a year."""

_LONGEST_FIRST = 20
"""Words in the first sentence of an outcome, which a worried customer reads first."""


RESERVED = frozenset(["by", "outcome", "today", "unknown"])
"""Words that mean something of their own where questions, answers and values are named."""

_IDS_ONCE = ("proof", "steps", "reminders", "interpretations", "estimates")
"""Parts of clauses whose ids are used without their clause's."""

_KEYS_FOR_ANSWERS = {
    "choices": ("one choice",),
    "counted_to": ("date",),
    "unless_given": ("date",),
    "or_": ("date",),
}


def problems(policy: Policy) -> Iterator[Problem]:
    """All that does not fit, in no order."""
    yield from _heads(policy)
    yield from _ids(policy)
    yield from _unique_ids(policy)
    for name, question in policy.questions.items():
        yield from _question(("questions", name), question, policy)
    yield from value_checks.problems(policy)
    for name, clause in policy.clauses.items():
        yield from _clause(("clauses", name), clause, policy)
    yield from in_whens(policy)
    for name, invariant in policy.invariants.items():
        yield from _invariant(("invariants", name), invariant, policy)
    for name, card in policy.summary.items():
        yield from known(("summary", name, "clause"), "clause", card.clause, policy.clauses)
    for name, example in policy.examples.items():
        here: Path = ("examples", name)
        yield from known((*here, "outcome"), "outcome", example.outcome, policy.outcomes)
        for asked in example.answers:
            yield from known((*here, "answers", asked), "question", asked, policy.questions, at_key=True)


def _heads(policy: Policy) -> Iterator[Problem]:
    if not policy.version.strip():
        yield Problem(("version",), 'is empty. Write a version, such as "1.0".')
    days: dict[Path, date] = {("valid from",): policy.valid_from}
    days |= {("examples", name, "today"): example.today for name, example in policy.examples.items()}
    for path, day in days.items():
        if not _FIRST_YEAR <= day.year < LATEST_TODAY.year:
            yield Problem(path, "is too far away from any order. Check the year.")
    for name, outcome in policy.outcomes.items():
        words = len(re.split(r"(?<=[.!?])\s", outcome.text.strip())[0].split())
        if words > _LONGEST_FIRST:
            message = (
                f"its first sentence has {words} words. Write at most {_LONGEST_FIRST}, so that it is read at once."
            )
            yield Problem(("outcomes", name, "text"), message)
    if (
        policy.language.partition("-")[0] not in LANGUAGES
        or policy.language.replace("-", "_") not in locale_identifiers()
    ):
        message = (
            f"must be a language that the buttons and sentences of the site are in, too: {join(LANGUAGES, 'or')}, "
            f'alone or with a country, such as {LANGUAGES[0]}-GB. It says "{policy.language}".'
        )
        yield Problem(("language",), message)
    if policy.shop.contact and not (_WEB.fullmatch(policy.shop.contact) or _E_MAIL.fullmatch(policy.shop.contact)):
        message = "must be an e-mail address, or a web address that begins with https://."
        yield Problem(("shop", "contact"), message)
    if policy.shop.apply_at and not _WEB.fullmatch(policy.shop.apply_at):
        yield Problem(("shop", "apply at"), "must be a web address that begins with https://.")
    if policy.shop.repository and not _WEB.fullmatch(policy.shop.repository):
        yield Problem(("shop", "repository"), "must be a web address that begins with https://.")
    working_days = policy.calendar.working_days
    if not working_days:
        yield Problem(("calendar", "working days"), "is empty. Name the days of the week on which you work.")
    yield from twice(("calendar", "working days"), working_days)
    if len(policy.outcomes) < 2:
        yield Problem(("outcomes",), "there must be at least two outcomes, or there is nothing to decide.")
    if not policy.rules:
        yield Problem(("clauses",), "there must be at least one rule. Rules stand in the clauses.")
    asks = [name for name, question in policy.questions.items() if question.answer == "proof"]
    for name in asks[1:] if policy.proof else asks:
        message = "only one question can ask for proof." if policy.proof else "no clause asks for proof."
        yield Problem(("questions", name, "answer"), f"{message} Take this question away.")
    if policy.proof and not asks:
        message = 'clauses ask for proof, so one question is needed with the line "answer: proof".'
        yield Problem(("questions",), message)


def _ids(policy: Policy) -> Iterator[Problem]:
    """An id is small and plain, so that it can stand in addresses, answers and braces."""
    for path, names, reserved in _named(policy):
        for name in names:
            if not _ID.fullmatch(name):
                message = f'"{name}" cannot be a name. Use small letters a to z, digits and _, and begin with a letter.'
                yield Problem((*path, name), message, at_key=True)
            elif name in reserved:
                message = f'"{name}" has a meaning of its own and cannot be a name here. Choose another.'
                yield Problem((*path, name), message, at_key=True)
    for name in policy.values.keys() & policy.questions.keys():
        message = f'a question is named "{name}" too, and in {{braces}} the two would be the same. Rename one.'
        yield Problem(("values", name), message, at_key=True)


def _named(policy: Policy) -> Iterator[tuple[Path, Iterable[str], frozenset[str]]]:
    """Every list of ids, and the words that may not be among them."""
    free: frozenset[str] = frozenset()
    for part in ("values", "outcomes"):
        yield (part,), getattr(policy, part), RESERVED
    yield ("questions",), policy.questions, RESERVED | {REMEDIES, COSTS}
    for part in ("remedies", "costs"):
        yield (part,), getattr(policy, part), frozenset([ANY])
    for part in ("topics", "clauses", "summary", "examples", "invariants"):
        yield (part,), getattr(policy, part), free
    for name, question in policy.questions.items():
        yield ("questions", name, "choices"), question.choices or (), RESERVED
        yield ("questions", name, "or"), question.or_ or (), RESERVED
    for name, clause in policy.clauses.items():
        for part in _IDS_ONCE:
            yield ("clauses", name, part), getattr(clause, part), RESERVED if part == "proof" else free
        for step, body in clause.steps.items():
            yield ("clauses", name, "steps", step, "expect"), body.expect, free


def _unique_ids(policy: Policy) -> Iterator[Problem]:
    first: dict[tuple[str, str], str] = {}
    for path, names, _ in _named(policy):
        if path[0] == "clauses" and len(path) > 2:
            for name in names:
                clause = first.setdefault((str(path[-1]), name), str(path[1]))
                if clause != path[1] or (path[-1] == "expect" and Counter(_expected(policy))[name] > 1):
                    message = f'the clause "{clause}" has "{name}" too. Give each a name of its own.'
                    yield Problem((*path, name), message, at_key=True)


def _expected(policy: Policy) -> Iterator[str]:
    return (name for c in policy.clauses.values() for step in c.steps.values() for name in step.expect)


def _question(path: Path, question: Question, policy: Policy) -> Iterator[Problem]:
    for field, answers in _KEYS_FOR_ANSWERS.items():
        if getattr(question, field) is not None and question.answer not in answers:
            message = f'has no meaning for a question with the line "answer: {question.answer}". Take it away.'
            yield Problem((*path, key(field)), message, at_key=True)
    if question.answer == "one choice" and len(question.choices or {}) < 2:
        yield Problem(path, 'needs "choices", and at least two of them.')
    titles: dict[str, str] = {}
    for part, choices in (("choices", question.choices), ("or", question.or_)):
        for name, choice in (choices or {}).items():
            other = titles.setdefault(appearance(choice.title), name)
            if other != name:
                message = f'has the same title as "{other}". A customer could not tell the two apart.'
                yield Problem((*path, part, name, "title"), message)
    if question.counted_to is not None and question.answer == "date":
        yield from _counted_to((*path, "counted to"), question.counted_to, policy)


def _counted_to(path: Path, name: str, policy: Policy) -> Iterator[Problem]:
    dates = [
        other
        for other, question in policy.questions.items()
        if question.answer == "date" and question.unless_given is not None
    ]
    if name in policy.questions and name not in dates:
        message = f'"{name}" must be a date with the line "unless given: today", or days cannot be counted to it.'
        yield Problem(path, message)
    else:
        yield from known(path, "question", name, dates)


def _clause(path: Path, clause: Clause, policy: Policy) -> Iterator[Problem]:
    yield from known((*path, "topic"), "topic", clause.topic, policy.topics)
    for number, rule in enumerate(clause.rules):
        yield from known((*path, "rules", number, "outcome"), "outcome", rule.outcome, policy.outcomes)
    for number, grant in enumerate(clause.grants):
        here: Path = (*path, "grants", number)
        for place, remedy in enumerate(grant.remedies):
            yield from known((*here, "remedies", place), "remedy", remedy, policy.remedies)
        yield from twice((*here, "remedies"), grant.remedies)
        if grant.costs is not None:
            yield from known((*here, "costs"), "bearer of costs", grant.costs, policy.costs)
        if not grant.remedies and grant.costs is None:
            yield Problem(here, 'grants nothing. Add "remedies" or "costs".')
    amounts = [name for name, question in policy.questions.items() if question.is_amount]
    for name, estimate in clause.estimates.items():
        for field in ("of", "that", "is_of"):
            place_of: Path = (*path, "estimates", name, "share", key(field))
            yield from known(place_of, "question for an amount", getattr(estimate.share, field), amounts)
    dates = [name for name, question in policy.questions.items() if question.answer == "date"]
    for name, step in clause.steps.items():
        for expected, expectation in step.expect.items():
            here = (*path, "steps", name, "expect", expected)
            yield from names_value((*here, "wait"), expectation.wait, policy)
            if isinstance(policy.values.get(expectation.wait), Mapping):
                message = f'"{expectation.wait}" depends on an answer. Name a value that is always the same.'
                yield Problem((*here, "wait"), message)
            yield from known((*here, "after"), "question for a date", expectation.after, dates)


def _invariant(path: Path, invariant: Invariant, policy: Policy) -> Iterator[Problem]:
    if invariant.always is None and invariant.never_worse_if_sooner is None:
        yield Problem(path, 'says nothing that could be proved. Add "always" or "never worse if sooner".')
    if invariant.always is None and invariant.when is not None:
        yield Problem((*path, "when"), 'has no meaning without "always". Add that, or take this away.', at_key=True)
    if invariant.never_worse_if_sooner is not None:
        counted = {name: question.counted_to for name, question in policy.questions.items() if question.counted_to}
        dates = [name for name in policy.questions if name in counted or name in counted.values()]
        here = (*path, key("never_worse_if_sooner"))
        yield from known(here, "date that is counted", invariant.never_worse_if_sooner, dates)
