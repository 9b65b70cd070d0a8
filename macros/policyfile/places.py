"""Checks of `at` and of the titles of reminders: each note has one place in a result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.engine.parts import PROOF, REMEDIES
from checker.explain.tasks import LAST_DAY, OUTCOME
from checker.policy import Note, Policy
from macros.policyfile.errors import Problem, unknown_name

PLACES = frozenset([PROOF, REMEDIES, OUTCOME, LAST_DAY])
"""The places that are no step and no reminder."""


def problems(policy: Policy) -> Iterator[Problem]:
    """The places that do not exist, and the titles of notes that cannot stand by themselves."""
    places = {*PLACES, *policy.steps, *(name for name, note in policy.reminders.items() if note.title)}
    for id_, clause in policy.clauses.items():
        for part in ("reminders", "interpretations"):
            notes: Mapping[str, Note] = getattr(clause, part)
            for name, note in notes.items():
                path = ("clauses", id_, part, name)
                if note.at is not None:
                    yield from unknown_name((*path, "at"), "place of a result", note.at, places)
                if note.title and (note.at or note.when is None or part == "interpretations"):
                    message = 'is for a reminder that is a task of its own: one with "when", and without "at".'
                    yield Problem((*path, "title"), message)
