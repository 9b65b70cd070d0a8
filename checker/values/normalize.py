"""Normalized input: the same digits, spaces and signs whatever the keyboard."""

from __future__ import annotations

import unicodedata
from typing import Any

from checker.messages import Messages

LONGEST = 100
"""The most characters of a date or an amount: nothing longer is read."""

_LONGEST_QUOTE = 40
_UNCHANGED = {"No", "Nl", "Sc"}
"""Figures that are no digits, such as ² and ½, and currency signs: decomposition would change their meaning."""


class InvalidInputError(ValueError):
    """Input that is not an answer, with the code and values of its message in the catalogue's ``error`` section."""

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


def is_blank(answer: object) -> bool:
    """Whether an answer is missing or only white space."""
    return answer is None or (isinstance(answer, str) and not answer.strip())


def normalize(text: str) -> str:
    """The text with ASCII digits, single spaces and hyphens, and without invisible characters."""
    return " ".join("".join(map(_normalize_character, unicodedata.normalize("NFC", text))).split())


def short(text: str) -> str:
    """The text as a message quotes it: at most 40 printable characters."""
    cut = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    return "".join(sign if sign.isprintable() else "�" for sign in cut)


def _normalize_character(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    if kind in _UNCHANGED:
        return sign
    if kind == "Cf":
        return ""
    return "-" if kind == "Pd" else unicodedata.normalize("NFKC", sign)
