"""Offline use: the service worker sw.js with its precache, and the web manifest manifest.json for home screens."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from checker.policy import Policy
from macros.hashes import sha256_base64
from macros.project import ROOT
from macros.site.asset_hashing import ASSETS, HASHED_FOLDERS, hashed_path
from macros.site.asset_manifest import STYLES
from macros.site.csp import CHECK_PAGE

HERE = Path(__file__).parent
CONNECTION = ROOT / "docs" / "assets" / "site" / "connection.js"
WORKER = "sw.js"
"""Browsers look here for a newer version: the address must never change, and the file must always exist."""
WEB_MANIFEST = "manifest.json"

NOT_FOUND = "404.html"
PAGES = ("index.html", "*/index.html", NOT_FOUND)
PARTS = ("assets/**/*", "accent/*", "bundle.json", WEB_MANIFEST)
"""All that a page may ask for."""
SCRIPTS = ("assets/**/*.js", "assets/site.css", "assets/dark.css", *STYLES)
"""The scripts and styles of the customers' pages."""
SNAPSHOT = ("snapshot/**/*",)
SOURCES = ("runtime/**/*", "checker/**/*")
"""The files that the checker starts from, without a snapshot."""


def write_web_manifest(policy: Policy, site: Path) -> None:
    """Writes the site's name and icons for a home screen: the shop's logo, or else the site's own signs.

    Without an `id` browsers use the start address: an `id` would be the same for two sites of one origin.
    """
    sizes = {"logo.svg": "any", "icon-192.png": "192x192", "icon-512.png": "512x512"}
    icons = [{"src": hashed_path(f"{ASSETS}{name}"), "sizes": size} for name, size in sizes.items()]
    icons.append({**icons[-1], "purpose": "maskable"})  # it has room around its sign; a logo may have none
    if policy.shop.logo:
        icons = [{"src": hashed_path(f"{ASSETS}{policy.shop.logo}"), "sizes": "any"}]
    manifest = {
        "start_url": "./",
        "scope": "./",
        "display": "minimal-ui",
        "lang": policy.language,
        "name": f"{policy.shop.brand} – {policy.title}" if policy.shop.brand else policy.title,
        "icons": icons,
    }
    (site / WEB_MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_service_worker(site: Path) -> None:
    """Writes sw.js, which precaches a whole built site. All other files must exist already."""
    files = {name: sha256_base64(file.read_bytes()) for name, file in precache(site).items()}
    version = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]
    connection = CONNECTION.read_text(encoding="utf-8").replace("export ", "")
    data = {
        "VERSION": version,
        "FILES": files,
        "HASHED_FOLDERS": [ASSETS, *HASHED_FOLDERS],
        "LOADED": [*_files(site, CHECK_PAGE, *_start(site))],
        "LATER": [*_files(site, *map(hashed_path, SCRIPTS), "accent/*", NOT_FOUND)],
        "NOT_FOUND": NOT_FOUND,
    }
    constants = "".join(f"const {name} = {json.dumps(value, indent=1)};\n" for name, value in data.items())
    script = (HERE / "offline.js").read_text(encoding="utf-8")
    (site / WORKER).write_text(f"{constants}\n{connection}\n{script}", encoding="utf-8")


def write_retired_worker(site: Path) -> None:
    """Writes a sw.js that deletes the caches of an earlier one and unregisters itself."""
    (site / WORKER).write_bytes((HERE / "offline_retired.js").read_bytes())


def precache(site: Path) -> dict[str, Path]:
    """The files that sw.js precaches, by address, the smallest first."""
    return _files(site, *PAGES, *PARTS, *_start(site))


def _start(site: Path) -> tuple[str, ...]:
    return SNAPSHOT if (site / "snapshot").is_dir() else SOURCES


def _files(site: Path, *patterns: str) -> dict[str, Path]:
    paths = {path for pattern in patterns for path in site.glob(pattern) if path.is_file() and path.suffix != ".map"}
    files = sorted(paths, key=lambda path: (path.stat().st_size, path))
    return {path.relative_to(site).as_posix().removesuffix("index.html") or "./": path for path in files}
