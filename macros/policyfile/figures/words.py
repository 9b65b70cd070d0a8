"""The English words of numbers and units, from words.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def word_sets(section: str, *names: str) -> list[frozenset[str]]:
    """The words of some entries in words.toml."""
    return [frozenset(WORDS[section][name].split()) for name in names]


NUMBERS = (
    {word: Decimal(number) for number, word in enumerate(WORDS["numbers"]["small"].split())}
    | {word: Decimal(10 * number) for number, word in enumerate(WORDS["numbers"]["tens"].split(), 2)}
    | {word: Decimal(number) for word, number in WORDS["numbers"]["other"].items()}
)
MULTIPLIERS: Mapping[str, int] = WORDS["numbers"]["multipliers"]
ARTICLES, SUFFIXES, TO, ORDINALS = word_sets("numbers", "articles", "suffixes", "to", "ordinals")
WORKING, _OTHERS_BETWEEN = word_sets("durations", "working", "between")
BETWEEN = WORKING | _OTHERS_BETWEEN
