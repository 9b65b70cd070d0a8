"""The summary of a run shows what its tests counted, in however many processes they ran."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

TESTS = """\
import pytest

@pytest.mark.parametrize("cases", [1000, 200])
def test_counts(cases, record_counts):
    record_counts({"cases": cases, "seconds": 0.5})

@pytest.fixture
def attempts(record_counts):
    yield
    record_counts({"attempts": 7})

def test_counts_and_fails(attempts):
    assert not "this fails"

def test_counts_nothing(record_property):
    record_property("cases", "of another plugin")
"""


def test_counts_of_two_processes_are_summed_by_name_and_printed(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(TESTS, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.support.counts", "-p", "no:cacheprovider", "-n", "2"],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
    )
    head, _, printed = done.stdout.partition(" counted ")
    assert head, done.stderr
    assert [line for line in printed.splitlines() if line.startswith("  ")] == [
        "        7  attempts",
        "    1,200  cases",
        "      1.0  seconds",
    ]
