"""What makes the site an app: it works without a network (sw.js), and can be put on a home screen (manifest.json)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from checker.policy import Policy
from macros.project import ROOT
from macros.site.asset_hashing import FOLDER, NAMED, addressed

HERE = Path(__file__).parent
CONNECTION = ROOT / "docs" / "assets" / "frame" / "connection.js"
WORKER = "sw.js"
"""Where browsers look for a newer version: this address must never change, nor its file be left out."""
MANIFEST = "manifest.json"

PARTS = ("assets/**/*", "memory/**/*", "search/*.json", "bundle.json", MANIFEST)
"""What is kept besides the pages: all that a page may ask for."""
SOURCES = ("runtime/**/*", "checker/**/*")
"""What the checker starts from when there is no memory."""
NEVER = ("*.map",)
"""For development."""


def write_web_manifest(policy: Policy, site: Path) -> None:
    """Writes the site's name and its icons, for a home screen.

    It names no `id`, so browsers take the start of the site: an `id` would be the same for two sites of one origin.
    """
    sizes = {"logo.svg": "any", "icon-192.png": "192x192", "icon-512.png": "512x512"}
    icons = [{"src": addressed(f"assets/{name}"), "sizes": size} for name, size in sizes.items()]
    manifest = {
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "lang": policy.language,
        "name": policy.title,
        "icons": [*icons, {**icons[-1], "purpose": "maskable"}],
    }
    (site / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_service_worker(site: Path) -> None:
    """Writes sw.js, which keeps the whole of a built site on a device. All other files must be there already."""
    files = {name: _sha256(file) for name, file in kept(site).items()}
    version = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]
    connection = CONNECTION.read_text(encoding="utf-8").replace("export ", "")
    data = {"VERSION": version, "FILES": files, "NAMED": [FOLDER, *NAMED]}
    told = "".join(f"const {name} = {json.dumps(value, indent=1)};\n" for name, value in data.items())
    script = (HERE / "offline.js").read_text(encoding="utf-8")
    (site / WORKER).write_text(f"{told}\n{connection}\n{script}", encoding="utf-8")


def write_ended(site: Path) -> None:
    """Writes a sw.js that takes back what an earlier one keeps."""
    (site / WORKER).write_bytes((HERE / "offline_ended.js").read_bytes())


def kept(site: Path) -> dict[str, Path]:
    """The files that a device keeps, by their addresses: the small ones come first."""
    found = {path for pattern in _patterns(site) for path in site.glob(pattern) if path.is_file()}
    left_out = {path for pattern in NEVER for path in site.rglob(pattern)}
    files = sorted(found - left_out, key=lambda path: (path.stat().st_size, path))
    return {path.relative_to(site).as_posix().removesuffix("index.html") or "./": path for path in files}


def _patterns(site: Path) -> Iterator[str]:
    yield from ("index.html", "*/index.html", *PARTS)
    if not (site / "memory").is_dir():
        yield from SOURCES


def _sha256(file: Path) -> str:
    return base64.b64encode(hashlib.sha256(file.read_bytes()).digest()).decode()
