"""Queries to git about the project's history."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_REPOSITORY_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR")
"""Environment variables that select another repository than the folder's. Git sets them for its hooks."""
_TRUST_COMMAND = re.compile(r"git config --global --add safe\.directory .+")


class GitError(Exception):
    """Git gave no answer. The message is a sentence that begins with "git", with advice if there is any."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository that a folder belongs to."""

    folder: Path

    def commit(self, revision: str) -> str | None:
        """The full hash of the commit that a revision names; None if there is none. Raises GitError."""
        return self.object(f"{revision}^{{commit}}")

    def object(self, name: str) -> str | None:
        """The full hash of an object, as of ``revision:path``; None if there is none. Raises GitError."""
        output = self.run("rev-parse", "--verify", "--quiet", name)
        return output.decode().strip() if output else None

    def holds(self, branch: str, commit: str) -> bool:
        """Whether a branch contains a commit. Raises GitError."""
        return self.run("merge-base", "--is-ancestor", commit, branch) is not None

    def is_shallow(self) -> bool:
        """Whether the clone lacks a part of the history. Raises GitError."""
        return self.run("rev-parse", "--is-shallow-repository") == b"true\n"

    def run(self, *command: str) -> bytes | None:
        """The output of a read-only git command; None if its status is 1 without an error message.

        Raises GitError if git is not installed, the folder belongs to no repository, or git refuses to answer.
        """
        environment = {name: value for name, value in os.environ.items() if name not in _REPOSITORY_VARIABLES}
        try:
            process = subprocess.run(
                ["git", "-C", self.folder, *command],
                env=environment | {"GIT_OPTIONAL_LOCKS": "0"},
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            raise GitError("git is not installed.") from None
        if process.returncode == 0:
            return process.stdout
        error = process.stderr.decode(errors="replace").strip()
        if process.returncode == 1 and not error:
            return None
        folder = self.folder.resolve()
        if not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
            raise GitError(f"git finds no repository in {folder}.")
        sentence = error.partition("\n")[0].removeprefix("fatal: ").removeprefix("error: ").rstrip(".")
        trust = _TRUST_COMMAND.search(error)
        advice = f" If you trust this folder, run `{trust[0]}`." if trust else ""
        raise GitError(f"git refuses: {sentence}.{advice}")
