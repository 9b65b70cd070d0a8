"""Which commit a site is made of, and what each of its files is: so that anyone can make it again and compare."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

from macros.manifest import integrity
from macros.project import ROOT

FILE = "files.json"
"""Where a site says what it is made of, and lists itself:

`commit`   what it was built from; null where no commit holds just these files, and for drafts
`options`  how it was built: what was added to `policy build`
`address`  the address that it was built for; empty for any
`files`    each other file, with its hash as browsers write one
"""

MARK = ".commit"
"""A file into which `git archive` writes the commit: an unpacked archive has no other way to know it."""

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def commit(root: Path = ROOT) -> str | None:
    """The commit that holds just the files of this folder; None where something was changed, or nothing tells."""
    if not (root / ".git").exists():
        named = (root / MARK).read_text(encoding="utf-8").strip() if (root / MARK).exists() else ""
        return named if _COMMIT.fullmatch(named) else None
    changed, head = _git(root, "status", "--porcelain"), _git(root, "rev-parse", "HEAD")
    return head if changed == "" else None


def named_commit(site: Path) -> str | None:
    """The commit that a site names."""
    listed: dict[str, str | None] = json.loads((site / FILE).read_text(encoding="utf-8"))
    return listed["commit"]


def write_files(site: Path, commit: str | None, options: list[str]) -> None:
    """Writes the list into a site in which nothing will be changed any more."""
    (site / FILE).unlink(missing_ok=True)
    names = sorted(file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file())
    listed = {
        "commit": commit,
        "options": options,
        "address": os.environ.get("SITE_URL", ""),  # as mkdocs.yml reads it
        "files": {name: integrity(site / name) for name in names},
    }
    (site / FILE).write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


def _git(root: Path, *arguments: str) -> str | None:
    """What git says; None where it fails, or is not there."""
    try:
        done = subprocess.run(
            ["git", "-C", root, *arguments],
            env=os.environ | {"GIT_OPTIONAL_LOCKS": "0"},
            capture_output=True,
            encoding="utf-8",
        )
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
