"""Writes down what tests have counted, for the page that says why the site can be relied on.

Run by itself, it keeps the figures of a long run: `python tests/reliance.py NAME`.
"""

from __future__ import annotations

import json
import sys

from macros.load import load
from macros.project import ROOT
from macros.reliance import FOLDER, LONG, counted
from macros.reliance import keep as report

__all__ = ["report"]


def main(name: str) -> None:
    """Keep what the last long run of this name has counted."""
    kept = json.loads(LONG.read_text(encoding="utf-8")) if LONG.exists() else {}
    kept[name] = {"version": load(ROOT / "policy.yaml").version, "counted": counted(FOLDER)[name]}
    LONG.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
