"""The commit that a site is built from, and the hash of each file: so anyone can rebuild the site and compare."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from macros.git import GitError, Repository
from macros.hashes import integrity
from macros.project import ROOT

FILE_LIST = "files.json"
"""A site's `FileList`, in the site."""

COMMIT_FILE = ".commit"
"""A file into which `git archive` writes the commit: an unpacked archive cannot know it otherwise."""

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class FileList:
    """The list of a site's files, and how it was built."""

    commit: str | None
    """Null if no commit holds just these files, and for drafts."""
    options: list[str]
    """The options of `policy build`."""
    address: str
    """The address that it was built for; empty for any."""
    files: dict[str, str]
    """Each other file, with its hash as Subresource Integrity writes it."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """The commit that a site is built from, or the reason why there is none."""

    commit: str | None
    reason: str = ""
    """A sentence that begins with a small letter."""

    def __str__(self) -> str:
        """One sentence for the log of the build."""
        return f"It names the commit {self.commit}." if self.commit else f"It names no commit: {self.reason}"


def provenance(site: Path | None = None, root: Path = ROOT) -> Provenance:
    """The commit that holds exactly the files of a project, but for the folder `site`, which a build writes into."""
    if not (root / ".git").exists():
        commit = (root / COMMIT_FILE).read_text(encoding="utf-8").strip() if (root / COMMIT_FILE).exists() else ""
        neither = f"{root} is neither a clone of git nor an archive that git made of a commit."
        return Provenance(commit) if is_commit(commit) else Provenance(None, neither)
    repository = Repository(root)
    paths = [":/"]
    if site and site.resolve().is_relative_to(root.resolve()):
        paths.append(f":(top,exclude,literal){site.resolve().relative_to(root.resolve()).as_posix()}")
    try:
        head = repository.commit("HEAD")
        # The options override the user's settings, which may hide new files or join two names in one entry.
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
    """Writes the list of files, after all other changes to the site."""
    (site / FILE_LIST).unlink(missing_ok=True)
    names = sorted(file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file())
    files = {name: integrity((site / name).read_bytes()) for name in names}
    address = os.environ.get("SITE_URL", "")  # as mkdocs.yml reads it
    file_list = FileList(commit=commit, options=options, address=address, files=files)
    (site / FILE_LIST).write_text(json.dumps(asdict(file_list), indent=1) + "\n", encoding="utf-8")
