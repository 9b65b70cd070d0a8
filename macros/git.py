"""The project's history: what git answers, or a sentence that says why it gives no answer."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR")
"""Variables that would let git answer for another repository than that of the folder. Git sets them for its hooks."""
_TRUST = re.compile(r"git config --global --add safe\.directory .+")


class GitError(Exception):
    """Git gives no answer. The message is a sentence that begins with "git", and says what to do where we know it."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository that a folder belongs to."""

    folder: Path

    def commit(self, revision: str) -> str | None:
        """The full hash of the commit that a revision names; None if there is none. Raises GitError."""
        return self.object(f"{revision}^{{commit}}")

    def object(self, name: str) -> str | None:
        """The full hash of an object, as of ``revision:path``; None if there is none. Raises GitError."""
        found = self.run("rev-parse", "--verify", "--quiet", name)
        return found.decode().strip() if found else None

    def holds(self, branch: str, commit: str) -> bool:
        """Whether a commit is the last one of a branch, or one before it. Raises GitError."""
        return self.run("merge-base", "--is-ancestor", commit, branch) is not None

    def is_shallow(self) -> bool:
        """Whether a part of the history was not fetched. Raises GitError."""
        return self.run("rev-parse", "--is-shallow-repository") == b"true\n"

    def run(self, *command: str) -> bytes | None:
        """The output of a command of git that writes nothing; None if it says no, which is the status 1 in silence.

        Raises:
            GitError: Git is not installed, the folder belongs to no repository, or git refuses to answer.
        """
        environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        try:
            done = subprocess.run(
                ["git", "-C", self.folder, *command],
                env=environment | {"GIT_OPTIONAL_LOCKS": "0"},
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            raise GitError("git is not installed.") from None
        if done.returncode == 0:
            return done.stdout
        said = done.stderr.decode(errors="replace").strip()
        if done.returncode == 1 and not said:
            return None
        folder = self.folder.resolve()
        if not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
            raise GitError(f"git finds no repository in {folder}.")
        sentence = said.partition("\n")[0].removeprefix("fatal: ").removeprefix("error: ").rstrip(".")
        trust = _TRUST.search(said)
        advice = f" If you trust this folder, run `{trust[0]}`." if trust else ""
        raise GitError(f"git refuses: {sentence}.{advice}")
