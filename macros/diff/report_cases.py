"""The cases that are decided differently, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from checker.engine.compile import OUTCOME
from macros.diff.decisions import Decisions
from macros.diff.report_model import Item
from macros.diff.statements import Change, Effect
from macros.diff.verdict_parts import CLAUSES, LAST_DAY
from macros.diff.wording import KINDS, Phrases
from macros.policyfile.errors import ENGLISH

_ORDER = (OUTCOME, LAST_DAY, *KINDS)
_NAMED = ("remedies", "costs")
"""What is named of all that comes or goes with an outcome."""

_COUNTED = {
    "proof": ("piece of proof", "pieces of proof"),
    "steps": ("step", "steps"),
    "reminders": ("reminder", "reminders"),
}
"""What is counted. Of our readings nobody needs to hear here."""

_SHOWN = 12
"""How many groups of cases are read. With ``--format json`` all are there."""

_SCATTERED = "These cases have too little in common to be listed."


def changed(decisions: Decisions, phrases: Phrases, effect: Effect) -> Iterator[Item]:
    """All that changes for customers with this effect."""
    own = [change for change in decisions.changes if change.effect == effect and not change.with_outcome]
    own.sort(key=lambda change: (_ORDER.index(change.kind), -change.cases))
    for change, *others in _alike(own):
        text = "; ".join([phrases.became(change), *(phrases.title(each.kind, each.id) for each in others)])
        beside = [*_beside(change, decisions.changes, phrases)] if change.kind == OUTCOME else []
        yield Item(
            text=text,
            count=f"{change.cases:,} of {change.of:,} cases",
            where=_where(change, phrases),
            beside=tuple(beside),
            case=tuple(phrases.told(change.case)),
            link=link(change),
        )


def only(decisions: Decisions, phrases: Phrases, *, gone: bool) -> Iterator[Item]:
    """What becomes of the cases with each answer that is new, or gone."""
    for found in decisions.only:
        if found.gone != gone:
            continue
        question = phrases.question(found.question, gone=gone)
        changes = sorted(found.changes, key=lambda change: -change.cases)
        yield Item(
            text=f"“{question.offered[found.answer].title}” as an answer to “{question.ask}”",
            count=f"{found.cases:,} {'case' if found.cases == 1 else 'cases'}",
            where=tuple(
                f"{phrases.became(change)}: {'; or '.join(_where(change, phrases, found.question))}"
                for change in changes
            ),
            case=tuple(phrases.told(changes[0].case, gone=gone)),
            link="" if gone else link(changes[0]),
        )


def link(change: Change) -> str:
    """The case of a change, as the page of the checker takes it from a link."""
    return f"check/#{urlencode(change.case)}"


def _where(change: Change, phrases: Phrases, aside: str | None = None) -> tuple[str, ...]:
    if not change.statements:
        return (_SCATTERED,)
    shown = [phrases.where(each, aside) for each in change.statements[:_SHOWN]]
    more = len(change.statements) - len(shown)
    return (*shown, f"and {more:,} more, which --format json lists") if more else tuple(shown)


def _alike(changes: Iterable[Change]) -> Iterable[list[Change]]:
    """Things that come, or go, in the very same cases stand together."""
    groups: dict[object, list[Change]] = {}
    for change in changes:
        comes_or_goes = change.kind in KINDS and None in (change.before, change.after)
        cases = tuple(each.asked for each in change.statements)
        key = (change.kind, change.before is None, cases) if comes_or_goes and cases else id(change)
        groups.setdefault(key, []).append(change)
    return groups.values()


def _beside(outcome: Change, changes: Iterable[Change], phrases: Phrases) -> Iterator[str]:
    """What comes and goes with an outcome."""
    own = [change for change in changes if change.with_outcome == (outcome.before, outcome.after)]
    for heading, gone in (("With it", False), ("No longer", True)):
        there = [change for change in own if (change.after if gone else change.before) is None]
        said = [
            phrases.title(kind, change.id, before=gone) + ("" if change.cases == outcome.cases else " (in some cases)")
            for kind in _NAMED
            for change in there
            if change.kind == kind
        ]
        for kind, (one, several) in _COUNTED.items():
            if number := sum(change.kind == kind for change in there):
                said.append(f"{number} {one if number == 1 else several}")
        if said:
            yield f"{heading}: {'; '.join(said)}"
    reasons = [
        ENGLISH.join(phrases.title(CLAUSES, name, before=gone) for name in ids)
        for gone in (True, False)
        if (ids := [c.id for c in own if c.kind == CLAUSES and (c.after is None) == gone])
    ]
    if reasons:
        yield f"The reason: {' → '.join(reasons)}"
