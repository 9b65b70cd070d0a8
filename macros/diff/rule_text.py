"""The rules of a clause and the demand of an invariant as lines of text, in the words of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten

from checker.policy import Clause, Policy, When
from macros.diff.alignment import Alignment
from macros.diff.settings import condition, settings
from macros.diff.wording import sentence
from macros.pages.clauses import Clauses
from macros.pages.condition_text import Conditions
from macros.policyfile.errors import ENGLISH

_SHORT = 90
"""Limit of an interpretation before its condition, in characters. The whole text stands among the clause's words."""


def consequence_lines(policy: Policy, clause: Clause, *, decided: bool) -> Iterator[str]:
    """The topic of a clause, and one line for each of its consequences.

    Conditions are in words if the policy is decided, else as they are written, because their ids may be unknown. The
    topic stands by its id in a version whose mistakes leave it without a title.
    """
    yield sentence("clauses.topic", topic=policy.topics.get(clause.topic, clause.topic))
    if not decided:
        yield from _written_consequences(clause)
        return
    for kind, items in Clauses(policy, Conditions(policy)).consequences(clause).items():
        for item in items:
            text = item.text.striptags()
            text = shorten(text, _SHORT, placeholder=" …") if kind == "interpretations" else text
            text = text if text[-1:] in ".!?…" else f"{text}."
            yield f"{policy.messages.say(f'rules.{kind}')}: {text} {_condition_text(policy, item.when)}"


def invariant_lines(policy: Policy, name: str, *, decided: bool) -> Iterator[str]:
    """The text of an invariant, and one line for each of its demands; conditions as in ``consequence_lines``."""
    invariant = policy.invariants[name]
    yield invariant.text
    if not decided:
        written = settings(policy, Alignment()).items()
        yield from (
            f"{path[2]} {text}" for path, text in written if path[:2] == ("invariants", name) and path[2] != "text"
        )
        return
    if invariant.always is not None:
        yield _condition_text(policy, invariant.when)
        yield f"{policy.messages.say('proof.always')} {_condition_text(policy, invariant.always)}"
    if invariant.never_worse_if_sooner:
        yield policy.messages.say("proof.sooner", question=policy.questions[invariant.never_worse_if_sooner].ask)


def _condition_text(policy: Policy, when: When | None) -> str:
    """A condition in words."""
    alternatives = Conditions(policy).alternatives(when) if when is not None else ()
    ways = [" ".join(sentence.striptags() for sentence in sentences) for sentences in alternatives]
    if len(ways) > 1:
        numbered = " ".join(f"({number}) {way}" for number, way in enumerate(ways, 1))
        return f"{policy.messages.say('pages.any_case')} {numbered}"
    return ways[0] if ways else policy.messages.say("pages.every_case")


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
