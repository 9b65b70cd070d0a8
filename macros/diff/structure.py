"""What was added, taken away or renamed, and what that breaks: links that were shared, and worked examples."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from checker import AnswerErrors, Checker, Policy
from macros.diff.alignment import OF_CLAUSES, WHOLE, Ids, Names

LINKED = ("questions", "answers", "proof", "clauses")
"""What links name by id: those to the checker answers, and those to the policy page clauses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A thing that is new, gone, or stands under another id; or things that stand in another order."""

    what: Literal["added", "removed", "renamed", "remade", "reordered"]
    """A question that is remade takes another kind of answer than before."""
    part: str
    before: str | None = None
    """Its id in the old version."""
    after: str | None = None
    within: str | None = None
    """For an answer its question, for a part of a clause its clause; in the new version."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Misfit:
    """A worked example of the old version that the new one does not answer as it was."""

    example: str
    was: str
    becomes: str | None
    """None where its answers do not fit any more, or leave the outcome open."""
    questions: tuple[str, ...]
    """Whose answers do not fit."""
    kept: bool
    """Whether the new version still has it, mended."""


def moved(old: Policy, new: Policy, names: Names) -> Iterator[Moved]:
    """What was added, removed, renamed and put in another order.

    The parts of what is new or gone as a whole are not named again.
    """
    for part in WHOLE:
        yield from _moved(part, getattr(old, part), getattr(new, part), names.parts[part])
        yield from _reordered(part, getattr(old, part), getattr(new, part), names.parts[part])
    for question, now in names.parts["questions"].items():
        before, after = old.questions[question], new.questions[now]
        if before.answer != after.answer and not (before.is_amount and after.is_amount):
            yield Moved(what="remade", part="questions", before=question, after=now)
        else:
            yield from _moved("answers", before.offered, after.offered, names.answers[question], now)
            yield from _reordered("answers", before.offered, after.offered, names.answers[question], now)
    clauses = names.parts["clauses"]
    for part in OF_CLAUSES:
        for each in _moved(part, getattr(old, part), getattr(new, part), names.parts[part]):
            gone = each.after is None
            clause = old.clause_of(part, str(each.before)) if gone else new.clause_of(part, str(each.after))
            if clause in (clauses if gone else clauses.values()):
                yield replace(each, within=clauses.get(clause, clause))
        for clause, now in clauses.items():
            before, after = getattr(old.clauses[clause], part), getattr(new.clauses[now], part)
            yield from _reordered(part, before, after, names.parts[part], now)


def misfits(old: Policy, new: Policy, names: Names) -> Iterator[Misfit]:
    """The worked examples of the old version that the new one would decide otherwise, or not at all."""
    checker = Checker(new)
    for name, example in old.examples.items():
        was = names.new("outcomes", example.outcome)
        becomes: str | None = None
        questions: tuple[str, ...] = ()
        try:
            becomes = checker.decide(example.answers, example.today).outcome
        except AnswerErrors as errors:
            questions = tuple(dict.fromkeys(error.question or "" for error in errors.errors))
        if becomes != was:
            kept = name in names.parts["examples"]
            yield Misfit(example=names.new("examples", name), was=was, becomes=becomes, questions=questions, kept=kept)


def _moved(part: str, old: Iterable[str], new: Iterable[str], ids: Ids, within: str | None = None) -> Iterator[Moved]:
    for name in old:
        if name not in ids:
            yield Moved(what="removed", part=part, before=name, within=within)
        elif ids[name] != name:
            yield Moved(what="renamed", part=part, before=name, after=ids[name], within=within)
    for name in new:
        if name not in ids.values():
            yield Moved(what="added", part=part, after=name, within=within)


def _reordered(
    part: str, old: Iterable[str], new: Collection[str], ids: Ids, within: str | None = None
) -> Iterator[Moved]:
    """Whether what is in both stands in another order."""
    were = [ids[name] for name in old if name in ids]
    if [name for name in were if name in new] != [name for name in new if name in were]:
        yield Moved(what="reordered", part=part, within=within)
