"""The words of the interface: a catalogue for each language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

CATALOGUES = {"en": "messages.toml"}
"""The file of each language in which a policy can be written."""


TRADE = ("order", "item", "request", "apply", "arrive")
"""The words that differ between trades: the fields of `checker.policy.Words`. Each is its own default."""


class Messages:
    """The words of the interface in one language."""

    def __init__(self, language: str, trade: object = None, shop: str = "") -> None:
        """Reads the catalogue of a language, such as ``en`` or ``en-GB``. Raises ValueError if there is none.

        A sentence names the words of the trade as {order}, or {Order} where it begins with one, and likewise the shop.
        """
        name = CATALOGUES.get(language.partition("-")[0])
        if name is None:
            raise ValueError(f"no catalogue for the language {language!r}")
        self._sections = tomllib.loads(files("checker").joinpath(name).read_text(encoding="utf-8"))
        words = {word: getattr(trade, word, word) for word in TRADE} | {"shop": shop}
        self._trade = words | {word.capitalize(): text[:1].upper() + text[1:] for word, text in words.items()}

    def say(self, key: str, /, *, count: int | None = None, **names: object) -> str:
        """The words for ``section.name``, with dates and errors in words too; ``count`` picks ``one`` or ``other``.

        Raises KeyError if the catalogue has no such words: a mistake of ours, never of a customer.
        """
        one, other = self.forms(key)
        words = {name: self._words(value) for name, value in names.items()}
        return (one if count == 1 else other).format(**self._trade | words, count=count)

    def forms(self, key: str) -> tuple[str, str]:
        """The unfilled words for a count of one and for other counts: the same where they do not differ."""
        section, _, name = key.partition(".")
        words = self._sections[section][name]
        return (words["one"], words["other"]) if isinstance(words, dict) else (words, words)

    def join(self, items: Iterable[str], last: str = "and") -> str:
        """``a, b and c``, with the joining word of the catalogue's ``list`` section."""
        *head, tail = list(items) or [""]
        return f"{', '.join(head)} {self.say(f'list.{last}')} {tail}" if head else tail

    def date_range(self, first: date, last: date) -> str:
        """The days from the first to the last: without what both have in common, but for the last."""
        if first == last:
            return self.date(last)
        if (first.year, first.month) == (last.year, last.month):
            return self.say("date.range", first=first.day, last=last)
        return self.say("date.range", first=self.short_date(first) if first.year == last.year else first, last=last)

    def short_date(self, day: date) -> str:
        """The day and the month, where the year is clear."""
        return self.say("date.short", day=day.day, month=self.months[day.month - 1])

    def weekday(self, day: date) -> str:
        """The name of its day of the week."""
        return self.weekdays[day.weekday()]

    def date(self, day: date) -> str:
        """The date as customers read it: the day, the month's name and the year."""
        return self.say("date.text", day=day.day, month=self.months[day.month - 1], year=day.year)

    def _words(self, value: object) -> object:
        if isinstance(value, LocalizedError):
            return value.in_words(self)
        return self.date(value) if isinstance(value, date) else value

    @property
    def weekdays(self) -> list[str]:
        """The names of the days of the week, from Monday on."""
        return self.say("date.weekdays").split()

    @property
    def months(self) -> list[str]:
        """The names of the months."""
        return self.say("date.months").split()


class LocalizedError(ValueError):
    """An error with the code of its message in a section of the catalogue, and the values that the message names."""

    section: ClassVar[str]

    def __init__(self, code: str, /, **values: Any) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def in_words(self, messages: Messages) -> str:
        """The message for the customer: what is wrong, and what to do."""
        return messages.say(f"{self.section}.{self.code}", **self.values)


messages = cache(Messages)
"""The words of the interface in a language. Raises ValueError if there is no catalogue for it."""
