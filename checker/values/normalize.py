"""What customers type, made plain before it is read: the same digits, spaces and signs whatever the keyboard."""

from __future__ import annotations

import unicodedata
from typing import Any

from checker.messages import Messages

LONGEST = 100
"""No date and no amount comes near it in characters; beyond it nothing is read."""

_SHOWN = 40
_AS_TYPED = {"No", "Nl", "Sc"}
"""Figures that are no digits, such as ² and ½, and currency signs: to take them apart would change what they say."""


class InvalidInputError(ValueError):
    """Input that is not an answer, with the code of its message in the catalogue's ``error`` section and its values."""

    def __init__(self, code: str, /, **values: Any) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def in_words(self, messages: Messages) -> str:
        """The message for the customer: what is wrong, and what to do."""
        values: dict[str, Any] = {
            name: value.in_words(messages) if isinstance(value, InvalidInputError) else value
            for name, value in self.values.items()
        }
        return messages.say(f"error.{self.code}", **values)


def is_blank(given: object) -> bool:
    """Whether nothing was filled in: no answer, or white space."""
    return given is None or (isinstance(given, str) and not given.strip())


def plain(text: str) -> str:
    """The text with ASCII digits, simple spaces and hyphens, and without what cannot be seen."""
    return " ".join("".join(map(_plain, unicodedata.normalize("NFC", text))).split())


def short(text: str) -> str:
    """The text as a message can quote it: its beginning, and only what can be seen."""
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "".join(sign if sign.isprintable() else "�" for sign in cut)


def _plain(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    if kind in _AS_TYPED:
        return sign
    if kind == "Cf":
        return ""
    return "-" if kind == "Pd" else unicodedata.normalize("NFKC", sign)
