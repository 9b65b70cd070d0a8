"""Amounts of money in a text, such as "7.50 USD", "€20" and "ten pounds"."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies

from macros.policyfile.figures.figure import Figure, Match
from macros.policyfile.figures.numbers import decimal, range_before
from macros.policyfile.figures.tokens import Token, word_pair
from macros.policyfile.figures.words import ARTICLES, WORDS, word_sets

_CODES_THAT_ARE_WORDS, _COINS, _NO_COINS = word_sets("amounts", "codes_that_are_words", "coins", "no_coins")


def amounts(tokens: Sequence[Token]) -> Iterator[Match]:
    """The amounts of money among tokens."""
    for here, token in enumerate(tokens):
        is_word = token.word in _currency_words()
        is_weight = word_pair(tokens, here) in WORDS["amounts"]["weights"]
        is_sign = unicodedata.category(token.text[0]) == "Sc"
        if is_sign or token.text in _currency_codes() or (is_word and not is_weight):
            if (counted := range_before(tokens, here)) and not (here > 1 and tokens[here - 1].word == "per"):
                first, least, most, _ = counted
                yield first, here + 1, "amount", Figure("amount", token.text, least, most)
            elif is_word and here and tokens[here - 1].word in ARTICLES:
                yield here - 1, here + 1, "amount", None
            elif is_word or token.text in _CODES_THAT_ARE_WORDS or here + 1 == len(tokens):
                continue
            elif tokens[here + 1].is_digits:
                number = decimal(tokens[here + 1].text)
                yield here, here + 2, "amount", Figure("amount", token.text, number, number)


@cache
def _currency_codes() -> frozenset[str]:
    """The codes of the currencies in use, such as USD."""
    territories = map(str, Locale("en").territories)
    return frozenset(code for territory in territories for code in get_territory_currencies(territory))


@cache
def _currency_words() -> frozenset[str]:
    """Names of currencies behind a number: dollars, euros, pence."""
    names = (get_currency_name(code, count, "en") for code in _currency_codes() for count in (1, 2))
    return (frozenset(name.split()[-1].casefold() for name in names) | _COINS) - _NO_COINS
