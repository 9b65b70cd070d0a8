"""Generates bench/README.md from bench/start.json: `python -m bench.start.readme`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bench.report import Table
from macros.project import ROOT

RESULTS = ROOT / "bench" / "start.json"
README = ROOT / "bench" / "README.md"

INTRODUCTION = """\
<!-- Made by bench/start/readme.py from bench/start.json. Change these, not this file. -->

# How fast the checker starts

`make bench` measures two things. One is the checker beside other rule engines: that report goes into `build/bench.md`.
The other is below: the time from the address of a link with answers in it to the answer that is seen, beside other ways
to run Python on a page. The first visit is in a browser that knows nothing yet; the second is a little later, in the
same browser.

All pages take turns on the same computer, so compare the numbers of one table only. All but the floor showed the same
answers before they were timed. On a slow network and on a slow computer, all are slowed in the same way.

- **This site** is the check page as it is published, with all that it shows.
- **Stock Pyodide** is the same Python with the same checker on an almost empty page, started as its makers say.
- **PyScript** with Pyodide has the same Python and the same checker, too.
- **PyScript** with MicroPython is a smaller Python. Our checker does not run on it, so a very small one was written
  anew.
- **JavaScript by hand** is that very small checker once more, without any Python.
- **The floor** only reads the same files back from the browser's store and compiles them. No page with this Python can
  be faster than that.
"""


def readme(results: Mapping[str, Any]) -> str:
    """The page for the results of a run, as bench/start.json holds them."""
    machine = "\n".join(f"- {line}" for line in results["machine"])
    tables = [str(Table(**table)) for table in results["tables"]]
    return "\n\n".join([INTRODUCTION.rstrip(), *tables, f"## The computer and the versions\n\n{machine}"]) + "\n"


def main() -> None:
    """Writes the page of the results that are there."""
    README.write_text(readme(json.loads(RESULTS.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
