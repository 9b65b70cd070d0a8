"""Tokens: the digits, words and signs of a text in plain characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

YEAR = re.compile(r"(?:19|20)\d\d")
_TOKEN = re.compile(r"\d+(?:[.,']\d{3}(?!\d))*(?:[.,]\d+)?|[^\W\d_]+|\S")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+|\S+@\S+")


@dataclass(frozen=True, slots=True)
class Token:
    """A number in digits, a word, or a sign. Start and end are positions in the plain text."""

    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The text without regard to case."""
        return self.text.casefold()

    @property
    def is_digits(self) -> bool:
        """Whether it is a number in digits."""
        return self.text[:1].isdecimal()


def tokenize(plain: str) -> list[Token]:
    """The tokens of a plain text."""
    return [Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(plain)]


def word_pair(tokens: Sequence[Token], index: int) -> str:
    """The word at an index and the next one, with a space between."""
    return " ".join(token.word for token in tokens[index : index + 2])


def plain_characters(text: str) -> Iterator[tuple[str, int]]:
    """The text in ASCII digits, hyphens and spaces; each character with its position in the original."""
    text = _ADDRESS.sub(lambda address: "\ufffc" * len(address[0]), text)
    text = re.sub(r"\n[^\S\n]*\n", lambda blank: "¶" + "\n" * (len(blank[0]) - 1), text)
    for position, sign in enumerate(text):
        category = unicodedata.category(sign)
        number = unicodedata.numeric(sign, None)
        if number is not None:
            for digit in str(int(number)) if number == int(number) else " half ":
                yield digit, position
        elif category == "Pd" or sign == "\N{MINUS SIGN}":
            yield "-", position
        elif category == "Zs" or sign.isspace():
            yield " ", position
        elif category != "Cf":
            for character in unicodedata.normalize("NFKC", sign):
                yield character, position
