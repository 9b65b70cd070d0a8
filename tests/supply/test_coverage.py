"""The deterministic tests alone run every branch of the checker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from macros.project import ROOT

TESTS = (
    *("unit/test_amounts", "unit/test_answer_kinds", "unit/test_api", "unit/test_archive", "unit/test_calendar_entry"),
    "unit/test_colour_profile",
    *("unit/test_counterfactuals", "unit/test_dates", "unit/test_decide"),
    *("unit/test_dialog", "unit/test_durations", "unit/test_explanation", "unit/test_holidays", "unit/test_letter"),
    *("unit/test_messages", "unit/test_ordering", "unit/test_parse_answers", "unit/test_permalink"),
    *("unit/test_pictures", "unit/test_response", "unit/test_headline"),
    *("unit/test_timeline", "unit/test_day_by_day", "unit/test_timeline_situations", "unit/test_windows"),
    *("property/test_cover", "property/test_diagram"),
)
"""The tests of the checker's modules."""


def covered(tests: Sequence[str], to: Path) -> dict[str, Any]:
    """The branch coverage of the checker by these tests without their random ones, in another process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    counting = ["--branch", "--source=checker", "--omit=*/published.py", f"--out={to / 'found'}", "--json"]
    options = ["-q", "-p", "no:cacheprovider", "-m", "not hypothesis and not browser"]
    files = [f"tests/{name}.py" for name in tests]
    done = subprocess.run(
        [sys.executable, "-m", "slipcover", *counting, "-m", "pytest", *options, *files],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout
    return dict(json.loads((to / "found").read_text(encoding="utf-8")))


def missing(coverage: dict[str, Any]) -> dict[str, tuple[list[int], list[list[int]]]]:
    """The lines and branches without coverage, by file."""
    files = coverage["files"].items()
    gaps = {name: (file["missing_lines"], file["missing_branches"]) for name, file in files}
    return {name: gap for name, gap in gaps.items() if any(gap)}


@pytest.mark.deep
def test_checker_tests_cover_every_branch(tmp_path: Path) -> None:
    coverage = covered(TESTS, tmp_path)
    files = {file.relative_to(ROOT).as_posix() for file in (ROOT / "checker").rglob("*.py")}
    assert {*coverage["files"]} == files - {"checker/published.py"}
    assert missing(coverage) == {}


def test_uncovered_branch_is_found(tmp_path: Path) -> None:
    coverage = covered(["unit/test_dates"], tmp_path)
    assert coverage["summary"]["missing_branches"] > 0
    assert "checker/values/durations.py" in missing(coverage)
