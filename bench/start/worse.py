"""Compares the ratios of two runs. Times differ between computers; ratios should not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

TOLERANCE = 0.15
"""The part by which a ratio may fall; the noise of a busy computer is less."""
RATIO = "× this site"
SENT = "sent"


def worse(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """A line for each ratio that is worse for our site than before. Takes two contents of bench/start.json."""
    earlier = dict(_ratios(before))
    for place, ratio in _ratios(after):
        if place in earlier and ratio < (1 - TOLERANCE) * earlier[place]:
            yield f"{', '.join(place)}: {earlier[place]:.2f} before, {ratio:.2f} now."


def _ratios(results: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], float]]:
    """The ratios of each page's times and bytes to ours, by table, page and column."""
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
