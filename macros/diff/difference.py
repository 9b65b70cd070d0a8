"""All that a change of the policy does, put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from checker.cases import TooManyError
from macros.diff.decisions import Decisions, decisions
from macros.diff.names import Names, same_things
from macros.diff.structure import Misfit, Moved, misfits, moved
from macros.diff.version import Version
from macros.diff.words import Reworded, Value, reworded, values


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What is different in the new version of a policy."""

    old: Version
    new: Version
    names: Names
    decisions: Decisions | None
    """None where one of the versions has mistakes, or where not every case could be looked at."""
    too_many: tuple[str, ...]
    """The questions to look at first, where not every case could be looked at."""
    values: tuple[Value, ...]
    words: tuple[Reworded, ...]
    moved: tuple[Moved, ...]
    misfits: tuple[Misfit, ...]

    @property
    def words_only(self) -> bool:
        """Whether it is proved that no case is decided differently, and every case is there that was."""
        found = self.decisions
        return found is not None and not found.changes and not found.only


def difference(old: Version, new: Version, today: date) -> Difference:
    """Compares two versions; the worked cases are of this day. Of one with mistakes only the texts are compared."""
    whole = (old.policy, new.policy) if old.policy and new.policy else None
    names = same_things(*(whole or (old.written, new.written)))
    decided: Decisions | None = None
    too_many: tuple[str, ...] = ()
    try:
        decided = decisions(*whole, names, today) if whole else None
    except TooManyError as error:
        too_many = error.questions
    return Difference(
        old=old,
        new=new,
        names=names,
        decisions=decided,
        too_many=too_many,
        values=tuple(values(old.written, new.written, names)),
        words=tuple(reworded(old, new, names)),
        moved=tuple(moved(old.written, new.written, names)),
        misfits=tuple(misfits(*whole, names)) if whole else (),
    )
