"""git, as tests use it: with an author of their own, whoever runs them."""

from __future__ import annotations

import subprocess
from pathlib import Path


def git(folder: Path, *command: str) -> str:
    """The output of a command of git in a folder, without the blank at its end. Raises CalledProcessError."""
    identity = ["-c", "user.name=Editor", "-c", "user.email=editor@shop.example", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *command], cwd=folder, capture_output=True, check=True, text=True)
    return done.stdout.strip()
