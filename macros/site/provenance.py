"""Which commit a site is made of, and what each of its files is: so that anyone can make it again and compare."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from macros.git import GitError, Repository
from macros.project import ROOT
from macros.site.asset_manifest import integrity

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


@dataclass(frozen=True, slots=True)
class Provenance:
    """The commit that a site is made of, or the reason why it names none."""

    commit: str | None
    reason: str = ""
    """A sentence without a capital letter."""

    def __str__(self) -> str:
        """One sentence for whoever builds the site."""
        return f"It names the commit {self.commit}." if self.commit else f"It names no commit: {self.reason}"


def provenance(site: Path | None = None, root: Path = ROOT) -> Provenance:
    """The commit that holds just the files of a project.

    Args:
        site: A folder whose files do not count, because the site is built into it.
        root: The folder of the project.
    """
    if not (root / ".git").exists():
        named = (root / MARK).read_text(encoding="utf-8").strip() if (root / MARK).exists() else ""
        neither = f"{root} is neither a clone of git nor an archive that git made of a commit."
        return Provenance(named) if is_commit(named) else Provenance(None, neither)
    repository = Repository(root)
    paths = [":/"]
    if site and site.resolve().is_relative_to(root.resolve()):
        paths.append(f":(top,exclude,literal){site.resolve().relative_to(root.resolve()).as_posix()}")
    try:
        head = repository.commit("HEAD")
        # Settings of the user may let git leave out new files, and put two names into one entry.
        status = repository.run("status", "--porcelain", "--untracked-files=normal", "--no-renames", "-z", "--", *paths)
    except GitError as error:
        return Provenance(None, str(error))
    changed = [entry[3:] for entry in (status or b"").decode(errors="replace").split("\0") if entry]
    if changed:
        count = len(changed) - 1
        more = f", nor {'are' if count > 1 else 'is'} {count} more file{'s' if count > 1 else ''}" if count else ""
        return Provenance(None, f"{changed[0]!r} is in no commit as it is here{more}. Commit, then build again.")
    return Provenance(head) if head else Provenance(None, "nothing was committed yet.")


def is_commit(text: str) -> bool:
    """Whether a text has the form of a commit's full hash."""
    return _COMMIT.fullmatch(text) is not None


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
