"""The rules of a clause and the demand of an invariant as lines of text, in the words of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten

from checker.policy import Clause, Invariant, Policy, When
from macros.diff.alignment import Alignment
from macros.diff.settings import condition
from macros.diff.wording import sentence
from macros.pages.clauses import Clauses
from macros.pages.condition_text import Conditions
from macros.policyfile.errors import ENGLISH

_SHORT = 90
"""Limit of an interpretation before its condition, in characters. The whole text stands among the clause's words."""


def consequence_lines(policy: Policy, clause: Clause, *, decided: bool) -> tuple[str, ...]:
    """The topic of a clause, and one line for each of its consequences.

    Conditions are in words if the policy is decided, else as they are written, because their ids may be unknown.
    """
    topic = sentence("clauses.topic", topic=policy.topics.get(clause.topic, clause.topic))
    return topic, *(_consequences(policy, clause) if decided else _written_consequences(clause))


def invariant_lines(policy: Policy, invariant: Invariant, *, decided: bool) -> tuple[str, ...]:
    """The text of an invariant, and one line for each of its demands."""
    return invariant.text, *(_demands(policy, invariant) if decided else _written_demands(invariant))


def _consequences(policy: Policy, clause: Clause) -> Iterator[str]:
    for kind, items in Clauses(policy, Conditions(policy)).consequences(clause).items():
        for when, markup in items:
            text = markup.striptags()
            text = shorten(text, _SHORT, placeholder=" …") if kind == "interpretations" else text
            label = policy.messages.say(f"pages.{kind}")
            yield f"{label}: {_with_full_stop(text)} {_condition_text(policy, when)}"


def _condition_text(policy: Policy, when: When | None) -> str:
    """A condition in words."""
    alternatives = Conditions(policy).alternatives(when) if when is not None else ()
    ways = [" ".join(sentence.striptags() for sentence in sentences) for sentences in alternatives]
    if len(ways) > 1:
        numbered = " ".join(f"({number}) {way}" for number, way in enumerate(ways, 1))
        return f"{policy.messages.say('pages.any_case')} {numbered}"
    return ways[0] if ways else policy.messages.say("pages.every_case")


def _with_full_stop(text: str) -> str:
    return text if text[-1:] in ".!?…" else f"{text}."


def _written_consequences(clause: Clause) -> Iterator[str]:
    for rule in clause.rules:
        yield f"{rule.outcome}: {condition(rule.when, Alignment())}"
    for grant in clause.grants:
        granted = ENGLISH.join([*grant.remedies, *([grant.costs] if grant.costs else [])])
        yield f"{granted}: {condition(grant.when, Alignment())}"
    for part in ("proof", "steps", "estimates", "reminders", "interpretations"):
        for name, item in getattr(clause, part).items():
            if item.when is not None:
                yield f"{name}: {condition(item.when, Alignment())}"


def _demands(policy: Policy, invariant: Invariant) -> Iterator[str]:
    if invariant.always is not None:
        yield _condition_text(policy, invariant.when)
        yield f"{policy.messages.say('proof.always')} {_condition_text(policy, invariant.always)}"
    if invariant.never_worse_if_sooner:
        yield policy.messages.say("proof.sooner", question=policy.questions[invariant.never_worse_if_sooner].ask)


def _written_demands(invariant: Invariant) -> Iterator[str]:
    if invariant.always is not None:
        yield sentence("invariants.when", condition=condition(invariant.when or {}, Alignment()))
        yield sentence("invariants.always", condition=condition(invariant.always, Alignment()))
    if invariant.never_worse_if_sooner:
        yield sentence("invariants.never_worse_if_sooner", question=invariant.never_worse_if_sooner)
