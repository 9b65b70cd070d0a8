"""Dates in a text: with the name of a month, with a word such as "since" before a year, or in digits alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from macros.policyfile.figures.figure import Figure, Match
from macros.policyfile.figures.numbers import decimal
from macros.policyfile.figures.tokens import YEAR, Token
from macros.policyfile.figures.words import ORDINALS, SUFFIXES, WORDS, word_sets

_MONTHS = {
    name: int(number) for name, _, number in (month.partition("=") for month in WORDS["dates"]["months"].split())
}
_MONTHS_THAT_ARE_WORDS, _OF_MONTHS, _OF_YEARS = word_sets("dates", "months_that_are_words", "of_months", "of_years")
_ORDINALS = ORDINALS | {"first"}
_ISO_DATE = re.compile(r"(?<![\d./-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/-])")
_SHORT_DATE = re.compile(r"(?<![\d./-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-])")
_REST_OF_DATE = re.compile(r"[-/.]\d")


def dates_with_words(tokens: Sequence[Token]) -> Iterator[Match]:
    """The dates among tokens that have the name of their month, or a word before a year alone."""
    for here, token in enumerate(tokens):
        behind = "".join(following.text[:1] for following in tokens[here + 1 : here + 3])
        before_year = here and tokens[here - 1].word in _OF_YEARS
        if YEAR.fullmatch(token.text) and before_year and not _REST_OF_DATE.match(behind):
            yield here - 1, here + 1, "date", None
        month = _MONTHS.get(token.word)
        if month is None or (token.word in _MONTHS_THAT_ARE_WORDS and not token.text[0].isupper()):
            continue
        first, day, end = here, None, here + 1
        before = here - 1 if here and tokens[here - 1].word in ("of", ".", "-") else here
        if before and (day_before := _day_before(tokens, before)):
            first, day = day_before
        else:
            while end < len(tokens) and tokens[end].word in (".", "the"):
                end += 1
            year = _year_at(tokens, end)
            if year is not None:
                yield here, year + 1, "date", None
                continue
            if end < len(tokens) and (tokens[end].is_digits or tokens[end].word in _ORDINALS):
                day = decimal(tokens[end].text) if tokens[end].is_digits else None
                end += 1 + (end + 1 < len(tokens) and tokens[end + 1].word in SUFFIXES)
            elif here and tokens[here - 1].word in _OF_MONTHS:
                yield here - 1, here + 1, "date", None
                continue
            elif here > 1 and tokens[here - 1].word in ("of", "in") and tokens[here - 2].word in _OF_MONTHS:
                yield here - 2, here + 1, "date", None
                continue
            else:
                continue
        year = _year_at(tokens, end)
        if year is None:
            yield first, end, "date", None
        else:
            yield first, year + 1, "date", _date(tokens[year].text, month, day)


def _year_at(tokens: Sequence[Token], index: int) -> int | None:
    """The index of a year that stands here or behind a comma."""
    index += index < len(tokens) and tokens[index].text == ","
    return index if index < len(tokens) and YEAR.fullmatch(tokens[index].text) else None


def _day_before(tokens: Sequence[Token], end: int) -> tuple[int, Decimal | None] | None:
    """First token and number of the day of a month that ends before `end`: "22", "22nd" or "first"."""
    last = tokens[end - 1]
    if last.word in SUFFIXES and end > 1 and tokens[end - 2].is_digits:
        return end - 2, decimal(tokens[end - 2].text)
    if last.is_digits:
        return end - 1, decimal(last.text)
    return (end - 1, None) if last.word in _ORDINALS else None


def dates_in_digits(plain: str) -> Iterator[Match]:
    """The dates in digits alone, with their positions in the plain text."""
    for match in _ISO_DATE.finditer(plain):
        year, _, month, day = match.groups()
        if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
            yield match.start(), match.end(), "date", _date(year, int(month), Decimal(day))
    for match in _SHORT_DATE.finditer(plain):
        one, _, other, _ = match.groups()
        if 1 <= min(int(one), int(other)) <= 12 and max(int(one), int(other)) <= 31:
            yield match.start(), match.end(), "date", None


def _date(year: str, month: int, day: Decimal | None) -> Figure | None:
    try:
        value = date(int(year), month, int(day or 0))
    except ValueError:
        return None
    return Figure("date", "", value, value)
