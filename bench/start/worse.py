"""Compares the ratios of two runs. Times differ from computer to computer; how a page stands to ours should not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

MOST = 0.15
"""By how much of itself a ratio may fall. What a busy computer makes of it is less."""
RATIO = "× this site"
SENT = "sent"


def worse(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Says each ratio of a run that is worse for our site than in an earlier run. Takes what bench/start.json holds."""
    was = dict(_ratios(before))
    for place, ratio in _ratios(after):
        if place in was and ratio < (1 - MOST) * was[place]:
            yield f"{', '.join(place)}: {was[place]:.2f} before, {ratio:.2f} now."


def _ratios(results: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], float]]:
    """How many times as long as ours a page takes, and how many times as much it sends, by table, page and column."""
    for table in results["tables"]:
        head: list[str] = table["head"]
        ours = next((row for row in table["rows"] if row[0] == "this site"), None)
        for row in table["rows"]:
            for column, name in enumerate(head):
                text = row[column]
                if name == RATIO and text and row is not ours:
                    yield (table["title"], row[0], head[column - 1]), float(text)
                elif name == SENT and text and ours and row is not ours:
                    yield (table["title"], row[0], name), _number(text) / _number(ours[column])


def _number(text: str) -> float:
    return float(text.split()[0].replace(",", ""))
