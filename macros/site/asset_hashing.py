"""Names what lies in docs/assets by its content: browsers may keep it for ever, and never mix two builds."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from macros.project import ROOT

FOLDER = "assets/"
NAMED = ("checker/", "memory/", "runtime/")
"""The other folders of the site in which every file is named by what is in it."""


def addressed(path: str, docs: Path = ROOT / "docs") -> str:
    """Where in the site a file of docs/assets is; `path` and the address start with ``assets/``."""
    return f"{FOLDER}{_mark(docs / FOLDER)}/{path.removeprefix(FOLDER)}"


def rename(files: Files, config: MkDocsConfig) -> None:
    """Puts our files where their addresses say; those of the theme have such names already."""
    for file in list(files):
        if file.src_dir == config.docs_dir and file.src_uri.startswith(FOLDER):
            files.remove(file)
            new = File(
                file.src_uri,
                file.src_dir,
                config.site_dir,
                config.use_directory_urls,
                dest_uri=addressed(file.src_uri),
            )
            files.append(new)


def _mark(folder: Path) -> str:
    """Eight digits that are others as soon as anything in the folder is."""
    parts = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, content = file.relative_to(folder).as_posix(), file.read_bytes()
        parts.update(f"{name}\0{len(content)}\0".encode() + content)
    return parts.hexdigest()[:8]
