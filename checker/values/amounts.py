"""Amounts of money as customers type them: exact to the hundredth, and never guessed."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from checker.values.normalize import LONGEST, InvalidInputError, is_blank, plain, short

MOST = 100
"""Amounts that one list may hold."""

HUNDREDTH = Decimal("0.01")

_LARGEST = 12
"""Figures before the point that an amount may have."""

_FIGURES = re.compile(r"\d+(?:[.,]\d{1,2})?")
_IN_GROUPS = re.compile(
    r"""\d{1,3} (?: (?:[ ]\d{3})+ (?:[.,]\d{1,2})?  # spaces or apostrophes part the thousands
                  | (?:['’]\d{3})+ (?:[.,]\d{1,2})?
                  | (?:,\d{3})+ [.]\d{1,2}          # two signs: the second one is the point
                  | (?:[.]\d{3})+ ,\d{1,2}
                  | (?:,\d{3}){2,}                  # one sign that comes twice is no point
                  | (?:[.]\d{3}){2,} )""",
    re.VERBOSE,
)
_TWO_READINGS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


def read_amount(text: str) -> Decimal:
    """Read an amount that is zero or more, with at most two places; a currency sign beside it is left out.

    Thousands may be parted where that has one reading only. Raises Unreadable for anything else.
    """
    typed = _without_sign(plain(text)) if len(text) <= LONGEST else ""
    if _TWO_READINGS.fullmatch(typed):
        raise InvalidInputError("amount_readings", given=short(typed), whole=re.sub(r"\D", "", typed))
    if not (_FIGURES.fullmatch(typed) or _IN_GROUPS.fullmatch(typed)):
        raise InvalidInputError("amount", given=short(plain(text[:LONGEST])))
    whole, places = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", typed).groups(default="")  # type: ignore[union-attr]
    whole = re.sub(r"\D", "", whole)
    if len(whole) > _LARGEST:
        raise InvalidInputError("amount_large", given=short(typed))
    return Decimal(f"{whole}.{places}" if places else whole)


def read_amounts(given: object) -> tuple[Decimal, ...]:
    """Read one amount, or a list of them; empty entries are passed over. Raises Unreadable, which names the entry."""
    entries = list(given) if isinstance(given, (list, tuple)) else [given]
    if len(entries) > MOST:
        raise InvalidInputError("amounts_many", most=MOST)
    read: list[Decimal] = []
    for number, entry in enumerate(entries, 1):
        if is_blank(entry):
            continue
        try:
            read.append(as_amount(entry))
        except InvalidInputError as bad:
            if len(entries) == 1:
                raise
            raise InvalidInputError("amount_item", number=number, message=bad) from None
    return tuple(read)


def as_amount(given: object) -> Decimal:
    """Read an amount that must come as text: a number of JSON is none, as it may be rounded. Raises Unreadable."""
    if not isinstance(given, str):
        raise InvalidInputError("amount_text")
    return read_amount(given)


def in_figures(amount: Decimal) -> str:
    """The amount as customers read it, to the hundredth."""
    return str(amount.quantize(HUNDREDTH))


def _without_sign(typed: str) -> str:
    """The text without one currency sign before or after it."""
    for sign, rest in ((typed[:1], typed[1:]), (typed[-1:], typed[:-1])):
        if sign and unicodedata.category(sign) == "Sc":
            return rest.strip()
    return typed
