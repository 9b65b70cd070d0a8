"""Measures the time from an address to a verdict: `make bench`, or `python -m bench.start [ROUNDS]`.

The results go into bench/start.json, and from there into bench/README.md.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
from datetime import date

from bench.report import hardware
from bench.start import readme
from bench.start.host import Host
from bench.start.pages import MISSING, POLICY, cases, installed, versions, write_pages
from bench.start.runs import DifferentVerdictError, chromium
from bench.start.tables import tables
from bench.start.visit import NoAnswerError
from bench.start.worse import worse
from macros.project import ROOT
from tests.support.servers import run_server

SITE = ROOT / "build" / "bench" / "site"
PACKED = ROOT / "build" / "bench" / "brotli"


def main(rounds: int = 5) -> int:
    """Prints the tables and writes the results. Returns 1 after an error, or if a ratio got worse; both are printed.

    Slow networks and other browsers get half of the rounds.
    """
    if not installed():
        print(MISSING, file=sys.stderr)
        return 1
    before = json.loads(readme.RESULTS.read_text(encoding="utf-8"))
    shutil.rmtree(SITE, ignore_errors=True)
    results = []
    try:
        with chromium() as window:
            software = {"Chromium": window.version, **versions()}
        policy = write_pages(POLICY, SITE)
        machine = [hardware(), ", ".join(f"{name} {version}" for name, version in software.items())]
        print("# From the address to a verdict\n\n" + "\n".join(f"- {line}" for line in machine), flush=True)
        with run_server(Host(SITE, PACKED)) as host:
            for table in tables(host, cases(policy), rounds, (rounds + 1) // 2):
                results.append(table)
                print(f"\n{table}", flush=True)
    except (DifferentVerdictError, NoAnswerError, FileNotFoundError) as error:
        print(f"The benchmark stopped: {error}", file=sys.stderr)
        return 1
    after = {"machine": [date.today().isoformat(), *machine], "tables": [*map(dataclasses.asdict, results)]}
    readme.RESULTS.write_text(json.dumps(after, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    readme.main()
    print(f"\nAlso in {readme.RESULTS.relative_to(ROOT)} and {readme.README.relative_to(ROOT)}.")
    if lines := [*worse(before, after)]:
        print("\nWorse than before by more than 15 %. If that is meant, commit what was written:", file=sys.stderr)
        print("\n".join(lines), file=sys.stderr)
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
