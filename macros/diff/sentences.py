"""What a clause decides and what an invariant demands, line by line, in the words of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten

from checker.policy import Clause, Invariant, Policy, When
from macros.diff.alignment import Names
from macros.diff.settings import condition
from macros.pages.clauses import Clauses
from macros.pages.condition_text import Conditions
from macros.policyfile.errors import ENGLISH

_SHORT = 90
"""How much of a reading stands behind its condition, in letters. Its text is a part of the clause's words."""


def effect_lines(policy: Policy, clause: Clause, *, decided: bool) -> tuple[str, ...]:
    """Under which topic a clause stands, and what follows from it.

    Unless its policy can be decided, conditions are given as they are written: their names may lead nowhere.
    """
    place = f"Stands under: {policy.topics.get(clause.topic, clause.topic)}"
    return place, *(_decided(policy, clause) if decided else _written(clause))


def guard_lines(policy: Policy, invariant: Invariant, *, decided: bool) -> tuple[str, ...]:
    """What an invariant says, and what is demanded by it."""
    return invariant.text, *(_demanded(policy, invariant) if decided else _demanded_as_written(invariant))


def _decided(policy: Policy, clause: Clause) -> Iterator[str]:
    for kind, effects in Clauses(policy, Conditions(policy)).effects(clause).items():
        for effect in effects:
            text = effect.text.striptags()
            text = shorten(text, _SHORT, placeholder=" …") if kind == "readings" else text
            yield f"{policy.messages.say(f'pages.{kind}')}: {_ended(text)} {_cases(policy, effect.when)}"


def _cases(policy: Policy, when: When | None) -> str:
    """The cases of a condition. Outcomes stand in quotes, as no sign shows where a title ends."""
    ways = []
    for case in Conditions(policy).cases(when) if when is not None else ():
        titles = policy.messages.join((f"“{policy.outcomes[name].title}”" for name in case.outcomes), "or")
        asked = [f"{policy.messages.say('pages.outcomes')} {titles}."] if titles else []
        ways.append(" ".join([*asked, *(sentence.striptags() for sentence in case.sentences)]))
    if len(ways) > 1:
        numbered = " ".join(f"({number}) {way}" for number, way in enumerate(ways, 1))
        return f"{policy.messages.say('pages.any_case')} {numbered}"
    return ways[0] if ways else policy.messages.say("pages.every_case")


def _ended(text: str) -> str:
    """A text with a full stop, if it has no end."""
    return text if text[-1:] in ".!?…" else f"{text}."


def _written(clause: Clause) -> Iterator[str]:
    for rule in clause.rules:
        yield f"{rule.outcome}: {condition(rule.when, Names())}"
    for grant in clause.grants:
        things = ENGLISH.join([*grant.remedies, *([grant.costs] if grant.costs else [])])
        yield f"{things}: {condition(grant.when, Names())}"
    for part in ("proof", "steps", "estimates", "reminders", "interpretations"):
        for name, thing in getattr(clause, part).items():
            if thing.when is not None:
                yield f"{name}: {condition(thing.when, Names())}"


def _demanded(policy: Policy, invariant: Invariant) -> Iterator[str]:
    if invariant.always is not None:
        yield _cases(policy, invariant.when)
        yield f"{policy.messages.say('proof.always')} {_cases(policy, invariant.always)}"
    if invariant.never_worse_if_sooner:
        yield policy.messages.say("proof.sooner", question=policy.questions[invariant.never_worse_if_sooner].ask)


def _demanded_as_written(invariant: Invariant) -> Iterator[str]:
    if invariant.always is not None:
        yield f"when {condition(invariant.when or {}, Names())}"
        yield f"always {condition(invariant.always, Names())}"
    if invariant.never_worse_if_sooner:
        yield f"never worse if sooner: {invariant.never_worse_if_sooner}"
