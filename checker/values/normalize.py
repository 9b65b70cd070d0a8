"""Normalized input: the same digits, spaces and signs whatever the keyboard."""

from __future__ import annotations

import unicodedata

from checker.messages import LocalizedError

LONGEST = 100
"""The most characters of a date or an amount: nothing longer is read."""

_LONGEST_QUOTE = 40
_UNCHANGED = {"No", "Nl", "Sc"}
"""Figures that are no digits, such as ² and ½, and currency signs: decomposition would change their meaning."""


class InvalidInputError(LocalizedError):
    """Input that is not an answer."""

    section = "error"


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
