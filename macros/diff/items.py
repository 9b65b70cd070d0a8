"""What a report is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A text that is another now."""

    place: str
    before: str | None
    after: str | None


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
