"""Folders that tests read from."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parent
POLICIES = TESTS / "policies"
"""Policies of several shops, and `frozen.yaml`, a copy of the live policy that never changes."""
SUPPORT = TESTS / "support"
