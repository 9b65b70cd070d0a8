"""The difference of two versions of a policy: all comparisons in one object."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from checker.engine.compile import PolicyTooComplexError
from macros.diff.alignment import Alignment, align
from macros.diff.decisions import Decisions, decisions
from macros.diff.invariants import WeakenedInvariant, rewritten_invariants, weakened_invariants
from macros.diff.side_by_side import ClauseSides, clauses_to_review
from macros.diff.structure import BrokenExample, StructureChange, broken_examples, structure_changes
from macros.diff.texts import ItemChange, ValueChange, item_changes, value_changes
from macros.diff.version import Version


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """The difference of two versions of a policy."""

    old: Version
    new: Version
    alignment: Alignment
    decisions: Decisions | None
    """None if the old version cannot be decided because of its mistakes, or if a version is too complex."""
    complex_questions: tuple[str, ...]
    """The questions to look at first if a version is too complex."""
    weakened_invariants: tuple[WeakenedInvariant, ...]
    clauses_to_review: tuple[ClauseSides, ...]
    value_changes: tuple[ValueChange, ...]
    item_changes: tuple[ItemChange, ...]
    structure_changes: tuple[StructureChange, ...]
    broken_examples: tuple[BrokenExample, ...]

    @property
    def same_decisions(self) -> bool:
        """Whether it is proved that every case is decided as before, and no case was added or removed."""
        decided = self.decisions
        return decided is not None and not decided.changes and not decided.unshared_answers

    @property
    def wording_only(self) -> bool:
        """Whether also nothing changed that customers rely on: texts of deciding clauses, figures, structure."""
        others = self.weakened_invariants or self.clauses_to_review or self.value_changes or self.structure_changes
        harmless = all(item.texts_only and not item.figures_differ for item in self.item_changes)
        return self.same_decisions and not others and harmless


def difference(old: Version, new: Version, today: date) -> Difference:
    """Compares two versions, as far as their mistakes allow. Examples of cases have `today` as their day."""
    policies = (old.policy, new.policy) if old.policy and new.policy else None
    alignment = align(*(policies or (old.written, new.written)))
    decided: Decisions | None = None
    complex_questions: tuple[str, ...] = ()
    try:
        decided = decisions(*policies, alignment, today) if policies else None
    except PolicyTooComplexError as error:
        complex_questions = error.questions
    values = tuple(value_changes(old.written, new.written, alignment))
    return Difference(
        old=old,
        new=new,
        alignment=alignment,
        decisions=decided,
        complex_questions=complex_questions,
        weakened_invariants=_weakened_invariants(old, new, alignment),
        clauses_to_review=tuple(clauses_to_review(old, new, alignment, values)),
        value_changes=values,
        item_changes=tuple(item_changes(old, new, alignment)),
        structure_changes=tuple(structure_changes(old.written, new.written, alignment)),
        broken_examples=tuple(broken_examples(*policies, alignment)) if policies else (),
    )


def _weakened_invariants(old: Version, new: Version, alignment: Alignment) -> tuple[WeakenedInvariant, ...]:
    if old.policy and new.policy:
        with suppress(PolicyTooComplexError):
            return tuple(weakened_invariants(old.policy, new.policy, alignment))
    return tuple(rewritten_invariants(old.written, new.written, alignment))
