"""Asset hashing: the files of docs/assets in a folder named by their hash, so that caches never mix two builds."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from macros.hashes import fingerprint
from macros.project import ROOT
from macros.site.minify import MINIFIED, minify

ASSETS = "assets/"
HASHED_FOLDERS = ("accent/", "checker/", "snapshot/", "runtime/")
"""The other folders of the site in which addresses name the content."""


def hashed_path(path: str, docs: Path = ROOT / "docs") -> str:
    """The path in the site of a file of docs/assets; both paths start with ``assets/``."""
    folder = docs / ASSETS
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    hash_ = fingerprint((file.relative_to(folder).as_posix(), content(file)) for file in files)
    return f"{ASSETS}{hash_}/{path.removeprefix(ASSETS)}"


def content(file: Path) -> bytes:
    """A file of docs/assets as the site has it."""
    data = file.read_bytes()
    return minify(data.decode(), file.suffix).encode() if file.suffix in MINIFIED else data


def move_assets(files: Files, config: MkDocsConfig) -> None:
    """Moves our assets to their hashed paths; the theme's have hashes in their names already."""
    for file in list(files):
        if file.src_dir == config.docs_dir and file.src_uri.startswith(ASSETS):
            files.remove(file)
            path = Path(config.docs_dir, file.src_uri)
            files.append(File.generated(config, hashed_path(file.src_uri), content=content(path)))
