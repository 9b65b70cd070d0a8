"""Items that were added, removed, renamed or reordered, and the worked examples that no longer fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from checker import AnswerErrors, Checker, Policy
from checker.answers.kinds import kind_of
from macros.diff.alignment import CLAUSE_PARTS, POLICY_PARTS, Alignment, Ids

LINKED_PARTS = ("questions", "answers", "proof", "clauses")
"""The parts whose ids stand in links: clauses in links to the policy page, all others in links to the checker."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StructureChange:
    """An item that was added, removed or renamed; or a part whose items are in another order."""

    kind: Literal["added", "removed", "renamed", "remade", "reordered"]
    """A question that is remade takes another kind of answer than before."""
    part: str
    before: str | None = None
    """Its id in the old version."""
    after: str | None = None
    parent: str | None = None
    """The new id of the question of an answer, or of the clause of its part."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenExample:
    """A worked example of the old version that the new version decides differently, or not at all."""

    example: str
    outcome_before: str
    outcome_after: str | None
    """None if some answers are invalid now, or leave the outcome open."""
    questions: tuple[str, ...]
    """The questions whose answers are invalid now."""
    in_new: bool
    """Whether the new version has the example too, with changes."""


def structure_changes(old: Policy, new: Policy, alignment: Alignment) -> Iterator[StructureChange]:
    """The items that were added, removed, renamed or reordered, without the parts of added and removed items."""
    for part in POLICY_PARTS:
        yield from _changes(part, getattr(old, part), getattr(new, part), alignment.parts[part])
        yield from _reordered(part, getattr(old, part), getattr(new, part), alignment.parts[part])
    for old_id, new_id in alignment.parts["questions"].items():
        before, after = old.questions[old_id], new.questions[new_id]
        if before.answer != after.answer and not (kind_of(before).is_money and kind_of(after).is_money):
            yield StructureChange(kind="remade", part="questions", before=old_id, after=new_id)
        else:
            yield from _changes("answers", before.offered, after.offered, alignment.answers[old_id], new_id)
            yield from _reordered("answers", before.offered, after.offered, alignment.answers[old_id], new_id)
    clauses = alignment.parts["clauses"]
    for part in CLAUSE_PARTS:
        for change in _changes(part, getattr(old, part), getattr(new, part), alignment.parts[part]):
            removed = change.after is None
            clause = old.clause_of(part, str(change.before)) if removed else new.clause_of(part, str(change.after))
            if clause in (clauses if removed else clauses.values()):
                yield replace(change, parent=clauses.get(clause, clause))
        for old_id, new_id in clauses.items():
            before, after = getattr(old.clauses[old_id], part), getattr(new.clauses[new_id], part)
            yield from _reordered(part, before, after, alignment.parts[part], new_id)


def broken_examples(old: Policy, new: Policy, alignment: Alignment) -> Iterator[BrokenExample]:
    """The worked examples of the old version that the new version decides differently, or not at all."""
    checker = Checker(new)
    for name, example in old.examples.items():
        before = alignment.new_id("outcomes", example.outcome)
        after: str | None = None
        questions: tuple[str, ...] = ()
        try:
            after = checker.decide(example.answers, example.today).outcome
        except AnswerErrors as errors:
            questions = tuple(dict.fromkeys(error.question or "" for error in errors.errors))
        if after != before:
            yield BrokenExample(
                example=alignment.new_id("examples", name),
                outcome_before=before,
                outcome_after=after,
                questions=questions,
                in_new=name in alignment.parts["examples"],
            )


def _changes(
    part: str, old: Iterable[str], new: Iterable[str], ids: Ids, parent: str | None = None
) -> Iterator[StructureChange]:
    for name in old:
        if name not in ids:
            yield StructureChange(kind="removed", part=part, before=name, parent=parent)
        elif ids[name] != name:
            yield StructureChange(kind="renamed", part=part, before=name, after=ids[name], parent=parent)
    for name in new:
        if name not in ids.values():
            yield StructureChange(kind="added", part=part, after=name, parent=parent)


def _reordered(
    part: str, old: Iterable[str], new: Collection[str], ids: Ids, parent: str | None = None
) -> Iterator[StructureChange]:
    """Yields one change if the items of both versions are in another order."""
    before = [ids[name] for name in old if name in ids]
    if [name for name in before if name in new] != [name for name in new if name in before]:
        yield StructureChange(kind="reordered", part=part, parent=parent)
