"""Numbers and ranges before a unit, in digits or words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from macros.policyfile.figures.tokens import Token
from macros.policyfile.figures.words import ARTICLES, BETWEEN, MULTIPLIERS, NUMBERS, TO

_TRANSPARENT = frozenset("-+*_~\\`\"'“”‘’«»[]")
"""Signs that do not separate a number from its unit."""


def decimal(digits: str) -> Decimal:
    """The number in digits with separators: one before three digits separates thousands, else decimal places."""
    whole, point, places = digits.rpartition(".") if digits.rfind(".") > digits.rfind(",") else digits.rpartition(",")
    if not point or (len(places) == 3 and whole != "0"):
        whole, places = digits, ""
    return Decimal(re.sub(r"\D", "", whole) + (f".{places}" if places else ""))


def range_before(tokens: Sequence[Token], end: int) -> tuple[int, Decimal, Decimal, set[str]] | None:
    """The number or range that counts the unit at `end`: its first token, both ends, and the words between."""
    between: set[str] = set()
    last = end
    while last and (tokens[last - 1].word in BETWEEN or tokens[last - 1].text in _TRANSPARENT) and end - last < 6:
        last -= 1
        between.add(tokens[last].word)
    if last > 1 and tokens[last - 1].word == "of" and tokens[last - 2].word in ("couple", "dozen"):
        last -= 1
    most = _number_before(tokens, last)
    if most is None:
        return None
    first, least = most
    if first and tokens[first - 1].word in TO and (other := _number_before(tokens, first - 1)):
        first, least = other
    return first, least, most[1], between


def _number_before(tokens: Sequence[Token], end: int) -> tuple[int, Decimal] | None:
    """The number whose last token stands before `end`, with its first token."""
    if end > 2 and tokens[end - 1].text == ")" and tokens[end - 3].text == "(":
        inner = _number_before(tokens, end - 1)
        outer = _number_before(tokens, end - 3)
        return outer if inner and outer else (end - 3, inner[1]) if inner else None
    if end and tokens[end - 1].is_digits:
        return end - 1, decimal(tokens[end - 1].text)
    first = end
    while (
        first
        and (word := tokens[first - 1].word)
        and (
            word in NUMBERS
            or word in MULTIPLIERS
            or (first < end and (word in ARTICLES or word == "-" or (word == "and" and first > 1)))
        )
    ):
        first -= 1
    while first < end and not _begins_number(tokens, first):
        first += 1
    words = [token.word for token in tokens[first:end]]
    if not set(words) & (NUMBERS.keys() | MULTIPLIERS.keys()):
        return None
    total = current = Decimal()
    for word in words:
        if word in MULTIPLIERS:
            current = (current or Decimal(1)) * MULTIPLIERS[word]
            if word in ("thousand", "million"):
                total, current = total + current, Decimal()
        elif word in NUMBERS:
            current += NUMBERS[word]
    return first, total + current


def _begins_number(tokens: Sequence[Token], first: int) -> bool:
    """Whether a number begins here, before words of numbers: in "a hundred" it does, in "a fifteen" it does not."""
    word, after = tokens[first].word, tokens[first + 1].word if first + 1 < len(tokens) else ""
    is_article = word in ARTICLES and after not in {*MULTIPLIERS, "couple", "half", "single"}
    return not is_article and word not in ("-", "and")
