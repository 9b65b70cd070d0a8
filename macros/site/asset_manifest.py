"""The list of all that a browser runs: what other pages may fetch ahead, and what each file must be."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from macros.runtime.bundle import folders
from macros.runtime.snapshot import MEMORY, WASM, folder
from macros.site.asset_hashing import addressed

PAGE = "check/"
FILE = "bundle.json"
"""Where the list stands in the site. All addresses in it are relative to the site's root:

`digest`     of the policy and of the checker's code
`ahead`      an array of what the check page asks for, in this order
`integrity`  each file that is named by its content, with its hash as browsers write one
"""


def write_manifest(digest: str, site: Path) -> None:
    """Writes the list into a built site that already holds the bundle of the policy with this digest.

    Raises:
        BundleError: The browser's runtime has not been installed.
    """
    hashes = {name: integrity(site / name) for name in _named(digest, site)}
    manifest = {"digest": digest, "ahead": [PAGE, *_ahead(digest, site)], "integrity": hashes}
    (site / FILE).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _ahead(digest: str, site: Path) -> Iterator[str]:
    memory = folder(digest)
    parts = [f"{memory}{name}" for name in ("worker.js", f"../{WASM}", MEMORY)]
    if not (site / memory).is_dir():  # a draft starts from the sources
        parts = [f"{folder}*" for folder in folders(digest)]
    for pattern in (addressed("assets/check/*.js"), addressed("assets/check.css"), *parts):
        yield from _files(site, pattern)


def _named(digest: str, site: Path) -> Iterator[str]:
    for top in (addressed("assets/"), *folders(digest), f"{folder(digest)}../"):
        yield from _files(site, f"{top}**/*")


def _files(site: Path, pattern: str) -> list[str]:
    found = {path.resolve() for path in site.glob(pattern) if path.is_file()}
    return sorted(path.relative_to(site.resolve()).as_posix() for path in found)


def integrity(file: Path) -> str:
    """The hash of a file, as browsers write one."""
    return f"sha256-{base64.b64encode(hashlib.sha256(file.read_bytes()).digest()).decode()}"
