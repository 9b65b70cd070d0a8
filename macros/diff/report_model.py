"""What a report is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A text that is another now, or that stands beside one."""

    place: str
    before: str | None
    after: str | None

    @property
    def lines(self) -> Iterator[tuple[str, str]]:
        """The lines of both, each behind its sign: one of the old text, one of the new text, or one of both."""
        old, new = ((text or "").splitlines() for text in (self.before, self.after))
        for what, start, end, other_start, other_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if what == "equal":
                yield from ((" ", line) for line in old[start:end])
            else:
                yield from (("-", line) for line in old[start:end])
                yield from (("+", line) for line in new[other_start:other_end])


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One thing that is different."""

    text: str
    count: str = ""
    """In how many cases."""
    where: tuple[str, ...] = ()
    """In which."""
    beside: tuple[str, ...] = ()
    """What else is to be said of it."""
    case: tuple[str, ...] = ()
    """A case of it: each question with its answer."""
    link: str = ""
    """The same case behind the address of the site."""
    words: tuple[Words, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Things of one kind."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All that is said of a change, the most important first."""

    compared: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def has_links(self) -> bool:
        """Whether there are cases to try."""
        return any(item.link for section in self.sections for item in section.items)
