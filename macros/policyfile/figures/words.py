"""The English words of numbers and units, from words.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def word_set(section: str, name: str) -> frozenset[str]:
    """The words of an entry in words.toml."""
    return frozenset(WORDS[section][name].split())


NUMBERS = (
    {word: Decimal(number) for number, word in enumerate(WORDS["numbers"]["small"].split())}
    | {word: Decimal(10 * number) for number, word in enumerate(WORDS["numbers"]["tens"].split(), 2)}
    | {word: Decimal(number) for word, number in WORDS["numbers"]["other"].items()}
)
MULTIPLIERS: Mapping[str, int] = WORDS["numbers"]["multipliers"]
ARTICLES, SUFFIXES, TO, ORDINALS = (word_set("numbers", name) for name in ("articles", "suffixes", "to", "ordinals"))
WORKING = word_set("durations", "working")
BETWEEN = WORKING | word_set("durations", "between")
