"""Measures the speed of the checker and prints a report: `make bench`.

Machines differ, and one machine differs from minute to minute. So tasks that are compared take turns, medians count,
and each time is shown with its ratio to another of the same run.
"""

from __future__ import annotations

import sys

from bench import peers
from bench.measure import NodeError
from bench.report import machine
from bench.tables import POLICY, tables
from macros.analysis.load import load
from macros.project import ROOT

REPORT = ROOT / "build" / "bench.md"


def main() -> int:
    """Prints the report and writes it into build/. Returns 1 after an error, which is printed."""
    if not peers.installed():
        print(peers.MISSING, file=sys.stderr)
        return 1
    policy = load(POLICY)
    parts = [f"# Speed of the checker\n\n{machine()}"]
    print(parts[0], flush=True)
    try:
        for table in tables(policy):
            parts.append(str(table))
            print(f"\n{table}", flush=True)
    except (peers.DifferentOutcomeError, NodeError) as error:
        print(f"The benchmark stopped: {error}", file=sys.stderr)
        return 1
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(f"\nAlso in {REPORT.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
