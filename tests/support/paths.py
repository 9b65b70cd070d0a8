"""Folders that tests read from."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
POLICIES = TESTS / "policies"
"""Policies of several shops, and `frozen.yaml`, a copy of the live policy that never changes."""
SUPPORT = TESTS / "support"


def file_contents(folder: Path) -> dict[str, bytes]:
    """The bytes of each file in a folder, by its path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
