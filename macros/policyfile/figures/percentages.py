"""Percentages in a text, such as "20 %", "five per cent" and "half of the price"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from macros.policyfile.figures.figure import Figure, Match
from macros.policyfile.figures.numbers import range_before
from macros.policyfile.figures.tokens import Token, word_pair
from macros.policyfile.figures.words import WORDS, word_sets

_PERCENT, _PARTS, _JOINING, _WHOLES = word_sets("percentages", "percent", "parts", "joining", "wholes")


def percentages(tokens: Sequence[Token]) -> Iterator[Match]:
    """The percentages among tokens."""
    for here, token in enumerate(tokens):
        is_two_words = word_pair(tokens, here) in WORDS["percentages"]["two_words"]
        if (token.word in _PERCENT or is_two_words) and (counted := range_before(tokens, here)):
            first, least, most, _ = counted
            unit = "‰" if token.text == "‰" else "%"
            yield first, here + 1 + is_two_words, "percentage", Figure("percentage", unit, least, most)
        elif token.word in _PARTS:
            end = here + 1
            while end < len(tokens) and tokens[end].word in _JOINING:
                end += 1
            if end < len(tokens) and (tokens[end].word in _WHOLES or tokens[end - 1].word == "what"):
                yield here, end + (tokens[end].word in _WHOLES), "percentage", None
