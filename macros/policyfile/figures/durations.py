"""Durations in a text, such as "half a week" and "the second night"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from macros.policyfile.figures.figure import Figure, Kind, Match
from macros.policyfile.figures.numbers import decimal, range_before
from macros.policyfile.figures.tokens import YEAR, Token
from macros.policyfile.figures.words import (
    ARTICLES,
    BETWEEN,
    NUMBERS,
    ORDINALS,
    SUFFIXES,
    TO,
    WORDS,
    WORKING,
    word_sets,
)

_UNIT_OF = {word: unit for unit, words in WORDS["units"].items() for word in words.split()}
_LARGE: Mapping[str, tuple[int, str]] = WORDS["durations"]["large"]
_ABBREVIATIONS, _LASTING, _OFTEN, _APART = word_sets("durations", "abbreviations", "lasting", "often", "apart")
[_NAMED] = word_sets("numbers", "named")


def durations(tokens: Sequence[Token]) -> Iterator[Match]:
    """The durations among tokens, and years such as "year 2026", which are dates."""
    for here, token in enumerate(tokens):
        factor, unit = _LARGE.get(token.word, (1, _UNIT_OF.get(token.word, "")))
        if not unit and token.word == "second" and here and tokens[here - 1].is_digits:
            unit = "second"
        if not unit:
            continue
        counted = range_before(tokens, here)
        if counted and token.word in _ABBREVIATIONS:
            attached = tokens[here - 1].end == token.start and tokens[here - 1].text in ("2", "3")
            counted = None if not tokens[here - 1].is_digits or (token.word == "d" and attached) else counted
        if counted:
            first, least, most, between = counted
            if unit == "day" and between & WORKING:
                unit = "working_day"
            yield first, here + 1, "duration", Figure("duration", unit, factor * least, factor * most)
        elif token.word in _ABBREVIATIONS:
            continue
        elif with_article := _with_article(tokens, here):
            first, number = with_article
            yield first, here + 1, "duration", Figure("duration", unit, factor * number, factor * number)
        elif (first_or_none := _ordinal(tokens, here)) is not None:
            yield first_or_none, here + 1, "duration", None
        elif (end := _end_of_number_behind(tokens, here)) is not None:
            kind: Kind = "date" if unit == "year" and YEAR.fullmatch(tokens[end - 1].text) else "duration"
            yield here, end, kind, None


def _with_article(tokens: Sequence[Token], here: int) -> tuple[int, Decimal] | None:
    """First token and number of "a week" or "half a week", if that is a duration; "fortnight" always is."""
    first = here
    while first and tokens[first - 1].word in BETWEEN:
        first -= 1
    before = tokens[first - 2].word if first > 1 else ""
    if not first or tokens[first - 1].word not in ARTICLES:
        return (here, Decimal(1)) if tokens[here].word.startswith("fortnight") else None
    if before == "half":
        return first - 2, NUMBERS["half"]
    is_on_a_day = tokens[here].word in ("day", "night") and before not in _LASTING
    is_day_to_day = [token.word for token in tokens[here + 1 : here + 3]] == ["-", "to"]
    return None if before in _OFTEN or is_on_a_day or is_day_to_day else (first - 1, Decimal(1))


def _ordinal(tokens: Sequence[Token], here: int) -> int | None:
    """The first token of an ordinal before a unit, such as "the 15th"."""
    first = here
    while first and (tokens[first - 1].word in BETWEEN or tokens[first - 1].text == "-"):
        first -= 1
    if first and tokens[first - 1].word in ORDINALS:
        tens = first > 2 and tokens[first - 2].text == "-" and tokens[first - 3].word in NUMBERS
        return first - 3 if tens else first - 1
    return first - 2 if first > 1 and tokens[first - 1].word in SUFFIXES and tokens[first - 2].is_digits else None


def _end_of_number_behind(tokens: Sequence[Token], here: int) -> int | None:
    """The end of "day 15"; "day zero" is no figure, nor is "the day one of you came"."""
    end = here + 1
    while end < len(tokens) and tokens[end].word in _NAMED:
        end += 1
    if end == len(tokens):
        return None
    number = tokens[end]
    if number.is_digits:
        is_range = end + 2 < len(tokens) and tokens[end + 1].word in TO and tokens[end + 2].is_digits
        return (end + 3 if is_range else end + 1) if is_range or decimal(number.text) else None
    apart = here and tokens[here - 1].word in _APART
    return end + 1 if NUMBERS.get(number.word) and number.word not in ("half", "single") and not apart else None
