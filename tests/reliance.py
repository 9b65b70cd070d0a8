"""Writes down what tests have counted, for the page that says why the site can be relied on.

Run by itself, it takes note of the coverage of the last run; with a name it keeps the figures of a long run of that
name: `python tests/reliance.py [NAME]`.
"""

from __future__ import annotations

import json
import sys

from macros.load import ROOT, load
from macros.reliance import FOLDER, LONG, counted
from macros.reliance import keep as report

COVERAGE = ROOT / "build" / "coverage.json"

__all__ = ["report"]


def main() -> None:
    """Take note of what pytest-cov has found, or keep the figures of a long run."""
    if not sys.argv[1:]:
        totals = json.loads(COVERAGE.read_text(encoding="utf-8"))["totals"]
        wanted = ("num_statements", "num_branches", "percent_covered")
        report("coverage", {name: totals[name] for name in wanted})
    for name in sys.argv[1:]:
        kept = json.loads(LONG.read_text(encoding="utf-8")) if LONG.exists() else {}
        kept[name] = {"version": load(ROOT / "policy.yaml").version, "counted": counted(FOLDER)[name]}
        LONG.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
