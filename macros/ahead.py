"""What the check page needs, for other pages to fetch before anybody goes there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from macros.bundle import folders
from macros.snapshot import folder

PAGE = "check/"
FILE = "ahead.json"
"""Where the list stands in the site: an array of addresses, each relative to the site's root."""


def write_ahead(digest: str, site: Path) -> None:
    """Writes the list into a built site that already holds the bundle of the policy with this digest."""
    (site / FILE).write_text(json.dumps([*assets(digest, site)], indent=1) + "\n", encoding="utf-8")


def assets(digest: str, site: Path) -> Iterator[str]:
    """The addresses in the order in which the check page asks for them.

    Raises:
        BundleError: The browser's runtime has not been installed.
    """
    yield PAGE
    memory = folder(digest)
    start = [f"{memory}../python.wasm", f"{memory}boot.js", f"{memory}memory.bin"]
    if not (site / memory).is_dir():  # a draft starts from the sources
        start = [f"{folder}*" for folder in folders(digest)]
    for pattern in ("assets/check.css", "assets/check/*.js", *start):
        found = sorted({file.resolve() for file in site.glob(pattern)})
        yield from (file.relative_to(site.resolve()).as_posix() for file in found)
