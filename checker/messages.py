"""The words of the interface: a catalogue for each language, so that a translation touches no code and no template."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files

CATALOGUES = {"en": "messages.toml"}
"""The file with the words of each language that a policy can be written in."""


class Messages:
    """The words of the interface in one language."""

    def __init__(self, language: str) -> None:
        """Reads the catalogue of a language, such as ``en`` or, with a country, ``en-GB``.

        Raises:
            ValueError: There is no catalogue for the language.
        """
        name = CATALOGUES.get(language.partition("-")[0])
        if name is None:
            raise ValueError(f"no catalogue for the language {language!r}")
        self._sections = tomllib.loads(files("checker").joinpath(name).read_text(encoding="utf-8"))

    def say(self, key: str, /, *, count: int | None = None, **names: object) -> str:
        """The words for ``section.name``, with names and dates filled in; ``count`` picks ``one`` or ``other``.

        Raises:
            KeyError: The catalogue has no such words: a mistake of ours, never of a customer.
        """
        one, other = self.forms(key)
        words = {name: self.date(value) if isinstance(value, date) else value for name, value in names.items()}
        return (one if count == 1 else other).format(count=count, **words)

    def forms(self, key: str) -> tuple[str, str]:
        """The unfilled words for a count of one and for other counts: the same where they do not differ."""
        section, _, name = key.partition(".")
        words = self._sections[section][name]
        return (words["one"], words["other"]) if isinstance(words, dict) else (words, words)

    def join(self, items: Iterable[str], last: str = "and") -> str:
        """``a, b and c``, with the joining word of the catalogue's ``list`` section."""
        *head, tail = list(items) or [""]
        return f"{', '.join(head)} {self.say(f'list.{last}')} {tail}" if head else tail

    def date(self, day: date) -> str:
        """The date as customers read it: the day, the month's name and the year."""
        return self.say("date.text", day=day.day, month=self.months[day.month - 1], year=day.year)

    @property
    def months(self) -> list[str]:
        """The names of the months."""
        return self.say("date.months").split()


@cache
def messages(language: str) -> Messages:
    """The words of the interface in a language. Raises ValueError if there is no catalogue for it."""
    return Messages(language)
