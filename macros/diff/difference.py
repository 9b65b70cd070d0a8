"""All that a change of the policy does, put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from checker.engine.compile import PolicyTooComplexError
from macros.diff.alignment import Names, same_things
from macros.diff.decisions import Decisions, decisions
from macros.diff.guards import Guard, guards, unlike_guards
from macros.diff.side_by_side import Side, sides
from macros.diff.structure import Misfit, Moved, misfits, moved
from macros.diff.texts import Reworded, Value, reworded, values
from macros.diff.version import Version


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What is different in the new version of a policy."""

    old: Version
    new: Version
    names: Names
    decisions: Decisions | None
    """None where mistakes of the old version leave its cases open, or where not every case could be looked at."""
    too_many: tuple[str, ...]
    """The questions to look at first, where not every case could be looked at."""
    guards: tuple[Guard, ...]
    """What must no longer hold in every case."""
    sides: tuple[Side, ...]
    """The clauses whose words and rules a person must compare."""
    values: tuple[Value, ...]
    words: tuple[Reworded, ...]
    moved: tuple[Moved, ...]
    misfits: tuple[Misfit, ...]

    @property
    def words_only(self) -> bool:
        """Whether it is proved that no case is decided differently, and every case is there that was."""
        found = self.decisions
        return found is not None and not found.changes and not found.only

    @property
    def wording_only(self) -> bool:
        """Whether besides all texts are as they were that customers rely on, and all figures."""
        aside = self.guards or self.sides or self.values or self.moved
        return self.words_only and not aside and all(each.words_only and not each.figures for each in self.words)


def difference(old: Version, new: Version, today: date) -> Difference:
    """Compares two versions; the worked cases are of this day. What mistakes leave open is left out."""
    whole = (old.policy, new.policy) if old.policy and new.policy else None
    names = same_things(*(whole or (old.written, new.written)))
    decided: Decisions | None = None
    too_many: tuple[str, ...] = ()
    try:
        decided = decisions(*whole, names, today) if whole else None
    except PolicyTooComplexError as error:
        too_many = error.questions
    changed = tuple(values(old.written, new.written, names))
    return Difference(
        old=old,
        new=new,
        names=names,
        decisions=decided,
        too_many=too_many,
        guards=_guards(old, new, names),
        sides=tuple(sides(old, new, names, changed)),
        values=changed,
        words=tuple(reworded(old, new, names)),
        moved=tuple(moved(old.written, new.written, names)),
        misfits=tuple(misfits(*whole, names)) if whole else (),
    )


def _guards(old: Version, new: Version, names: Names) -> tuple[Guard, ...]:
    try:
        if old.policy and new.policy:
            return tuple(guards(old.policy, new.policy, names))
    except PolicyTooComplexError:
        pass
    return tuple(unlike_guards(old.written, new.written, names))
