"""Amounts and dates as the world writes them: each is read as what it is, or refused, never as another one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import product

import pytest
from babel import localedata
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from checker.values.amounts import read_amount
from checker.values.dates import read_date
from checker.values.normalize import InvalidInputError
from tests.support.words import MESSAGES, in_words

TODAY = date(2026, 11, 22)
LOCALES = localedata.locale_identifiers()
AMOUNTS = [*map(Decimal, ("0.00", "0.05", "1.20", "12.34", "100.00", "999.99", "1234.50", "20000.00", "1234567.89"))]
WHOLE_AMOUNTS = [*map(Decimal, ("0", "20", "999", "1234", "20000", "100000", "1234567"))]
DAYS = [date(2026, 1, 5) + timedelta(days) for days in range(0, 320, 9)]


def written(amount: Decimal, locale: str) -> dict[str, Decimal]:
    """The spellings of an amount in a locale: in its digits and in ours, and with currencies."""
    texts = [format_decimal(amount, "#,##0.00", locale, numbering_system=system) for system in ("latn", "default")]
    texts += [format_currency(amount, code, locale=locale, numbering_system="default") for code in ("EUR", "INR")]
    return dict.fromkeys(texts, amount)


@cache
def amount_spellings() -> dict[str, Decimal]:
    """Amounts in the digits and signs of all locales, with currencies too."""
    different = {tuple(written(AMOUNTS[-1], locale)): locale for locale in LOCALES}
    pairs = [pair for locale in different.values() for amount in AMOUNTS for pair in written(amount, locale).items()]
    assert len({*pairs}) == len(dict(pairs))
    return dict(pairs)


def amount_or_none(text: str) -> Decimal | None:
    try:
        return read_amount(text)
    except InvalidInputError:
        return None


def test_amounts_with_hundredths_are_read_in_nearly_all_locales() -> None:
    spellings = amount_spellings()
    answers = {text: amount_or_none(text) for text in spellings}
    assert {text: answer for text, answer in answers.items() if answer not in (None, spellings[text])} == {}
    refused = [text for text, answer in answers.items() if answer is None]
    assert len(refused) < len(answers) / 25, refused


def test_whole_amounts_of_any_locale_are_never_read_as_others() -> None:
    texts = {
        format_decimal(amount, "#,##0", locale, numbering_system="default"): amount
        for locale, amount in product(LOCALES, WHOLE_AMOUNTS)
    }
    assert len(texts) > len(WHOLE_AMOUNTS) * 3
    assert {text for text, amount in texts.items() if amount_or_none(text) not in (None, amount)} == set()


def day_or_readings(text: str) -> date | str:
    """The day that is read; else the days that it may be, in words, or nothing."""
    try:
        return read_date(text, TODAY, MESSAGES)
    except InvalidInputError as error:
        return str(error.values.get("readings", ""))


def is_untrue(text: str, day: date) -> bool:
    """Whether the text is read as another day than the one that was written, also as one of two."""
    answer = day_or_readings(text)
    return bool(answer) and answer != day and in_words(day) not in str(answer)


def test_dates_in_figures_of_any_locale_are_never_read_as_other_days() -> None:
    styles = product(LOCALES, ("short", "medium"), DAYS)
    texts = {format_date(day, style, locale): day for locale, style, day in styles}
    figures = {text: day for text, day in texts.items() if not any(map(str.isalpha, text))}
    assert [text for text, day in figures.items() if is_untrue(text, day)] == []
    assert sum(day_or_readings(text) == day for text, day in figures.items()) > len(figures) / 4


@pytest.mark.parametrize("style", ["medium", "long", "full"])
def test_english_dates_are_read(style: str) -> None:
    locales = [locale for locale in LOCALES if locale == "en" or locale.startswith("en_")]
    texts = {format_date(day, style, locale): day for locale in locales for day in DAYS}
    named = {text: day for text, day in texts.items() if any(sign.isalpha() and sign.isascii() for sign in text)}
    assert len(named) > len(DAYS)
    assert [text for text, day in named.items() if day_or_readings(text) != day] == []


@pytest.mark.parametrize("locale", ["ja", "zh", "zh_Hant", "ko", "yue"])
@pytest.mark.parametrize("style", ["medium", "long"])
def test_east_asian_dates_are_read(locale: str, style: str) -> None:
    assert [day_or_readings(format_date(day, style, locale)) for day in DAYS] == DAYS
