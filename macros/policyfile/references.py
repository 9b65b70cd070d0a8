"""Checks that types cannot make: every name refers to something, and every part fits the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from babel.localedata import locale_identifiers

from checker.answers.kinds import KINDS, kind_of
from checker.answers.parse import LATEST_TODAY
from checker.engine.compile import ANY
from checker.engine.parts import COSTS, REMEDIES
from checker.messages import CATALOGUES
from checker.policy import Clause, Invariant, Policy, Question, key
from macros.policyfile import conditions, places, shop_checks, value_checks
from macros.policyfile.characters import appearance
from macros.policyfile.conditions import ID, unknown_value
from macros.policyfile.errors import ENGLISH, KeyPath, Problem, duplicates, unknown_name

_FIRST_YEAR = 1900
"""An earlier year is a typing mistake."""

_MAX_FIRST_WORDS = 20
"""Words in the first sentence of an outcome, which a worried customer reads first."""

RESERVED = frozenset(["by", "outcome", "today", "unknown"])
"""Words with a meaning of their own, which cannot be ids of questions, answers and values."""

_IDS_ONCE = ("proof", "steps", "reminders", "interpretations", "estimates")
"""Parts of clauses whose ids are used without the id of the clause."""


def problems(policy: Policy) -> Iterator[Problem]:
    """All problems, in no particular order."""
    yield from _top_level(policy)
    yield from shop_checks.problems(policy)
    yield from _proof_questions(policy)
    yield from _ids(policy)
    yield from _unique_ids(policy)
    for name, question in policy.questions.items():
        yield from _question(("questions", name), question, policy)
    yield from value_checks.problems(policy)
    for name, clause in policy.clauses.items():
        yield from _clause(("clauses", name), clause, policy)
    yield from conditions.problems(policy)
    yield from places.problems(policy)
    for name, invariant in policy.invariants.items():
        yield from _invariant(("invariants", name), invariant, policy)
    for name, card in policy.summary.items():
        yield from unknown_name(("summary", name, "clause"), "clause", card.clause, policy.clauses)
    for name, example in policy.examples.items():
        path: KeyPath = ("examples", name)
        yield from unknown_name((*path, "outcome"), "outcome", example.outcome, policy.outcomes)
        for question_name in example.answers:
            answer_path = (*path, "answers", question_name)
            yield from unknown_name(answer_path, "question", question_name, policy.questions, at_key=True)


def _top_level(policy: Policy) -> Iterator[Problem]:
    if not policy.version.strip():
        yield Problem(("version",), 'is empty. Write a version, such as "1.0".')
    days: dict[KeyPath, date] = {("valid from",): policy.valid_from}
    days |= {("examples", name, "today"): example.today for name, example in policy.examples.items()}
    for path, day in days.items():
        if not _FIRST_YEAR <= day.year < LATEST_TODAY.year:
            yield Problem(path, "is too far away from any order. Check the year.")
    for name, outcome in policy.outcomes.items():
        words = len(re.split(r"(?<=[.!?])\s", outcome.text.strip())[0].split())
        if words > _MAX_FIRST_WORDS:
            message = (
                f"its first sentence has {words} words. Write at most {_MAX_FIRST_WORDS}, so that it is read at once."
            )
            yield Problem(("outcomes", name, "text"), message)
    if (
        policy.language.partition("-")[0] not in CATALOGUES
        or policy.language.replace("-", "_") not in locale_identifiers()
    ):
        message = (
            "must be a language that the buttons and sentences of the site are in, too: "
            f"{ENGLISH.join(CATALOGUES, 'or')}, alone or with a country, such as {next(iter(CATALOGUES))}-GB. "
            f'It says "{policy.language}".'
        )
        yield Problem(("language",), message)
    working_days = policy.calendar.working_days
    if not working_days:
        yield Problem(("calendar", "working days"), "is empty. Name the days of the week on which you work.")
    yield from duplicates(("calendar", "working days"), working_days)
    if len(policy.outcomes) < 2:
        yield Problem(("outcomes",), "there must be at least two outcomes, or there is nothing to decide.")
    if not policy.rules:
        yield Problem(("clauses",), "there must be at least one rule. Rules stand in the clauses.")


def _proof_questions(policy: Policy) -> Iterator[Problem]:
    """Problems of the question that asks for proof: there is one exactly if clauses ask for proof."""
    proof_questions = [name for name, question in policy.questions.items() if kind_of(question).is_proof]
    has_items = bool(policy.proof)
    for name in proof_questions[1:] if has_items else proof_questions:
        message = "only one question can ask for proof." if has_items else "no clause asks for proof."
        yield Problem(("questions", name, "answer"), f"{message} Take this question away.")
    if has_items and not proof_questions:
        message = 'clauses ask for proof, so one question is needed with the line "answer: proof".'
        yield Problem(("questions",), message)


def _ids(policy: Policy) -> Iterator[Problem]:
    """Problems of ids, which stand in addresses, answers and braces."""
    for path, names, reserved in _id_lists(policy):
        for name in names:
            if not ID.fullmatch(name):
                message = f'"{name}" cannot be a name. Use small letters a to z, digits and _, and begin with a letter.'
                yield Problem((*path, name), message, at_key=True)
            elif name in reserved:
                message = f'"{name}" has a meaning of its own and cannot be a name here. Choose another.'
                yield Problem((*path, name), message, at_key=True)
    for name in policy.values.keys() & policy.questions.keys():
        message = f'a question is named "{name}" too, and in {{braces}} the two would be the same. Rename one.'
        yield Problem(("values", name), message, at_key=True)


def _id_lists(policy: Policy) -> Iterator[tuple[KeyPath, Iterable[str], frozenset[str]]]:
    """Each list of ids with its path and the words that are reserved there."""
    nothing: frozenset[str] = frozenset()
    for part in ("values", "questions"):  # whose ids stand in conditions or in braces before a dot
        yield (part,), getattr(policy, part), RESERVED | {REMEDIES, COSTS}
    yield ("outcomes",), policy.outcomes, RESERVED
    for part in ("remedies", "costs"):
        yield (part,), getattr(policy, part), frozenset([ANY])
    for part in ("topics", "clauses", "summary", "examples", "invariants"):
        yield (part,), getattr(policy, part), nothing
    for name, question in policy.questions.items():
        yield ("questions", name, "choices"), question.choices or (), RESERVED
        yield ("questions", name, "or"), question.or_ or (), RESERVED
    own_words = {"proof": RESERVED, "steps": places.PLACES, "reminders": places.PLACES}
    for name, clause in policy.clauses.items():
        for part in _IDS_ONCE:
            yield ("clauses", name, part), getattr(clause, part), own_words.get(part, nothing)
        for step, body in clause.steps.items():
            yield ("clauses", name, "steps", step, "expect"), body.expect, nothing


def _unique_ids(policy: Policy) -> Iterator[Problem]:
    first: dict[tuple[str | int, str], KeyPath] = {}
    for path, names, _ in _id_lists(policy):
        if path[0] == "clauses" and len(path) > 2:
            for name in names:
                other = first.setdefault((path[-1], name), path)
                if other != path:
                    message = f'the clause "{other[1]}" has "{name}" too. Give each a name of its own.'
                    yield Problem((*path, name), message, at_key=True)


def _question(path: KeyPath, question: Question, policy: Policy) -> Iterator[Problem]:
    kind = kind_of(question)
    for field in {field: None for other in KINDS.values() for field in other.keys}:
        if getattr(question, field) is not None and field not in kind.keys:
            message = f'has no meaning for a question with the line "answer: {question.answer}". Take it away.'
            yield Problem((*path, key(field)), message, at_key=True)
    if "choices" in kind.keys and len(question.choices or ()) < 2:
        yield Problem(path, 'needs "choices", and at least two of them.')
    titles: dict[str, str] = {}
    for part, choices in (("choices", question.choices), ("or", question.or_)):
        for name, choice in (choices or {}).items():
            other = titles.setdefault(appearance(choice.title), name)
            if other != name:
                message = f'has the same title as "{other}". A customer could not tell the two apart.'
                yield Problem((*path, part, name, "title"), message)
    if question.counted_to is not None and kind.counts_days:
        yield from _counted_to((*path, "counted to"), question.counted_to, policy)


def _counted_to(path: KeyPath, name: str, policy: Policy) -> Iterator[Problem]:
    dates = [
        other
        for other, question in policy.questions.items()
        if kind_of(question).counts_days and question.unless_given is not None
    ]
    if name in policy.questions and name not in dates:
        message = f'"{name}" must be a date with the line "unless given: today", or days cannot be counted to it.'
        yield Problem(path, message)
    else:
        yield from unknown_name(path, "question", name, dates)


def _clause(path: KeyPath, clause: Clause, policy: Policy) -> Iterator[Problem]:
    yield from unknown_name((*path, "topic"), "topic", clause.topic, policy.topics)
    for number, rule in enumerate(clause.rules):
        yield from unknown_name((*path, "rules", number, "outcome"), "outcome", rule.outcome, policy.outcomes)
    for number, grant in enumerate(clause.grants):
        here: KeyPath = (*path, "grants", number)
        for place, remedy in enumerate(grant.remedies):
            yield from unknown_name((*here, "remedies", place), "remedy", remedy, policy.remedies)
        yield from duplicates((*here, "remedies"), grant.remedies)
        if grant.costs is not None:
            yield from unknown_name((*here, "costs"), "bearer of costs", grant.costs, policy.costs)
        if not grant.remedies and grant.costs is None:
            yield Problem(here, 'grants nothing. Add "remedies" or "costs".')
    amounts = [name for name, question in policy.questions.items() if kind_of(question).is_money]
    for name, estimate in clause.estimates.items():
        for field in ("of", "that", "is_of"):
            place_of: KeyPath = (*path, "estimates", name, "share", key(field))
            yield from unknown_name(place_of, "question for an amount", getattr(estimate.share, field), amounts)
    dates = [name for name, question in policy.questions.items() if kind_of(question).counts_days]
    for name, step in clause.steps.items():
        for expected, expectation in step.expect.items():
            here = (*path, "steps", name, "expect", expected)
            yield from unknown_value((*here, "wait"), expectation.wait, policy)
            if isinstance(policy.values.get(expectation.wait), Mapping):
                message = f'"{expectation.wait}" depends on an answer. Name a value that is always the same.'
                yield Problem((*here, "wait"), message)
            yield from unknown_name((*here, "after"), "question for a date", expectation.after, dates)


def _invariant(path: KeyPath, invariant: Invariant, policy: Policy) -> Iterator[Problem]:
    if invariant.always is None and invariant.never_worse_if_sooner is None:
        yield Problem(path, 'says nothing that could be proved. Add "always" or "never worse if sooner".')
    if invariant.always is None and invariant.when is not None:
        yield Problem((*path, "when"), 'has no meaning without "always". Add that, or take this away.', at_key=True)
    if invariant.never_worse_if_sooner is not None:
        counted = {name: question.counted_to for name, question in policy.questions.items() if question.counted_to}
        dates = [name for name in policy.questions if name in counted or name in counted.values()]
        here = (*path, key("never_worse_if_sooner"))
        yield from unknown_name(here, "date that is counted", invariant.never_worse_if_sooner, dates)
