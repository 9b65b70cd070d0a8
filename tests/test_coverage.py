"""Plain tests alone run every branch of the checker: no fault can stand where nobody has looked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reliance import report

from macros.load import ROOT

TESTS = (
    *("amounts", "answers", "appointment", "browser_door", "calendar", "casefile", "changes", "cubes", "dates"),
    *("decide", "diagram", "explain", "flow", "letter", "link", "order", "pictures", "reply", "statutory", "table"),
    "timeline",
)
"""Those of the checker's modules."""


def covered(tests: Sequence[str], to: Path) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """What these tests run of the checker: those that try nothing at random, in a process of their own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV"))}
    files = [f"tests/test_{name}.py" for name in tests]
    options = ["-q", "-p", "no:cacheprovider", "-m", "not hypothesis and not browser", "--cov"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--cov-report=term", f"--cov-report=json:{to / 'found'}", *files],
        cwd=ROOT,
        env=environment | {"COVERAGE_FILE": str(to / "data")},
        capture_output=True,
        encoding="utf-8",
    )
    return done, json.loads((to / "found").read_text(encoding="utf-8"))["totals"]


def test_the_checkers_tests_run_every_branch_of_it(tmp_path: Path) -> None:
    done, totals = covered(TESTS, tmp_path)
    assert done.returncode == 0, done.stdout
    report("coverage", {name: totals[name] for name in ("num_statements", "num_branches", "percent_covered")})


def test_a_branch_that_no_test_runs_is_found(tmp_path: Path) -> None:
    done, totals = covered(["dates"], tmp_path)
    assert done.returncode == 1
    assert "Required test coverage of 100.0% not reached" in done.stdout
    assert totals["missing_branches"] > 0
