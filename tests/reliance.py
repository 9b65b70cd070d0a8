"""Writes down what tests have counted, for the page that says why the site can be relied on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "build" / "reliance"


def report(name: str, counts: Mapping[str, object]) -> None:
    """Keep the figures of the last run under a name."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")
