"""The parts of a report: sections of items with their texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, kw_only=True, slots=True)
class TextDiff:
    """A text in both versions, with a label."""

    label: str
    before: str | None
    after: str | None

    @property
    def lines(self) -> Iterator[tuple[str, str]]:
        """The lines of both versions, each with its sign: ``-`` removed, ``+`` added, a space for lines of both."""
        old, new = ((text or "").splitlines() for text in (self.before, self.after))
        for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind == "equal":
                yield from ((" ", line) for line in old[start:end])
            else:
                yield from (("-", line) for line in old[start:end])
                yield from (("+", line) for line in new[new_start:new_end])


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportItem:
    """One change."""

    text: str
    count: str = ""
    """The number of its cases."""
    cases: tuple[str, ...] = ()
    """A description of its cases."""
    notes: tuple[str, ...] = ()
    example: tuple[str, ...] = ()
    """One of its cases: each question with its answer."""
    link: str = ""
    """The link to the same case, relative to the root of the site."""
    texts: tuple[TextDiff, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportSection:
    """Changes of one kind."""

    heading: str
    items: tuple[ReportItem, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The whole report, the most important first."""

    compared: str
    """The names of the two versions."""
    lead: tuple[str, ...]
    sections: tuple[ReportSection, ...]

    @property
    def has_links(self) -> bool:
        """Whether an item links to an example."""
        return any(item.link for section in self.sections for item in section.items)
