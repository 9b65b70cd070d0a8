"""What customers type, made plain before it is read: the same digits, spaces and signs whatever the keyboard."""

from __future__ import annotations

import unicodedata

LONGEST = 100
"""No date and no amount comes near it in characters; beyond it nothing is read."""

_SHOWN = 40
_AS_TYPED = {"No", "Nl", "Sc"}
"""Figures that are no digits, such as ² and ½, and currency signs: to take them apart would change what they say."""


class InvalidInputError(ValueError):
    """What was typed is no answer. The message is the customer's: what is wrong, and what to do."""


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
