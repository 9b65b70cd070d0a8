"""The list of the files that a browser runs: which of them other pages prefetch, and the hash of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from macros.hashes import integrity
from macros.runtime.bundle import bundle_folders
from macros.runtime.snapshot import SNAPSHOT, WASM, snapshot_folder
from macros.site.asset_hashing import hashed_path

MANIFEST = "bundle.json"
"""The list in the site. All its addresses are relative to the site's root:

`digest`     of the policy and of the checker's code
`prefetch`   the check page and the files that it asks for, in this order
`integrity`  each file whose address names its content, with its hash as Subresource Integrity writes it
"""
STYLES = ("assets/check.css", "assets/result.css")
"""The style sheets of the check page alone."""


def write_manifest(digest: str, site: Path) -> None:
    """Writes the list into a built site that has the bundle with this digest. Raises BundleError without a runtime."""
    hashed_folders = (hashed_path("assets/"), *bundle_folders(digest), f"{snapshot_folder(digest)}../")
    files = (name for folder in hashed_folders for name in _files(site, f"{folder}**/*"))
    hashes = {name: integrity((site / name).read_bytes()) for name in files}
    manifest = {"digest": digest, "prefetch": ["check/", *_prefetch(digest, site)], "integrity": hashes}
    (site / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _prefetch(digest: str, site: Path) -> Iterator[str]:
    snapshot = snapshot_folder(digest)
    parts = [f"{snapshot}{name}" for name in ("worker.js", f"../{WASM}", SNAPSHOT)]
    if not (site / snapshot).is_dir():  # a draft starts from the sources
        parts = [f"{folder}*" for folder in bundle_folders(digest)]
    for pattern in (hashed_path("assets/check/*.js"), *map(hashed_path, STYLES), *parts):
        yield from _files(site, pattern)


def _files(site: Path, pattern: str) -> list[str]:
    paths = {path.resolve() for path in site.glob(pattern) if path.is_file()}
    return sorted(path.relative_to(site.resolve()).as_posix() for path in paths)
